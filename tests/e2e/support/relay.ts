/**
 * A relay between the worker and the simulator that can do what an attacker on the way could: change a body, or send
 * a request a second time.
 */
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Returns what is sent on in place of the body; `twice` sends it two times and answers with the second answer. */
export type Tampering = (request: IncomingMessage, body: Buffer) => { body?: Buffer; twice?: boolean } | undefined;

export class Relay {
  /** Undefined: everything goes through as it is. */
  tampering: Tampering | undefined;
  readonly #server = createServer();
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server.on("request", async (request, response) => {
      const original = await buffer(request);
      const { body = original, twice = false } = this.tampering?.(request, original) ?? {};
      if (twice) await this.#forward(request, body);
      const answer = await this.#forward(request, body);
      response.writeHead(answer.message.statusCode ?? 502, answer.message.headers).end(answer.body);
    });
  }

  static async start(target: string): Promise<Relay> {
    const relay = new Relay(target);
    await new Promise<void>((resolve) => relay.#server.listen(0, "127.0.0.1", resolve));
    return relay;
  }

  /** The worker's, with which its requests come by. */
  get settings(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return { FIREBLOCKS_RELAY_URL: `http://127.0.0.1:${port}`, FIREBLOCKS_RELAY_SECRET: "5e".repeat(32) };
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #forward(request: IncomingMessage, body: Buffer): Promise<{ message: IncomingMessage; body: Buffer }> {
    const { hostname, port } = this.#target;
    const headers = { ...request.headers, host: `${hostname}:${port}`, "content-length": String(body.byteLength) };
    delete headers["transfer-encoding"];
    return new Promise((resolve, reject) => {
      send({ hostname, port, method: request.method, path: request.url, headers }, async (message) =>
        resolve({ message, body: await buffer(message) }),
      )
        .on("error", reject)
        .end(body);
    });
  }
}
