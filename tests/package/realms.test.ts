// What comes from another realm (a frame, a `vm` context, the globals of a test environment) is known by what it is, and
// not by whose class made it. The package is loaded into one here as test runners do it: as CommonJS, in a context.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { TextDecoder, TextEncoder } from "node:util";
import vm from "node:vm";
import * as here from "fireblocks-reset-device";
import { Window } from "happy-dom";
import { beforeAll, describe, expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";

type Package = typeof here;

// It comes without types.
const { JSDOM } = createRequire(import.meta.url)("jsdom");

const pkg = join(repository, "pkg");

/** Runs a CommonJS module of the package, and those that it requires, in a context. */
function requireIn(context: vm.Context, file: string, loaded = new Map<string, { exports: unknown }>()): Package {
  const known = loaded.get(file);
  if (known) return known.exports as Package;
  const module = { exports: {} };
  loaded.set(file, module);
  const source = `(function (module, exports, require) {${readFileSync(file, "utf8")}\n})`;
  const run = vm.runInContext(source, context, { filename: file });
  run(module, module.exports, (path: string) => requireIn(context, resolve(dirname(file), path), loaded));
  return module.exports as Package;
}

const accepted = async () => new Response(null, { headers: { "X-Request-ID": "request" } });
const signature = new Uint8Array(256);

/** A page of jsdom's, and the context that its scripts run in. */
const jsdomContext = (): { window: typeof globalThis; context: vm.Context } => {
  const dom = new JSDOM("", { url: "https://northwind.example/", runScripts: "outside-only" });
  return { window: dom.window, context: dom.getInternalVMContext() };
};

describe("in jsdom", () => {
  test("what it lacks is named, and it works once that is there, with all else as jsdom has it", async () => {
    const { context } = jsdomContext();
    // Jest's jsdom is an older one, which has none of these.
    for (const name of ["TextDecoder", "TextEncoder", "DecompressionStream", "Response", "Headers"])
      delete context[name];
    const there = requireIn(context, join(pkg, "index.cjs"));
    const error = await there.createClient().catch((thrown: unknown) => thrown as here.FireblocksError);
    expect(error).toMatchObject({ kind: "loading", outcome: "notSent" });
    expect((error as Error).message).toMatch(/There is no TextDecoder here: .*node:util/);

    Object.assign(context, { TextDecoder, TextEncoder });
    const client = await there.createClient({ fetch: accepted, basePath: "/v1" });
    expect(await client.resetDevice("user")).toMatchObject({ requestId: "request", attempts: 1 });
  });

  test("its signals, and Node's in it, abort", async () => {
    const { window, context } = jsdomContext();
    Object.assign(context, { TextDecoder, TextEncoder });
    const there = requireIn(context, join(pkg, "index.cjs"));
    const never = () => new Promise<Response>(() => {});
    for (const [{ createClient }, AbortController] of [
      [here, window.AbortController],
      [there, globalThis.AbortController],
    ] as const) {
      const client = await createClient({ fetch: never });
      const controller = new AbortController();
      const call = client.resetDevice("user", undefined, { signal: controller.signal as AbortSignal });
      setTimeout(() => controller.abort("enough"), 10);
      await expect(call).rejects.toMatchObject({ kind: "aborted", cause: "enough" });
    }
  });
});

describe("in a context of its own", () => {
  let context: vm.Context;
  let there: Package;

  beforeAll(() => {
    const globals = { TextDecoder, TextEncoder, URL, AbortController, performance, setTimeout, clearTimeout, atob };
    context = vm.createContext({ ...globals, crypto, fetch: accepted });
    there = requireIn(context, join(pkg, "index.cjs"));
  });

  test("errors are instances of the class on both sides, and of nothing else", async () => {
    const theirs = await there.resetDevice("user").catch((thrown: unknown) => thrown);
    const ours = await here.createClient({ basePath: "nowhere" }).catch((thrown: unknown) => thrown);
    expect(theirs).not.toBeInstanceOf(Error);
    for (const error of [theirs, ours]) {
      expect(error instanceof here.FireblocksError).toBe(true);
      expect(error instanceof there.FireblocksError).toBe(true);
      const copy = here.FireblocksError.from(JSON.parse(JSON.stringify(error)));
      expect(copy instanceof there.FireblocksError).toBe(true);
    }
    for (const other of [new Error("x"), { name: "FireblocksError", kind: "loading" }, null, undefined, "text"]) {
      expect(other instanceof here.FireblocksError).toBe(false);
    }
  });

  test("a class that extends the error's has instances of its own", () => {
    const Base = here.FireblocksError as unknown as new (facts: object) => Error;
    class Extended extends Base {}
    const json = { kind: "network", outcome: "notSent", message: "m", retryable: false, attempts: 0 };
    expect(new Extended(json) instanceof Extended).toBe(true);
    expect(new Extended(json) instanceof here.FireblocksError).toBe(true);
    expect(here.FireblocksError.from(json as here.FireblocksErrorJSON) instanceof Extended).toBe(false);
  });

  test("signatures are taken as any view or buffer", async () => {
    const make = vm.runInContext(
      "(size) => [new Uint8Array(size), new ArrayBuffer(size), new DataView(new ArrayBuffer(size))]",
      context,
    );
    for (const foreign of make(256)) {
      const client = await here.createClient({ apiKey: "key", secretKey: () => foreign, fetch: accepted });
      expect(await client.resetDevice("user")).toMatchObject({ requestId: "request" });
    }
    const client = await there.createClient({ apiKey: "key", secretKey: () => signature, fetch: accepted });
    expect(await client.resetDevice("user")).toMatchObject({ requestId: "request" });
  });

  test("a CryptoKey is one where the realm knows no such class, and what looks like one is none", async () => {
    expect(vm.runInContext("typeof CryptoKey", context)).toBe("undefined");
    const { privateKey } = await crypto.subtle.generateKey(
      { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
      false,
      ["sign"],
    );
    const client = await there.createClient({ apiKey: "key", secretKey: privateKey, fetch: accepted });
    expect(await client.resetDevice("user")).toMatchObject({ requestId: "request" });
    const { type, algorithm, usages } = privateKey;
    const alike = { type, algorithm, usages } as unknown as CryptoKey;
    await expect(there.createClient({ apiKey: "key", secretKey: alike })).rejects.toMatchObject({
      kind: "configuration",
    });
  });

  test("responses are those of whatever brought them", async () => {
    const foreign = new Window({ url: "https://northwind.example/" });
    const responses = [
      new foreign.Response("", { headers: { "X-Request-ID": "request" } }),
      { status: 200, headers: new Map([["x-request-id", "request"]]), text: async () => "" },
      vm.runInContext('({ status: 200, headers: [["X-Request-ID", "request"]], text: async () => "" })', context),
    ];
    for (const { createClient } of [here, there]) {
      for (const response of responses) {
        const client = await createClient({ fetch: async () => response as unknown as Response, maxRetries: 0 });
        expect(await client.resetDevice("user")).toMatchObject({ requestId: "request" });
      }
    }
    await foreign.happyDOM.close();
  });
});

describe("init takes of another realm", () => {
  const bytes = new Uint8Array(readFileSync(join(pkg, "reset_device.wasm")));
  const file = new Blob([bytes], { type: "application/wasm" });
  const sources: [string, (context: vm.Context) => unknown][] = [
    ["a compiled module", () => new WebAssembly.Module(bytes)],
    ["bytes", () => bytes],
    ["a buffer", () => bytes.buffer],
    ["a response", () => new Response(file)],
    ["a promise of a response", () => Promise.resolve(new Response(file))],
    ["an address", () => new URL("https://northwind.example/reset_device.wasm")],
    ["a jsdom address", () => new (jsdomContext().window.URL)("https://northwind.example/reset_device.wasm")],
  ];
  test.each(sources)("%s", async (_, source) => {
    const fetch = async (address: unknown) =>
      String(address) === "https://northwind.example/reset_device.wasm" ? new Response(file) : Response.error();
    const globals = { TextDecoder, TextEncoder, URL, AbortController, performance, setTimeout, clearTimeout, crypto };
    const context = vm.createContext({ ...globals, fetch });
    const there = requireIn(context, join(pkg, "slim.cjs"));
    await there.init(source(context) as string);
    expect(typeof (await there.createClient()).resetDevice).toBe("function");
  });
});
