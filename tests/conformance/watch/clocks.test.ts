// The machine's clock is set while a watch goes on: what is told comes from what was seen, and not from that.

import type { ResetProgress } from "fireblocks-reset-device";
import { afterEach, describe, expect, test, vi } from "vitest";
import { failureOf, USER_ID } from "../support/clients.ts";
import { granted, looks, nothing, QUICK, users } from "./looks.ts";

const HOUR = 3_600_000;

/** From now on the machine's clock is `ms` ahead of what it was. */
function setClock(ms: number) {
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() + ms);
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** The walk of a request that was granted, of which the clock is set by `ms` before the second look. */
async function walkWith(ms: number, walk: string[]) {
  const approvals = granted();
  const { client } = await looks((source, look) => {
    if (source === "approvals") return new Response(approvals);
    if (source !== "users") return nothing(source);
    if (look === 2) setClock(ms);
    return new Response(users(walk[look - 1] ?? walk.at(-1)));
  });
  return client;
}

describe.each([
  ["back", -HOUR],
  ["back by a moment", -5_000],
  ["forward", HOUR],
])("set %s", (_, ms) => {
  test("a walk is followed to its end, at times that go on", async () => {
    const client = await walkWith(ms, ["READY", "PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "READY"]);
    const since = Date.now();
    const told: ResetProgress[] = [];
    const options = { ...QUICK, since, statusBefore: "READY", signal: AbortSignal.timeout(3_000) };
    for await (const progress of client.watchReset(USER_ID, options)) told.push(progress);
    expect(told.map(({ state, evidence }) => `${state} ${evidence}`)).toEqual([
      "approved proven",
      "awaitingPairing proven",
      "awaitingSetup proven",
      "completed proven",
    ]);
    for (const { at } of told) {
      expect(at).toBeGreaterThanOrEqual(since);
      expect(at).toBeLessThan(since + 60_000);
    }
  });

  test("one that has not begun is not over for it", async () => {
    const client = await walkWith(ms, ["READY"]);
    const options = { ...QUICK, statusBefore: "READY", signal: AbortSignal.timeout(200) };
    const told: string[] = [];
    const watch = async () => {
      for await (const { state } of client.watchReset(USER_ID, options)) told.push(state);
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "aborted" });
    expect(told).toEqual(["approved"]);
  });
});

test("set forward, a log that was read a moment after the request does not prove for it", async () => {
  const since = Date.now();
  const row = (event: string, timestamp: number) => ({ subject: "Re-enroll mobile device", event, timestamp });
  const rows = JSON.stringify({ data: [row("Submitted request", since), row("Rejected", since + 1)] });
  const { client } = await looks((source, look) => {
    if (source === "approvals") return new Response("", { status: 403 });
    if (source === "users" && look === 2) setClock(HOUR);
    return source === "users" ? nothing(source) : new Response(rows);
  });
  const told: string[] = [];
  const watch = async () => {
    const options = { ...QUICK, since, signal: AbortSignal.timeout(200) };
    for await (const { state } of client.watchReset(USER_ID, options)) told.push(state);
  };
  expect(await failureOf(watch())).toMatchObject({ kind: "aborted" });
  expect(told).toEqual(["approvalRequested"]);
});

test("what is learnt of the server's clock once ours was set does not move the request", async () => {
  // Fireblocks refuses a token from an hour ago, and its answer says what time it is.
  let isSet = false;
  const item = (status: string) => granted().replace('"APPROVED"', `"${status}"`);
  const since = Date.now();
  const [pending, rejected] = [item("PENDING"), item("REJECTED")];
  const { client, asked } = await looks(
    (source, look) => {
      if (source === "users" && look === 2) {
        setClock(-HOUR);
        isSet = true;
      }
      if (isSet && source === "approvals" && look === 2) {
        const date = new Date(performance.timeOrigin + performance.now()).toUTCString();
        return Response.json({ code: -10 }, { status: 401, headers: { Date: date } });
      }
      if (source === "approvals") return new Response(look === 1 ? '{"data":[]}' : look < 6 ? pending : rejected);
      return nothing(source);
    },
    { maxRetries: 2 },
  );
  const told: string[] = [];
  const options = { ...QUICK, since, signal: AbortSignal.timeout(3_000) };
  for await (const { state, ownRequest } of client.watchReset(USER_ID, options)) told.push(`${state} ${ownRequest}`);
  expect(asked.approvals).toBeGreaterThan(3);
  expect(told.at(-1)).toBe("rejected found");
});
