// What a watch makes of answers that Fireblocks does not send: it goes on, and what it throws is a FireblocksError.

import { describe, expect, test } from "vitest";
import { failureOf, simulatorClient, USER_ID } from "../support/clients.ts";
import { startSimulator } from "../support/simulator.ts";
import { granted, looks, nothing, QUICK, users } from "./looks.ts";

const simulator = await startSimulator();
const people = (await (await simulatorClient(simulator)).getConsoleUsers()).users;
const noor = people.find((user) => user.email === "noor.haddad@northwind.example")?.id ?? "";

/** A watch of a reset on the simulator. From the second look on, every question for approvals is answered with `odd`. */
async function watchWith(odd: unknown): Promise<string[]> {
  const controller = new AbortController();
  let approvals = 0;
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    if (!String(input).includes("/approvals")) return globalThis.fetch(input, init);
    if (++approvals === 1) return globalThis.fetch(input, init);
    if (approvals === 8) controller.abort("enough");
    return Response.json(odd);
  };
  await simulator.control.clear();
  const client = await simulatorClient(simulator, { fetch, maxRetries: 0 });
  const since = Date.now();
  await client.resetDevice(noor);
  const told: string[] = [];
  const watch = async () => {
    const options = { ...QUICK, since, signal: controller.signal };
    for await (const { state, approvalRequestId } of client.watchReset(noor, options)) {
      told.push(`${state} ${approvalRequestId !== undefined}`);
    }
  };
  expect(await failureOf(watch())).toMatchObject({ kind: "aborted", cause: "enough" });
  return told;
}

describe("approvals", () => {
  test.each<[string, unknown]>([
    ["a payload that is an object", { data: [{ requestPayload: {} }] }],
    ["a payload that has a toString of its own", { data: [{ requestPayload: { toString: 1 } }] }],
    ["a payload that is a list or a number", { data: [{ requestPayload: [] }, { requestPayload: 7 }] }],
    ["rows that are none", { data: [null, 7, "row", [], {}] }],
    ["a next that is no cursor", { data: [], next: { page: 2 } }],
    ["a next that is a number", { data: [], next: 2 }],
    ["a next that never ends", { data: [], next: "again" }],
    ["a list of its own", []],
  ])("%s", async (_, odd) => {
    expect((await watchWith(odd))[0]).toBe("approvalRequested true");
  });
});

test("where a request stands in words that are newer is passed on, and in other spellings read", async () => {
  const list = granted();
  const words = ["ON_HOLD", "on hold", "Timed-out"];
  const { client } = await looks((source, look) =>
    source === "approvals" ? new Response(list.replace("APPROVED", words[look - 1] ?? "Timed-out")) : nothing(source),
  );
  const told: string[] = [];
  for await (const { state, requestStatus } of client.watchReset(USER_ID, QUICK))
    told.push(`${state} ${requestStatus}`);
  expect(told).toEqual(["approvalRequested ON_HOLD", "approvalRequested on hold", "expired Timed-out"]);
});

test("a payload is read as the object that its text would hold, and one that the list has lost is found by it", async () => {
  const { data } = JSON.parse(granted());
  const item = { ...data[0], requestPayload: JSON.parse(data[0].requestPayload) };
  const standing = (requestStatus: string) => ({ ...item, quorumStatus: { requestStatus } });
  let lists = 0;
  let single = 0;
  const fetch = async (input: string | URL | Request) => {
    const { pathname } = new URL(String(input));
    if (pathname.endsWith("/approvals/r-1")) {
      single++;
      return Response.json(standing("REJECTED"));
    }
    if (pathname.endsWith("/approvals")) return Response.json({ data: ++lists < 3 ? [standing("PENDING")] : [] });
    return nothing(pathname.endsWith("/users") ? "users" : "audit_logs");
  };
  const { client } = await looks(nothing, { fetch });
  const told: string[] = [];
  for await (const { state } of client.watchReset(USER_ID, QUICK)) told.push(state);
  expect(told).toEqual(["approvalRequested", "rejected"]);
  expect(single).toBe(1);
});

