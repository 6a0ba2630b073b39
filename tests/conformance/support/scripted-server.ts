// A server on loopback that records what arrives and answers with what a test gives it: for answers that Fireblocks
// does not send, but that proxies, portals and broken networks do.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface ReceivedRequest {
  /** `performance.now()` when its head arrived. */
  at: number;
  method: string;
  /** Path and query, byte for byte. */
  target: string;
  headers: IncomingMessage["headers"];
  body: string;
  bodySha256: string;
  /** The token's header and claims, where there was a token. */
  jwt?: { header: Record<string, unknown>; claims: Record<string, unknown> };
}

/** How one request is answered. */
export type Answer =
  | {
      status?: number;
      headers?: Record<string, string | string[]>;
      body?: string | Uint8Array;
      /** Milliseconds before the answer begins. */
      delayMs?: number;
      /** Leaves Node's own `Date` header out. */
      noDate?: boolean;
    }
  /** Closes the connection without an answer. */
  | "hangUp"
  /** Never answers. */
  | "never"
  | ((response: ServerResponse, request: ReceivedRequest) => void);

export interface ScriptedServer {
  /** With `/v1`. */
  basePath: string;
  requests: ReceivedRequest[];
}

/** A successful answer to `resetDevice`, as Fireblocks documents it. */
export const accepted: Answer = { status: 200, headers: { "X-Request-ID": "request-1" } };

/** Starts a server for one test. It gives its answers in order and repeats the last. */
export async function scriptedServer(...answers: [Answer, ...Answer[]]): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const at = performance.now();
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = received(incoming, Buffer.concat(chunks), at);
    const answer = answers[Math.min(requests.length, answers.length - 1)] as Answer;
    requests.push(request);
    give(answer, response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { basePath: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, requests };
}

function give(answer: Answer, response: ServerResponse, request: ReceivedRequest) {
  if (answer === "never") return;
  if (answer === "hangUp") {
    response.socket?.destroy();
    return;
  }
  if (typeof answer === "function") {
    answer(response, request);
    return;
  }
  const { status = 200, headers = {}, body = "", delayMs = 0, noDate = false } = answer;
  if (noDate) response.sendDate = false;
  setTimeout(() => response.writeHead(status, headers).end(body), delayMs);
}

function received(incoming: IncomingMessage, body: Buffer, at: number): ReceivedRequest {
  const { method = "", url = "", headers } = incoming;
  const token = headers.authorization?.match(/^Bearer ([^.]+)\.([^.]+)\.([^.]+)$/);
  return {
    at,
    method,
    target: url,
    headers,
    body: body.toString("utf8"),
    bodySha256: createHash("sha256").update(body).digest("hex"),
    ...(token ? { jwt: { header: decoded(token[1]), claims: decoded(token[2]) } } : {}),
  };
}

function decoded(part = ""): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}
