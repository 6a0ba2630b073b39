// No key, token or PEM text is ever in an error, a log, an inspection or a memory that outlives its use.

import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect, promisify } from "node:util";
import { type Attempt, createClient, FireblocksError } from "fireblocks-reset-device";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { API_KEY, failureOf, signingClient, USER_ID } from "./support/clients.ts";
import { type Answer, accepted, scriptedServer } from "./support/scripted-server.ts";
import { usualPem } from "./support/secret-keys.ts";

const pem = usualPem();
/** A piece of the key's own base64, from its middle. */
const pemPiece = pem.split("\n")[8] as string;

/** Everything that a person or a log could see of a value. */
function visible(value: unknown): string {
  const deep = inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null });
  const own = typeof value === "object" && value !== null ? Object.getOwnPropertyNames(value).join(" ") : "";
  return [deep, own, String(value), JSON.stringify(value) ?? ""].join("\n");
}

function expectNoSecret(text: string) {
  expect(text).not.toContain(pemPiece);
  expect(text).not.toContain("PRIVATE KEY");
  expect(text).not.toMatch(/eyJ[\w-]{8}/);
  expect(text).not.toMatch(/Bearer/i);
  expect(text).not.toContain(API_KEY);
}

/** A server that repeats in its answer what it was sent, as some proxies do. */
const echo =
  (status: number): Answer =>
  (response, request) => {
    response.writeHead(status, { "Content-Type": "text/plain" }).end(`${request.headers.authorization}`);
  };

/** The same in the headers that a caller is told as they came. */
const echoInHeaders =
  (status: number): Answer =>
  (response, request) => {
    const token = `${request.headers.authorization}`;
    const told = ["X-Request-ID", "X-Reset-Record", "Fireblocks-Lifecycle-State", "Sunset", "Link"];
    response.writeHead(status, Object.fromEntries(told.map((name) => [name, token]))).end();
  };

describe("nothing that can be printed holds a secret", () => {
  const failures: [name: string, answer: Answer][] = [
    ["401", { status: 401, body: '{"message":"invalid signature","code":-1}' }],
    ["500", { status: 500 }],
    ["no answer", "hangUp"],
    ["time-out", "never"],
    ["redirect", { status: 302, headers: { Location: "https://a.example/" } }],
    ["an answer that echoes the token", echo(400)],
    ["a portal that echoes the token", echo(200)],
    ["an answer with the token in its headers", echoInHeaders(403)],
  ];
  test.each(failures)("%s: the error, its JSON, its stack, the attempts and the client", async (_, answer) => {
    const attempts: Attempt[] = [];
    const server = await scriptedServer(answer);
    const client = await signingClient(server, {
      timeoutMs: 1_000,
      maxRetries: 1,
      onAttempt: (attempt) => attempts.push(attempt),
    });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(attempts.length).toBeGreaterThan(0);
    for (const seen of [
      error,
      error.toJSON(),
      error.stack,
      error.cause,
      attempts,
      client,
      FireblocksError.from(error.toJSON()),
    ]) {
      expectNoSecret(visible(seen));
    }
    // The token was there to be leaked.
    expect(server.requests[0]?.headers.authorization).toMatch(/^Bearer eyJ/);
  });

  test("a receipt of an answer with the token in its headers", async () => {
    const attempts: Attempt[] = [];
    const client = await signingClient(await scriptedServer(echoInHeaders(200)), {
      onAttempt: (attempt) => attempts.push(attempt),
    });
    expectNoSecret(visible([await client.resetDevice(USER_ID), attempts]));
  });

  test("a key in the wrong place is not repeated by the refusal", async () => {
    const { basePath } = await scriptedServer(accepted);
    const wrongPlaces = [
      { basePath: pem },
      { basePath, apiKey: pem, secretKey: pem },
      { basePath, userAgent: pem },
      { basePath, headers: { "X-Key": pem } },
      { basePath, headers: { [pem]: "x" } },
      { basePath, apiKey: API_KEY, secretKey: pem.replace("PRIVATE KEY", "PUBLIC KEY") },
      { basePath, apiKey: API_KEY, secretKey: pem.slice(0, -200) },
    ];
    for (const config of wrongPlaces) {
      const error = await failureOf(createClient(config));
      expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
      expect(visible(error)).not.toContain(pemPiece);
    }
    const client = await signingClient({ basePath });
    for (const call of [
      () => client.resetDevice(pem),
      () => client.resetDevice(USER_ID, pem),
      () => client.getApproval(pem),
      () => client.rejectApproval(pem),
    ]) {
      expect(visible(await failureOf(call()))).not.toContain(pemPiece);
    }
  });

  test("the client writes nothing to the console", async () => {
    const spies = (["log", "info", "warn", "error", "debug", "trace"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore();
    });
    const client = await signingClient(await scriptedServer({ status: 503, headers: { "Retry-After": "0" } }));
    await failureOf(client.resetDevice(USER_ID));
    await failureOf(client.resetDevice(""));
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });

  test("the user's id and key are in the URL and header that are sent, and no secret is in the URL", async () => {
    const server = await scriptedServer(accepted);
    await (await signingClient(server)).resetDevice(USER_ID);
    expectNoSecret(server.requests[0]?.target ?? "");
  });
});

