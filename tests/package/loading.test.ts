// The WebAssembly is loaded once, when it is first needed, and a load that failed can be tried again.

import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { printed } from "./program.ts";

/** Counts what is compiled. */
const COUNTING = `
let loads = 0;
let failing = 0;
const own = WebAssembly.instantiate;
WebAssembly.instantiate = (...given) => {
  loads += 1;
  return failing-- > 0 ? Promise.reject(new WebAssembly.CompileError("out of memory")) : own(...given);
};
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

const counted = (program: string) => printed(`${COUNTING}\n${program}`, { env: { ORIGIN: origin } });

describe("the entry that carries the bytes", () => {
  test("loads nothing at import, and once for 20 first calls at the same time", async () => {
    const result = await counted(`
      const { configure, createClient, resetDevice } = await import("fireblocks-reset-device");
      const atImport = loads;
      const clients = await Promise.all(Array.from({ length: 20 }, () => createClient({ fetch })));
      const ids = await Promise.all(clients.map(reset));
      print({ atImport, loads, ids: new Set(ids).size });
    `);
    expect(result).toEqual({ atImport: 0, loads: 1, ids: 1 });
  });

  test("tries again after a load that failed", async () => {
    const result = await counted(`
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
    const result = await counted(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      await Promise.all(Array.from({ length: 20 }, () => init(process.env.ORIGIN + "/reset_device.wasm")));
      print({ loads, id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toEqual({ loads: 1, id: "request" });
  });

  test("takes a good address after one where nothing is", async () => {
    const result = await counted(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      const missing = await init(process.env.ORIGIN + "/missing.wasm").catch((error) => error.toJSON());
      const unreachable = await init("http://127.0.0.1:1/reset_device.wasm").catch((error) => error.toJSON());
      await init(process.env.ORIGIN + "/reset_device.wasm");
      print({ missing, unreachable, id: await reset(await createClient({ fetch })) });
    `);
    // A download may work later; nothing else that keeps the WebAssembly away ends by itself.
    const failed = { kind: "loading", outcome: "notSent", retryable: true };
    const missing = { ...failed, message: expect.stringContaining("missing.wasm has the status 404.") };
    expect(result).toEqual({
      missing: expect.objectContaining(missing),
      unreachable: expect.objectContaining(failed),
      id: "request",
    });
  });

  test("takes the bytes of a Blob, which has no status", async () => {
    const result = await counted(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      await init(await (await globalThis.fetch(process.env.ORIGIN + "/reset_device.wasm")).blob());
      print({ id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toEqual({ id: "request" });
  });

  test("takes the address that follows a call without one, in the same turn", async () => {
    const result = await counted(`
      const { createClient, init } = await import("fireblocks-reset-device/slim");
      const early = createClient({ fetch }).then(() => "made", told);
      await init(process.env.ORIGIN + "/reset_device.wasm");
      print({ early: await early, id: await reset(await createClient({ fetch })) });
    `);
    expect(result).toMatchObject({ id: "request" });
  });
});

test("what is required is the CommonJS form of each entry, whole", async () => {
  const result = await printed(
    `
    const name = "fireblocks-reset-device";
    const entries = ["", "/slim", "/gateway-api", "/button"].map((path) => name + path);
    const missing = [];
    for (const entry of entries) {
      if (!require.resolve(entry).endsWith(".cjs")) missing.push(entry);
      const required = Object.keys(require(entry));
      for (const member of Object.keys(await import(entry))) {
        if (!required.includes(member)) missing.push(entry + " " + member);
      }
    }
    print(missing);`,
    { nodeOptions: ["--no-experimental-require-module"] },
  );
  expect(result).toEqual([]);
});
