// Where a piece of the runtime is missing, the package takes another way or says which piece it is, and what to do; with
// an error of its own, wherever it is first needed. Importing it never throws.

import { expect, test } from "vitest";
import { printed } from "./program.ts";

/** Takes globals away, and gives them back. */
const REMOVAL = `
const without = async (names, work) => {
  const kept = names.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const name of names) delete globalThis[name];
  try {
    return await work();
  } catch (error) {
    return { own: error instanceof entry.FireblocksError, ...JSON.parse(JSON.stringify(error)) };
  } finally {
    for (const [name, descriptor] of kept) if (descriptor) Object.defineProperty(globalThis, name, descriptor);
  }
};
`;

/** What a runtime may lack, or a test's environment. */
const PIECES = [
  "WebAssembly",
  "TextDecoder",
  "TextEncoder",
  "DecompressionStream",
  "Response",
  "atob",
  "Blob",
  "Headers",
];
const BLOB_STREAM = 'Object.defineProperty(Blob.prototype, "stream", { value: undefined });';

const entries = [
  {
    name: "index.js",
    load: 'await import("fireblocks-reset-device")',
    init: "undefined",
    needs: ["WebAssembly", "TextDecoder", "TextEncoder", "DecompressionStream", "Response", "atob"],
  },
  {
    name: "index.cjs",
    load: 'require("fireblocks-reset-device")',
    nodeOptions: ["--no-experimental-require-module"],
    init: "undefined",
    needs: ["WebAssembly", "TextDecoder", "TextEncoder", "atob"],
  },
  {
    name: "slim.js",
    load: 'await import("fireblocks-reset-device/slim")',
    init: '(await import("node:fs")).readFileSync("pkg/reset_device.wasm")',
    needs: ["WebAssembly", "TextDecoder", "TextEncoder"],
  },
];

/** How the WebAssembly comes to be loaded first. */
const FIRST = {
  init: "entry.init(bytes)",
  createClient: "bytes ? entry.init(bytes).then(() => entry.createClient({ fetch })) : entry.createClient({ fetch })",
  inferProgress:
    'bytes ? entry.init(bytes).then(() => entry.inferProgress({ userId: "u", since: 0 })) : entry.inferProgress({ userId: "u", since: 0 })',
};

const failed = (name: string) => ({
  own: true,
  name: "FireblocksError",
  kind: "loading",
  outcome: "notSent",
  retryable: false,
  attempts: 0,
  message: expect.stringMatching(
    new RegExp(`^The WebAssembly could not be loaded\\. There is no ${name} here: .+\\. Nothing was sent\\.$`),
  ),
});

test.each(entries)("$name names each piece that it needs, and loads once it is there", async (entry) => {
  const { load, init, needs, nodeOptions = [] } = entry;
  const result = await printed(
    `${REMOVAL}
    const entry = ${load};
    const bytes = ${init};
    const found = {};
    for (const name of ${JSON.stringify(needs)}) {
      for (const [first, begin] of Object.entries({ ${Object.entries(FIRST).map(([name, begin]) => `${name}: () => ${begin}`)} })) {
        found[name + " " + first] = await without([name], begin);
      }
    }
    await entry.init(bytes);
    print({ found, id: await reset(await entry.createClient({ fetch })) });`,
    { nodeOptions },
  );
  const found = needs.flatMap((name) => Object.keys(FIRST).map((first) => [`${name} ${first}`, failed(name)]));
  expect(result).toEqual({ found: Object.fromEntries(found), id: "request" });
});

test.each(entries)("$name does without the others, at load and at the first call", async (entry) => {
  const { load, init, needs, nodeOptions = [] } = entry;
  const others = PIECES.filter((name) => !needs.includes(name));
  const result = await printed(
    `${REMOVAL}
    ${BLOB_STREAM}
    const entry = ${load};
    const bytes = ${init};
    const response = { status: 200, headers: new Headers({ "X-Request-ID": "request" }), body: null };
    const work = async () => {
      await entry.init(bytes);
      return reset(await entry.createClient({ fetch: async () => response }));
    };
    print(await without(${JSON.stringify(others)}, work));`,
    { nodeOptions },
  );
  expect(result).toBe("request");
});

test.each(entries)("$name is imported where all of them are missing, and says so at the first call", async (entry) => {
  const { load, init, nodeOptions = [] } = entry;
  const result = await printed(
    `${REMOVAL}
    const bytes = ${init};
    let entry;
    print(await without(${JSON.stringify(PIECES)}, async () => {
      entry = ${load};
      return ${FIRST.createClient};
    }));`,
    { nodeOptions },
  );
  expect(result).toEqual(failed("WebAssembly"));
});

test.each(PIECES)("without %s after the load a call ends as a success, or as an error of the package", async (name) => {
  const result = (await printed(
    `${REMOVAL}
    const entry = await import("fireblocks-reset-device");
    const client = await entry.createClient({ fetch: async () => response });
    const response = new Response("", { headers: { "x-request-id": "request" } });
    print(await without(["${name}"], () => client.resetDevice("user-1", "key-1")));`,
  )) as { own?: boolean; kind?: string };
  expect(result).toMatchObject(result.kind === undefined ? { requestId: "request" } : { own: true });
});

test("without fetch nothing was sent, and that is what is said", async () => {
  const result = await printed(
    `${REMOVAL}
    const entry = await import("fireblocks-reset-device");
    const client = await entry.createClient();
    print(await without(["fetch"], () => client.resetDevice("user-1", "key-1")));`,
  );
  expect(result).toMatchObject({ own: true, kind: "configuration", outcome: "notSent", attempts: 0 });
});
