// A page's own origin: the files of a folder, and Fireblocks' paths handed on to the simulator.

import { readFile } from "node:fs/promises";
import { createServer, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

export interface Site {
  url: string;
  close(): Promise<void>;
}

/**
 * @param folder - what is served.
 * @param upstream - the simulator's origin, which `/v1/…` goes to.
 * @param headers - of every file, for example a Content-Security-Policy.
 */
export async function serve(folder: string, upstream: string, headers: Record<string, string> = {}): Promise<Site> {
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://page");
    if (!pathname.startsWith("/v1/")) {
      void sendFile(join(folder, normalize(pathname === "/" ? "/index.html" : pathname)), headers, response);
      return;
    }
    const { hostname, port } = new URL(upstream);
    const outgoing = request(
      { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function sendFile(path: string, headers: Record<string, string>, response: ServerResponse): Promise<void> {
  try {
    const body = await readFile(path);
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", ...headers });
    response.end(body);
  } catch {
    response.writeHead(404, headers).end();
  }
}
