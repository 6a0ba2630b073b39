// A page in Chromium, at an origin that also hands out the task, takes the outcome, and hands Fireblocks' paths on to the
// simulator, as a gateway would.

import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";
import { Service } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";
import { findBrowser } from "../setup/browser.mjs";
import { removeFolder, temporaryFolder } from "./temporary.mjs";

const OUTCOME_MS = 60_000;

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
};

/** @typedef {{ receipt?: unknown, error?: string }} Outcome */

/**
 * Opens a page, which makes the task's reset by itself (tests/environments/common/page.js), and returns the receipt.
 *
 * @param {object} page
 * @param {string} page.path
 * @param {{ folder: string } | { origin: string }} page.from where its files are, or who serves them
 * @param {import("./simulator.mjs").Task} page.task
 * @param {string} page.simulator its origin
 * @returns {Promise<unknown>}
 */
export async function resetInPage({ path, from, task, simulator }) {
  /** @type {(outcome: Outcome) => void} */
  let tell = () => {};
  /** @type {Promise<Outcome>} */
  const told = new Promise((resolve) => {
    tell = resolve;
  });
  const server = createServer((incoming, response) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://page");
    if (pathname === "/environment/task") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(task));
    } else if (pathname === "/environment/outcome") {
      let body = "";
      incoming.on("data", (chunk) => {
        body += chunk;
      });
      incoming.on("end", () => {
        response.end();
        tell(JSON.parse(body));
      });
    } else if (pathname.startsWith("/v1/")) {
      handOn(simulator, incoming, response);
    } else if ("origin" in from) {
      handOn(from.origin, incoming, response);
    } else {
      void sendFile(
        join(from.folder, normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname)),
        response,
      );
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  try {
    return await outcomeIn(`http://127.0.0.1:${port}${path}`, told);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/**
 * @param {string} url
 * @param {Promise<Outcome>} told
 */
async function outcomeIn(url, told) {
  const browser = findBrowser();
  if (browser === undefined) throw new Failure("Chromium is not there. Name it in CHROME_PATH, or run npm run setup.");
  const profile = temporaryFolder("profile");
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--enable-logging=stderr"];
  const service = new Service(browser, [...args, `--user-data-dir=${profile}`, url]);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<Outcome>} */
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ error: "The page told nothing." }), OUTCOME_MS);
  });
  try {
    const { receipt, error } = await Promise.race([told, late]);
    if (error !== undefined) throw new Failure(error, { details: service.lastLines });
    return receipt;
  } finally {
    clearTimeout(timer);
    await service.stop();
    removeFolder(profile);
  }
}

/**
 * @param {string} origin
 * @param {import("node:http").IncomingMessage} incoming
 * @param {import("node:http").ServerResponse} response
 */
function handOn(origin, incoming, response) {
  const { method, url, headers } = incoming;
  const { hostname, port, host } = new URL(origin);
  const outgoing = request({ hostname, port, method, path: url, headers: { ...headers, host } }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.on("error", () => response.destroy());
  incoming.pipe(outgoing);
}

/**
 * @param {string} path
 * @param {import("node:http").ServerResponse} response
 */
async function sendFile(path, response) {
  try {
    const body = await readFile(path);
    response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}