test("what the list has lost is asked for by its id, also beside one whose id holds that as a part", async () => {
  const item = (requestId: string, requestStatus: string) => {
    const about = { requestId, requestType: "RE_ENROLL_DEVICE", requestTimestamp: Date.now() };
    const requestPayload = JSON.stringify({
      ...about,
      requestData: { targetUserId: requestId === "1" ? USER_ID : "u" },
    });
    return { requestPayload, quorumStatus: { requestStatus } };
  };
  let lists = 0;
  const fetch = async (input: string | URL | Request) => {
    const { pathname } = new URL(String(input));
    if (pathname.endsWith("/approvals/1")) return Response.json(item("1", "REJECTED"));
    if (pathname.endsWith("/approvals")) return Response.json({ data: [item(++lists === 1 ? "1" : "12", "PENDING")] });
    return nothing(pathname.endsWith("/users") ? "users" : "audit_logs");
  };
  const { client } = await looks(nothing, { fetch });
  const told: string[] = [];
  for await (const { state } of client.watchReset(USER_ID, QUICK)) told.push(state);
  expect(told).toEqual(["approvalRequested", "rejected"]);
});

describe("the list of users and the audit log", () => {
  test.each<[string, string]>([
    ["users that are none", '{"users":[null,7,"user",[]]}'],
    ["a status that is a number", users(7)],
    ["a status that is an object", users({ toString: 1 })],
    ["a status that is null", users(null)],
    ["a status with half of a surrogate pair", users("READY \ud83d")],
  ])("%s", async (_, body) => {
    const controller = new AbortController();
    const { client } = await looks((source, look) => {
      if (look === 5) controller.abort("enough");
      return source === "users" ? new Response(body) : nothing(source);
    });
    const watch = async () => {
      for await (const progress of client.watchReset(USER_ID, { ...QUICK, signal: controller.signal })) {
        expect(progress).toMatchObject({ state: "approvalRequested", source: "receipt" });
      }
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "aborted", cause: "enough" });
  });

  test("half of a surrogate pair in a row and in an item", async () => {
    const half = String.raw`{"data":[{"subject":"User","event":"x","metadata":"Anna \ud83d","\udc00":1,"requestPayload":"\ud83d"}]}`;
    const { client, asked } = await looks((source) => (source === "users" ? nothing(source) : new Response(half)));
    const steps = client.watchReset(USER_ID, QUICK)[Symbol.asyncIterator]();
    expect(await steps.next()).toMatchObject({ value: { state: "approvalRequested" } });
    expect(asked).toMatchObject({ approvals: 1, audit_logs: 1 });
    await steps.return?.();
  });

  test("what is nested deeper than a stack goes", async () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    const body = `{"data":[{"subject":"User","event":"x","metadata":${deep},"requestPayload":${deep}}]}`;
    const { client, asked } = await looks((source) => (source === "users" ? nothing(source) : new Response(body)));
    const steps = client.watchReset(USER_ID, QUICK)[Symbol.asyncIterator]();
    expect(await steps.next()).toMatchObject({ value: { state: "approvalRequested", otherResetsOpen: true } });
    expect(asked).toMatchObject({ approvals: 1, audit_logs: 1 });
    await steps.return?.();
  });

  test("150 000 rows in a page", async () => {
    const rows = `{"data":[${Array(150_000).fill('{"event":"x"}').join(",")}]}`;
    const { client, asked } = await looks((source) => (source === "audit_logs" ? new Response(rows) : nothing(source)));
    const steps = client.watchReset(USER_ID, QUICK)[Symbol.asyncIterator]();
    expect(await steps.next()).toMatchObject({ value: { state: "approvalRequested" } });
    expect(asked.audit_logs).toBe(1);
    await steps.return?.();
  });
});
