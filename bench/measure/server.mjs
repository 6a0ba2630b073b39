// A server on loopback that accepts every reset at once, and remembers when each request arrived.

import { createServer } from "node:http";

/** Epoch milliseconds, with fractions: comparable between processes of one machine. */
export const now = () => performance.timeOrigin + performance.now();

export async function startServer() {
  /** @type {((at: number) => void)[]} */
  const waiting = [];
  const server = createServer((request, response) => {
    const at = now();
    request.resume();
    request.on("end", () => {
      response.writeHead(200, {
        "x-request-id": "4f0f8a2e-7a35-4b0e-9f53-1f2f3b5a6c7d",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*",
      });
      response.end();
      if (request.method === "POST") waiting.shift()?.(at);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    basePath: `http://127.0.0.1:${address.port}/v1`,
    /** When the next reset arrives. @returns {Promise<number>} */
    arrival: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
