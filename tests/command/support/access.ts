// Cloudflare Access in front of the worker, as far as a command meets it: it exchanges a service token's two headers for
// the signed assertion that the worker verifies, and lets nobody else's pass. Can also play a gateway that fails.

import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const ID = "cf-access-client-id";
const SECRET = "cf-access-client-secret";

export class AccessProxy {
  /** What is answered in the worker's place, by the beginning of the path. */
  readonly answers = new Map<string, { status: number; body: unknown }>();
  /** What arrived from outside. */
  readonly requests: { method: string; path: string; headers: IncomingMessage["headers"] }[] = [];
  readonly #server = createServer((incoming, response) => this.#pass(incoming, response));

  /**
   * @param upstream - the worker's address.
   * @param token - the service token that is known here.
   * @param assertion - what Access makes of it.
   */
  constructor(
    private readonly upstream: string,
    private readonly token: { id: string; secret: string },
    private readonly assertion: string,
  ) {}

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

  #pass(incoming: IncomingMessage, response: ServerResponse): void {
    const path = incoming.url ?? "/";
    const { [ID]: id, [SECRET]: secret, host: _host, ...headers } = incoming.headers;
    this.requests.push({ method: incoming.method ?? "", path, headers: incoming.headers });
    const answer = [...this.answers].find(([beginning]) => path.startsWith(beginning))?.[1];
    if (answer || id !== this.token.id || secret !== this.token.secret) {
      const { status, body } = answer ?? { status: 403, body: { message: "Access knows no such service token." } };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      return;
    }
    const { hostname, port } = new URL(this.upstream);
    const outgoing = request(
      {
        hostname,
        port,
        path,
        method: incoming.method,
        headers: { ...headers, "cf-access-jwt-assertion": this.assertion },
      },
      (upstream) => {
        response.writeHead(upstream.statusCode ?? 502, upstream.headers);
        upstream.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  }
}