describe("the private key does not outlive its import", () => {
  test("neither its text is left in JavaScript's heap, nor its bytes in the WebAssembly's memory", async () => {
    const folder = mkdtempSync(join(tmpdir(), "conformance-key-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
    const program = `
      import { createClient } from "fireblocks-reset-device";
      import { createReadStream } from "node:fs";
      import { getHeapSnapshot } from "node:v8";
      const instantiate = WebAssembly.instantiate;
      let memory;
      WebAssembly.instantiate = async (...given) => {
        const made = await instantiate(...given);
        memory = (made.instance ?? made).exports;
        return made;
      };
      const read = async () => {
        const chunks = [];
        for await (const chunk of createReadStream(process.argv[1])) chunks.push(chunk);
        return Buffer.concat(chunks);
      };
      const make = async (secretKey) =>
        createClient({ basePath: "http://127.0.0.1:9/v1", apiKey: "k", secretKey, maxRetries: 0 });
      globalThis.kept = ["kept on purpose ", process.pid].join("");
      const client = await make((await read()).toString("latin1"));
      await client.resetDevice("u").catch(() => {});
      for (let turn = 0; turn < 5; turn++) { gc(); await new Promise((resolve) => setTimeout(resolve, 20)); }
      const heap = [];
      for await (const chunk of getHeapSnapshot()) heap.push(chunk);
      const inHeap = Buffer.concat(heap.map((chunk) => Buffer.from(chunk)));
      const exported = Object.values(memory).find((value) => value instanceof WebAssembly.Memory);
      const wasm = Buffer.from(exported.buffer);
      const pem = await read();
      const lines = pem.toString("latin1").split("\\n").slice(1, -2);
      const der = Buffer.from(lines.join(""), "base64");
      const has = (where, what) => where.includes(what);
      console.log(JSON.stringify({
        bytesLookedAt: wasm.length > 65536 && inHeap.length > 100000,
        // What is kept on purpose is found: the search works.
        searchWorks: has(inHeap, "kept on purpose " + process.pid) && has(wasm, "The secret key is empty."),
        textInHeap: lines.slice(2, 8).some((line) => has(inHeap, line)),
        textInWasm: lines.slice(2, 8).some((line) => has(wasm, line)),
        bytesInWasm: [200, 500, 800, 1000].some((at) => has(wasm, der.subarray(at, at + 24))),
      }));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--expose-gc", "--input-type=module", "--eval", program, join(folder, "key.pem")],
      { cwd: repository, timeout: 60_000 },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      bytesLookedAt: true,
      searchWorks: true,
      textInHeap: false,
      textInWasm: false,
      bytesInWasm: false,
    });
  }, 60_000);
});
