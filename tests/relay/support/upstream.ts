// What stands where Fireblocks is: HTTPS on this machine. It keeps what it is sent and answers as a test wants.

import { once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { type Certified, pemsOf } from "./authority.ts";

/** A request as it arrived, to the byte. */
export interface Received {
  method: string;
  target: string;
  headers: IncomingMessage["headers"];
  body: string;
  /** The name that the relay asked for in the TLS handshake. */
  serverName: string | false | null;
}

export type Answer = (response: ServerResponse, received: Received) => void;

const ok: Answer = (response) => void response.end("{}");

export class Upstream {
  readonly #server: Server;
  received: Received[] = [];
  answer: Answer = ok;

  private constructor(certified: Certified) {
    this.#server = createServer(pemsOf(certified), (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const received = {
          method: request.method ?? "",
          target: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(chunks).toString("utf8"),
          serverName: (request.socket as TLSSocket).servername,
        };
        this.received.push(received);
        this.answer(response, received);
      });
    });
  }

  static async start(certified: Certified): Promise<Upstream> {
    const upstream = new Upstream(certified);
    upstream.#server.listen(0, "127.0.0.1");
    await once(upstream.#server, "listening");
    return upstream;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Forgets what it was sent, and answers everything with an empty object again. */
  reset(): void {
    this.received = [];
    this.answer = ok;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** Hands everything on to a server without TLS: the simulator. */
export function handOnTo(origin: string): Answer {
  return (response, { method, target, headers, body }) => {
    const { hostname, port } = new URL(origin);
    const onward = request({ hostname, port, method, path: target, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    onward.end(body);
  };
}
