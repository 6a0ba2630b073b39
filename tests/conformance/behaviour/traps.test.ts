// A defect that breaks the WebAssembly off in the middle of a call: that call rejects, and the next one runs on a fresh
// instance. What stands for the defect is a function that the WebAssembly imports and that throws.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { failureOf, signingClient, USER_ID } from "../support/clients.ts";

afterEach(() => vi.restoreAllMocks());

/** A client without a network. */
const client = (fetch: typeof globalThis.fetch = async () => new Response(null, { status: 200 })) =>
  signingClient({ basePath: "http://127.0.0.1:9/v1" }, { maxRetries: 0, fetch });

/** The WebAssembly reads a response's headers. One that throws unwinds through its frames as a trap does. */
function trap() {
  return vi.spyOn(Headers.prototype, "get").mockImplementation(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
}

test("a call that is broken off rejects with what had left, and the next one works", async () => {
  const usual = await client();
  trap();
  const error = await failureOf(usual.resetDevice(USER_ID, "key-of-the-caller"));
  vi.restoreAllMocks();
  expect(error).toMatchObject({
    kind: "internal",
    outcome: "unknown",
    attempts: 1,
    idempotencyKey: "key-of-the-caller",
  });
  await expect(usual.resetDevice(USER_ID)).resolves.toMatchObject({ attempts: 1 });
});

test("a call that is broken off before it has sent anything says so", async () => {
  const usual = await client();
  vi.spyOn(performance, "now").mockImplementation(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
  const error = await failureOf(usual.resetDevice(USER_ID, "key-of-the-caller"));
  vi.restoreAllMocks();
  expect(error).toMatchObject({ kind: "internal", outcome: "notSent", attempts: 0 });
  await expect(usual.resetDevice(USER_ID)).resolves.toMatchObject({ attempts: 1 });
});

test("a call that is under way elsewhere goes on", async () => {
  let respond = (_: Response) => {};
  const responses = [
    new Promise<Response>((resolve) => {
      respond = resolve;
    }),
    Promise.resolve(new Response()),
  ];
  const usual = await client(() => responses.shift() as Promise<Response>);
  const underWay = usual.resetDevice(USER_ID, "k-1");
  await vi.waitFor(() => expect(responses).toHaveLength(1));
  const broken = trap();
  expect((await failureOf(usual.resetDevice(USER_ID, "k-2"))).kind).toBe("internal");
  broken.mockRestore();
  respond(new Response(null, { headers: { "X-Request-ID": "r" } }));
  await expect(underWay).resolves.toMatchObject({ requestId: "r", idempotencyKey: "k-1" });
});

test("what a client has learnt of the clock outlives the instance", async () => {
  const issued: number[] = [];
  const ahead = new Date(Date.now() + 600_000).toUTCString();
  const usual = await client(async (_, init) => {
    const { authorization = "" } = (init?.headers ?? {}) as Record<string, string>;
    const { iat } = JSON.parse(atob((authorization.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    issued.push(iat);
    return issued.length === 1
      ? new Response('{"message":"The request has expired.","code":-10}', { status: 401, headers: { Date: ahead } })
      : new Response();
  });
  await failureOf(usual.resetDevice(USER_ID, "k-1"));
  trap();
  await failureOf(usual.resetDevice(USER_ID, "k-2"));
  vi.restoreAllMocks();
  await usual.resetDevice(USER_ID, "k-3");
  const [first = 0, ...later] = issued;
  for (const iat of later) {
    expect(Math.abs(iat - first - 600)).toBeLessThanOrEqual(30);
  }
});

/**
 * Ten thousand traps, each with a call that is under way beside it and one after it, in a process of its own. Its memory is
 * looked at after a fifth of them and at the end.
 */
const TEN_THOUSAND = `
  import { createClient } from "fireblocks-reset-device";
  const { get } = Headers.prototype;
  let broken = false;
  Headers.prototype.get = function (name) {
    if (broken) throw new WebAssembly.RuntimeError("unreachable");
    return get.call(this, name);
  };
  const respond = [];
  const client = await createClient({
    basePath: "http://127.0.0.1:9/v1",
    maxRetries: 0,
    fetch: () => new Promise((resolve) => respond.push(() => resolve(new Response()))),
  });
  const kinds = { internal: 0, unknown: 0, beside: 0, after: 0 };
  const ask = () => {
    const asked = client.resetDevice("u");
    // The request leaves in a later turn.
    return new Promise((resolve) => {
      const look = () => respond.length > 0 ? resolve({ asked, respond: respond.pop() }) : queueMicrotask(look);
      look();
    });
  };
  const memory = async () => {
    for (let turn = 0; turn < 5; turn++) { gc(); await new Promise((resolve) => setTimeout(resolve, 10)); }
    return process.memoryUsage().rss / 1e6;
  };
  let early;
  for (let trap = 1; trap <= 10_000; trap++) {
    const beside = await ask();
    const defective = await ask();
    broken = true;
    defective.respond();
    await defective.asked.catch(({ kind, outcome }) => { kinds[kind]++; kinds[outcome]++; });
    broken = false;
    beside.respond();
    await beside.asked.then(() => kinds.beside++);
    const after = await ask();
    after.respond();
    await after.asked.then(() => kinds.after++);
    // A turn of the event loop, in which finalizers run.
    if (trap % 50 === 0) await new Promise((resolve) => setTimeout(resolve));
    if (trap === 2_000) early = await memory();
  }
  console.log(JSON.stringify({ ...kinds, grownBy: Math.max(0, await memory() - early) }));
`;

test("ten thousand traps: every call settles, the process lives, its memory is steady", async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--expose-gc", "--input-type=module", "-e", TEN_THOUSAND],
    { cwd: import.meta.dirname, timeout: 240_000 },
  );
  expect(stderr).toBe("");
  const { grownBy, ...kinds } = JSON.parse(stdout);
  expect(kinds).toEqual({ internal: 10_000, unknown: 10_000, beside: 10_000, after: 10_000 });
  // An instance has a megabyte: of eight thousand, hardly any is left.
  expect(grownBy).toBeLessThan(100);
}, 250_000);

/** Calls begun from the end of JavaScript's stack upwards. */
const AT_THE_STACKS_END = `
  import { createClient } from "fireblocks-reset-device";
  const client = await createClient({ basePath: "http://127.0.0.1:9/v1", fetch: async () => Response.json({}) });
  const calls = [];
  let left = 500;
  const down = () => {
    try { down(); } catch {}
    if (left-- > 0) try { calls.push(client.getWorkspace().catch((error) => error)); } catch {}
  };
  down();
  const settled = await Promise.all(calls);
  console.log(settled.length > 100, JSON.stringify(await client.getWorkspace()));
`;

test("calls that meet the end of the stack leave the client usable", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", AT_THE_STACKS_END], {
    cwd: import.meta.dirname,
    timeout: 60_000,
  });
  expect(stdout).toBe("true {}\n");
}, 90_000);
