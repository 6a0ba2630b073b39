// A defect that breaks the WebAssembly off in the middle of a call: that call rejects, and the next one works.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { failureOf, signingClient, USER_ID } from "../support/clients.ts";

afterEach(() => vi.restoreAllMocks());

/** A client without a network: the clock that a test breaks is also the one of Node's `fetch`. */
const client = () =>
  signingClient(
    { basePath: "http://127.0.0.1:9/v1" },
    { maxRetries: 0, fetch: async () => new Response(null, { status: 200 }) },
  );

/** The WebAssembly asks for the time at known points. A clock that throws unwinds through its frames as a trap does. */
function breakClockAfter(looks: number): void {
  const clock = vi.spyOn(performance, "now");
  for (let look = 0; look < looks; look++) {
    clock.mockImplementationOnce(() => look);
  }
  clock.mockImplementation(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
}

test.each([0, 1, 2, 3])(
  "broken off after %d looks at the clock, a call rejects and the next one works",
  async (looks) => {
    const usual = await client();
    breakClockAfter(looks);
    const error = await failureOf(usual.resetDevice(USER_ID, "key-of-the-caller"));
    vi.restoreAllMocks();
    expect(error.kind).toBe("internal");
    expect(error.outcome).toBe(error.attempts > 0 ? "unknown" : "notSent");
    await expect(usual.resetDevice(USER_ID)).resolves.toMatchObject({ attempts: 1 });
  },
);

test("what was sent before a trap is not called unsent, and its key is known", async () => {
  const usual = await client();
  breakClockAfter(3);
  const error = await failureOf(usual.resetDevice(USER_ID, "key-of-the-caller"));
  expect(error).toMatchObject({ kind: "internal", outcome: "unknown", idempotencyKey: "key-of-the-caller" });
});

test("a hundred traps leave the client usable", async () => {
  const usual = await client();
  for (let trap = 0; trap < 100; trap++) {
    breakClockAfter(0);
    expect((await failureOf(usual.resetDevice(USER_ID))).kind).toBe("internal");
    vi.restoreAllMocks();
  }
  await expect(usual.resetDevice(USER_ID)).resolves.toMatchObject({ attempts: 1 });
});

/** Calls begun from the end of JavaScript's stack upwards: it may come anywhere in the WebAssembly. */
const AT_THE_STACKS_END = `
  import { createClient } from "fireblocks-reset-device";
  const client = await createClient({ basePath: "http://127.0.0.1:9/v1", fetch: async () => Response.json({}) });
  const calls = [];
  let left = 500;
  const down = () => {
    try { down(); } catch {}
    if (left-- > 0) try { calls.push(client.getWorkspace().catch((error) => error.kind)); } catch {}
  };
  down();
  const kinds = new Set(await Promise.all(calls));
  console.log(kinds.has("internal"), JSON.stringify(await client.getWorkspace()));
`;

test("calls that meet the end of the stack leave the client usable", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", AT_THE_STACKS_END], {
    cwd: import.meta.dirname,
    timeout: 60_000,
  });
  expect(stdout).toBe("true {}\n");
}, 90_000);
