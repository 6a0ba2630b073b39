// A gateway that answers as a test tells it to, and the page that holds the button. What a real gateway answers is
// tested with the worker; here it is what the button makes of each answer.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { repository } from "../../../scripts/base/environment.mjs";

const USER = {
  id: "user-1",
  firstName: "Noor",
  lastName: "Haddad",
  email: "noor@example.com",
  role: "SIGNER",
  status: "READY",
};
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' http://127.0.0.1:*; " +
  "form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
const PAGE = (baseUrl: string, script: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Button</title>
${script}
<main><fireblocks-reset-device user-id="user-1" base-path="${baseUrl}/v1">Reset device</fireblocks-reset-device></main></html>`;

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** A reset that arrived. */
export interface ArrivedReset {
  /** What stands before `/v1` in its path. */
  gateway: string;
  userId: string;
  key: string;
  body: unknown;
  origin: string | undefined;
  /** How a client of the page's names itself. */
  client: string | undefined;
}

export class TestGateway {
  readonly resets: ArrivedReset[] = [];
  /** The ids of the records that were read, one for each time. */
  readonly recordsRead: string[] = [];
  session: Answer = { status: 200, body: { can: { reset: true }, workspace: { name: "Northwind Treasury" } } };
  users: Answer = { status: 200, body: { users: [USER, { ...USER, id: "user-2", firstName: "Omar" }] } };
  /** The answers to the resets, in order; the last one stays. `undefined` cuts the connection. */
  answers: (Answer | undefined)[] = [
    { status: 200, headers: { "x-request-id": "request-1", "x-reset-record": "record-1" } },
  ];
  record: Record<string, unknown> = { id: "record-1", state: "approvalRequested", open: true };
  /** What is answered in place of `record`, by the id that is asked for. */
  records: Record<string, Record<string, unknown>> = {
    "record-7": { id: "record-7", state: "approvalRequested", open: true },
    "record-8": { id: "record-8", state: "expired", open: false },
    "record-9": { id: "record-9", state: "approvalRequested", open: true },
  };
  /** What is answered to the next readings of a record, in its place. */
  refusals: Answer[] = [];
  /** How long the answer to a reset takes. */
  delayMs = 0;
  /** What the answers to look-ups, and those to resets, wait for. */
  held: { users?: Promise<void>; resets?: Promise<void> } = {};
  /** Other origins that may call. */
  allowed: string[] = [];
  /** How many requests wait for what is held. */
  holding = 0;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** How often a record was read. */
  get reads(): number {
    return this.recordsRead.length;
  }

  /** As at the start: what has arrived is forgotten, and what was told to be answered too. */
  forget(): void {
    Object.assign(this, { ...new TestGateway(), holding: this.holding });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Waits, but for nobody who has gone. */
  async #hold(response: ServerResponse, until: Promise<void> | undefined): Promise<void> {
    if (!until) return;
    this.holding += 1;
    await Promise.race([until, once(response, "close")]);
    this.holding -= 1;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams } = new URL(request.url ?? "/", this.url);
    // Two gateways in one: the second lies under /b.
    const [gateway, pathname] = path.startsWith("/b/") ? ["/b", path.slice(2)] : ["", path];
    const { origin } = request.headers;
    if (origin && this.allowed.includes(origin)) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("access-control-allow-credentials", "true");
      response.setHeader("access-control-allow-headers", "content-type, idempotency-key, accept");
      response.setHeader("access-control-expose-headers", "x-request-id, x-reset-record");
    }
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    if (pathname === "/") {
      const headers = { "content-type": "text/html", "content-security-policy": POLICY };
      const script = searchParams.has("plain") ? "" : '<script type="module" src="/pkg/button/index.js"></script>';
      return void response.writeHead(200, headers).end(PAGE(searchParams.get("gateway") ?? "", script));
    }
    if (pathname.startsWith("/pkg/")) return sendFile(pathname, response);
    if (pathname === "/api/session") return send(response, this.session);
    if (pathname === "/v1/management/users") {
      await this.#hold(response, this.held.users);
      return send(response, this.users);
    }
    if (pathname.startsWith("/api/resets/")) {
      const id = pathname.slice("/api/resets/".length);
      this.recordsRead.push(id);
      const refusal = this.refusals.shift();
      if (refusal) return send(response, refusal);
      return send(response, { status: 200, body: this.records[id] ?? { ...this.record, id } });
    }
    if (pathname.endsWith("/reset_device")) {
      let text = "";
      for await (const chunk of request) text += chunk;
      const { "idempotency-key": key, "x-client": client } = request.headers;
      const userId = decodeURIComponent(/users\/([^/]*)\//.exec(pathname)?.[1] ?? "");
      const body = text && JSON.parse(text);
      this.resets.push({ gateway, userId, key: String(key), body, origin, client: client && String(client) });
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      await this.#hold(response, this.held.resets);
      const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
      return answer ? send(response, answer) : void request.socket.destroy();
    }
    send(response, { status: 404, body: { message: "no such address", code: 404 } });
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

async function sendFile(pathname: string, response: ServerResponse): Promise<void> {
  const type = extname(pathname) === ".wasm" ? "application/wasm" : "text/javascript";
  const content = await readFile(join(repository, normalize(pathname))).catch(() => undefined);
  response.writeHead(content ? 200 : 404, { "content-type": type }).end(content);
}
