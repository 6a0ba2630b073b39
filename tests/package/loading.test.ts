// The WebAssembly is loaded once, when it is first needed, and a load that failed can be tried again. Each program is a
// process of its own, since what is loaded once in a process cannot be loaded again in it.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

/** Counts what is compiled, and answers every request as Fireblocks answers a reset that it takes. */
const PRELUDE = `
let loads = 0;
let failing = 0;
const own = WebAssembly.instantiate;
WebAssembly.instantiate = (...given) => {
  loads += 1;
  return failing-- > 0 ? Promise.reject(new WebAssembly.CompileError("out of memory")) : own(...given);
};
const fetch = async () => new Response(null, { headers: { "x-request-id": "request" } });
const reset = async (client) => (await client.resetDevice("user-1", "key-1")).requestId;
const told = (error) => ({ kind: error.kind, outcome: error.outcome });
const print = (value) => console.log(JSON.stringify(value));
`;

let server: Server;
let origin: string;

beforeAll(async () => {
  const wasm = readFileSync(join(repository, "pkg", "reset_device.wasm"));
  server = createServer((request, response) => {
    if (request.url !== "/reset_device.wasm") return void response.writeHead(404).end("no such file");
    response.writeHead(200, { "content-type": "application/wasm" }).end(wasm);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server?.close());

/** What a program prints. It stands in the repository, where the package is found by its name. */
async function printed(program: string): Promise<unknown> {
  const source = `${PRELUDE}\n${program}`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", source], {
    cwd: repository,
    env: { ...toolEnvironment(), ORIGIN: origin },
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

describe("the entry that carries the bytes", () => {
  test("loads nothing at import, and once for 20 first calls at the same time", async () => {
    const result = await printed(`
      const { configure, createClient, resetDevice } = await import("fireblocks-reset-device");
      const atImport = loads;
      const clients = await Promise.all(Array.from({ length: 20 }, () => createClient({ fetch })));
      const ids = await Promise.all(clients.map(reset));
      print({ atImport, loads, ids: new Set(ids).size });
    `);
    expect(result).toEqual({ atImport: 0, loads: 1, ids: 1 });
  });

  test("tries again after a load that failed", async () => {
    const result = await printed(`
      const { createClient } = await import("fireblocks-reset-device");
      failing = 1;
      const first = await Promise.all([1, 2, 3].map(() => createClient({ fetch }).catch(told)));
      const second = await reset(await createClient({ fetch }));
      print({ first, second, loads });
    `);
    const failed = { kind: "loading", outcome: "notSent" };
    expect(result).toEqual({ first: [failed, failed, failed], second: "request", loads: 2 });
  });
});

describe("the slim entry", () => {
  test("loads once for 20 calls of init at the same time", async () => {
    const result = await printed(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      await Promise.all(Array.from({ length: 20 }, () => init(process.env.ORIGIN + "/reset_device.wasm")));
      print({ loads, id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toEqual({ loads: 1, id: "request" });
  });

  test("takes a good address after one where nothing is", async () => {
    const result = await printed(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      const missing = await init(process.env.ORIGIN + "/missing.wasm").catch(told);
      await init(process.env.ORIGIN + "/reset_device.wasm");
      print({ missing, id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toEqual({ missing: { kind: "loading", outcome: "notSent" }, id: "request" });
  });

  test("takes the address that follows a call without one, in the same turn", async () => {
    const result = await printed(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      const early = createClient({ fetch }).then(() => "made", told);
      await init(process.env.ORIGIN + "/reset_device.wasm");
      print({ early: await early, id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toMatchObject({ id: "request" });
  });
});
