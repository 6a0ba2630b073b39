// A server on loopback that accepts every reset at once, and remembers when the first request arrived.

import { createServer } from "node:http";

/** Epoch milliseconds, with fractions: comparable between processes of one machine. */
export const now = () => performance.timeOrigin + performance.now();

export async function startServer() {
  /** @type {number | undefined} */
  let arrivedAt;
  const server = createServer((request, response) => {
    if (request.method === "POST") arrivedAt ??= now();
    request.resume();
    request.on("end", () => {
      response.writeHead(200, {
        "x-request-id": "4f0f8a2e-7a35-4b0e-9f53-1f2f3b5a6c7d",
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "*",
      });
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    basePath: `http://127.0.0.1:${address.port}/v1`,
    /**
     * Does `work`, which waits for the answer to its reset itself, and tells when that reset arrived. There is nothing
     * to wait for afterwards: work that sent no reset has failed.
     *
     * @template T
     * @param {() => Promise<T>} work
     */
    async arrivalDuring(work) {
      arrivedAt = undefined;
      const result = await work();
      if (arrivedAt === undefined) throw new Error("no reset was sent");
      return { at: /** @type {number} */ (arrivedAt), result };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
