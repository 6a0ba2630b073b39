// A gateway that answers as a test tells it to, and the page that holds the button. What a real gateway answers is
// tested with the worker; here it is what the button makes of each answer.

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
const PAGE = (baseUrl: string) => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Button</title>
<script type="module" src="/pkg/button/index.js"></script>
<main><fireblocks-reset-device user-id="user-1" base-path="${baseUrl}/v1">Reset device</fireblocks-reset-device></main></html>`;

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export class TestGateway {
  /** The resets that arrived. */
  readonly resets: { key: string | undefined; body: unknown; origin: string | undefined }[] = [];
  /** How often the record was read. */
  reads = 0;
  session: Answer = { status: 200, body: { can: { reset: true }, workspace: { name: "Northwind Treasury" } } };
  users: Answer = { status: 200, body: { users: [USER] } };
  /** The answers to the resets, in order; the last one stays. `undefined` cuts the connection. */
  answers: (Answer | undefined)[] = [
    { status: 200, headers: { "x-request-id": "request-1", "x-reset-record": "record-1" } },
  ];
  record: Record<string, unknown> = { id: "record-1", state: "approvalRequested", open: true };
  /** How long the answer to a reset takes. */
  delayMs = 0;
  /** Other origins that may call. */
  allowed: string[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

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

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.url);
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
      return void response.writeHead(200, headers).end(PAGE(searchParams.get("gateway") ?? ""));
    }
    if (pathname.startsWith("/pkg/")) return sendFile(pathname, response);
    if (pathname === "/api/session") return send(response, this.session);
    if (pathname === "/v1/management/users") return send(response, this.users);
    if (pathname.startsWith("/api/resets/")) {
      this.reads += 1;
      return send(response, { status: 200, body: this.record });
    }
    if (pathname.endsWith("/reset_device")) {
      let text = "";
      for await (const chunk of request) text += chunk;
      const key = request.headers["idempotency-key"];
      await new Promise((resolve) => setTimeout(resolve, this.delayMs));
      this.resets.push({ key: String(key), body: text && JSON.parse(text), origin });
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
