// A watch and what it is refused: one refusal among good looks is an accident, several in a row are an answer.

import type { ResetProgress } from "fireblocks-reset-device";
import { beforeEach, describe, expect, test } from "vitest";
import { failureOf, simulatorClient, USER_ID } from "../support/clients.ts";
import { startSimulator } from "../support/simulator.ts";
import { type Answer, granted, type Looks, looks, nothing, QUICK, type Source, users } from "./looks.ts";

const simulator = await startSimulator();
const { control } = simulator;
const people = (await (await simulatorClient(simulator)).getConsoleUsers()).users;
const noor = people.find((user) => user.email === "noor.haddad@northwind.example")?.id ?? "";

beforeEach(async () => {
  await control.clear();
  await control.set({ approvalsReadable: true, approvalThreshold: 1 });
});

const kinds = ["authentication", "forbidden", "notFound", "conflict", "gone", "invalidRequest", "redirect"] as const;
const statusOf = { authentication: 401, forbidden: 403, notFound: 404, conflict: 409, gone: 410, redirect: 302 };

function refusal(kind: (typeof kinds)[number]): Response {
  const status = kind === "invalidRequest" ? 422 : statusOf[kind];
  return new Response("", { status, headers: { Location: "https://sso.example/" } });
}

/** Watches until `enough` says so as something is asked, and returns how often each source was. */
async function watchUntil(enough: (asked: Looks["asked"]) => boolean, answer: Answer): Promise<Looks["asked"]> {
  const controller = new AbortController();
  const { client, asked } = await looks((source, look) => {
    if (enough(asked)) controller.abort("enough");
    return answer(source, look);
  });
  const run = async () => {
    for await (const _ of client.watchReset(USER_ID, { ...QUICK, signal: controller.signal }));
  };
  expect(await failureOf(run())).toMatchObject({ kind: "aborted", cause: "enough" });
  return asked;
}

describe.each(kinds)("%s", (kind) => {
  test("now and then, from every source at once, ends nothing and closes nothing", async () => {
    const approvals = granted();
    const walk = ["READY", "", "", "PENDING_DEVICE_PAIRING", "", "", "PENDING_DEVICE_SETUP", "", "READY"];
    const { client, asked } = await looks((source, look) => {
      const status = walk[look - 1];
      if (status === "") return refusal(kind);
      if (source === "approvals") return new Response(approvals);
      return source === "users" ? new Response(users(status)) : nothing(source);
    });
    const states: string[] = [];
    for await (const { state } of client.watchReset(USER_ID, { ...QUICK, statusBefore: "READY" })) states.push(state);
    expect(states).toEqual(["approved", "awaitingPairing", "awaitingSetup", "completed"]);
    expect(asked).toEqual({ users: 9, approvals: 9, audit_logs: 9 });
  });

  test("from every source, three times in a row, ends the watch with it", async () => {
    const { client, asked } = await looks(() => refusal(kind));
    const told: ResetProgress[] = [];
    const run = async () => {
      for await (const progress of client.watchReset(USER_ID, QUICK)) told.push(progress);
    };
    expect(await failureOf(run())).toMatchObject({ kind, attempts: 1 });
    // Nothing was seen, so nothing but the receipt is told.
    expect(told).toMatchObject([{ state: "approvalRequested", source: "receipt" }]);
    expect(asked).toEqual({ users: 3, approvals: 3, audit_logs: 3 });
  });

  test.each<[Source, Source, number]>([
    ["users", "audit_logs", 33],
    ["approvals", "audit_logs", 33],
    ["audit_logs", "approvals", 34],
  ])("from %s alone: of ten looks it is in one", async (closed, other, looks) => {
    const asked = await watchUntil(
      (asked) => asked[other] === looks,
      (source) => (source === closed ? refusal(kind) : nothing(source)),
    );
    // In the looks 1, 2, 3, 13, 23 and 33.
    expect(asked[closed]).toBe(6);
  });
});

describe("what is no refusal for good", () => {
  const down = () => new Response("", { status: 500 });

  test("one source that is down may yet tell: two that refuse do not end the watch", async () => {
    const asked = await watchUntil(
      ({ approvals }) => approvals === 40,
      (source) => (source === "approvals" ? down() : refusal("forbidden")),
    );
    expect(asked.users).toBeLessThan(10);
  });

  test("refusals with other troubles between them are not in a row", async () => {
    await watchUntil(
      ({ users }) => users === 40,
      (_, look) => (look % 3 === 0 ? down() : refusal("authentication")),
    );
  });

  test("a signature that fails now and then", async () => {
    let signatures = 0;
    const secretKey = () => {
      // The first of the second look, and then more.
      if ([4, 5, 9, 10].includes(++signatures)) throw new Error("the KMS is busy");
      return new Uint8Array(256);
    };
    const walk = ["READY", "PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "READY"];
    const approvals = granted();
    const answer: Answer = (source, look) => {
      if (source === "approvals") return new Response(approvals);
      return source === "users" ? new Response(users(walk[look - 1])) : nothing(source);
    };
    const { client } = await looks(answer, { secretKey });
    const states: string[] = [];
    for await (const { state } of client.watchReset(USER_ID, { ...QUICK, statusBefore: "READY" })) states.push(state);
    expect(states.at(-1)).toBe("completed");
    expect(signatures).toBeGreaterThan(10);
  });

  test("one that always fails ends the watch", async () => {
    let signatures = 0;
    const secretKey = () => {
      signatures++;
      throw new Error("the KMS is gone");
    };
    const { client, asked } = await looks(nothing, { secretKey });
    const run = async () => {
      for await (const _ of client.watchReset(USER_ID, QUICK));
    };
    expect(await failureOf(run())).toMatchObject({ outcome: "notSent", cause: new Error("the KMS is gone") });
    expect([signatures, asked.users]).toEqual([9, 0]);
  });
});

describe("on the simulator", () => {
  /** Asks for a reset and watches it. At the first change that is `ripe` the request is decided on. */
  async function watched(decision: "reject" | "expire", ripe: (progress: ResetProgress) => boolean) {
    const client = await simulatorClient(simulator, { maxRetries: 0 });
    const since = Date.now();
    await client.resetDevice(noor);
    const [approval] = await control.approvals(noor);
    const seen: ResetProgress[] = [];
    let decided = false;
    const options = { intervalMs: 5, maxIntervalMs: 10, since, statusBefore: "READY" };
    for await (const progress of client.watchReset(noor, options)) {
      seen.push(progress);
      if (decided || !ripe(progress)) continue;
      decided = true;
      await control.decide(approval?.id ?? "", decision);
    }
    return seen;
  }

  test("approvals that were closed and can be read again are seen", async () => {
    await control.order([{ match: { operation: "getApprovals" }, status: 403, times: 4 }]);
    const seen = await watched("reject", ({ approvals }) => approvals !== undefined);
    expect(seen[0]?.approvals).toBeUndefined();
    expect(seen.at(-1)).toMatchObject({ state: "rejected", final: true });
  });

  test("how a request ended that the list has lost is asked again after a refusal", async () => {
    await control.order([
      { match: { operation: "getApproval" }, status: 403 },
      { match: { operation: "getApproval" }, status: 401 },
    ]);
    const seen = await watched("expire", () => true);
    expect(seen.at(-1)).toMatchObject({ state: "expired", source: "approvals", final: true });
  });
});
