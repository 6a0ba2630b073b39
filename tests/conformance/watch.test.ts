// watchReset, end to end: what can be known of a reset, and no claim that the sources do not support.

import {
  type ClientConfig,
  inferProgress,
  isResetPending,
  type ResetProgress,
  type ResetState,
  type WatchResetOptions,
} from "fireblocks-reset-device";
import { beforeEach, describe, expect, test } from "vitest";
import { failureOf, signingClient, simulatorClient } from "./support/clients.ts";
import { scriptedServer } from "./support/scripted-server.ts";
import { startSimulator } from "./support/simulator.ts";

const simulator = await startSimulator();
const { control } = simulator;
const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
const idOf = (name: string) => users.find((user) => user.email === `${name}@northwind.example`)?.id ?? "";
const noor = idOf("noor.haddad");
const jonas = idOf("jonas.weber");

/** Looks often, so that a walk of days takes a second. */
const QUICK: WatchResetOptions = { intervalMs: 20, maxIntervalMs: 40 };

beforeEach(async () => {
  await control.clear();
  await control.set({ approvalsReadable: true, approvalThreshold: 1 });
});

/** Asks for a reset of `userId` and watches it; `react` is told each change, and moves the simulated people. */
async function watched(
  react: (progress: ResetProgress, approvalId: string) => Promise<void>,
  {
    userId = noor,
    options = {},
    config = {},
  }: { userId?: string; options?: WatchResetOptions; config?: ClientConfig } = {},
): Promise<ResetProgress[]> {
  const client = await simulatorClient(simulator, config);
  const since = Date.now();
  await client.resetDevice(userId);
  const [approval] = await control.approvals(userId);
  const seen: ResetProgress[] = [];
  for await (const progress of client.watchReset(userId, { ...QUICK, since, statusBefore: "READY", ...options })) {
    seen.push(progress);
    await react(progress, approval?.id ?? "");
  }
  return seen;
}

/** The states in order, each once. */
function states(seen: ResetProgress[]): string[] {
  return seen.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
}

async function walkOn({ state }: ResetProgress, approvalId: string) {
  if (state === "approvalRequested") await control.decide(approvalId, "approve");
  if (state === "approved" || state === "awaitingPairing" || state === "awaitingSetup") await control.advance(noor);
}

describe("a reset that takes its course", () => {
  test("is followed from the request to the end", async () => {
    const seen = await watched(async (progress, approvalId) => {
      if (progress.state === "approvalRequested") await control.decide(approvalId, "approve");
      if (progress.userStatus === "PENDING_DEVICE_PAIRING" || progress.userStatus === "PENDING_DEVICE_SETUP") {
        await control.advance(noor);
      }
    });
    expect(states(seen).filter((state) => state !== "approved")).toEqual([
      "approvalRequested",
      "awaitingPairing",
      "awaitingSetup",
      "completed",
    ]);
    expect(seen.map((progress) => progress.final)).toEqual(seen.map((_, index) => index === seen.length - 1));
    expect(seen.at(-1)).toMatchObject({
      state: "completed",
      evidence: "proven",
      source: "userStatus",
      userStatus: "READY",
      ownRequest: "found",
    });
  });

  test("is followed to its end where the set-up came too late and the user pairs anew, and goes back nowhere", async () => {
    await control.set({ keySharesAfterSeconds: null });
    let late = true;
    const seen = await watched(async ({ state, userStatus }, approvalId) => {
      if (state === "approvalRequested") await control.decide(approvalId, "approve");
      if (userStatus === "PENDING_DEVICE_PAIRING") await control.advance(noor);
      if (userStatus !== "PENDING_DEVICE_SETUP") return;
      if (late) {
        late = false;
        await control.letPass(49);
      } else {
        await control.approveKeyShares(noor);
        await control.advance(noor);
      }
    });
    await control.set({ keySharesAfterSeconds: 0 });
    expect(states(seen).slice(-3)).toEqual(["awaitingPairing", "awaitingSetup", "completed"]);
    const anew = seen.filter(({ state, userStatus }) => state === "awaitingSetup" && userStatus?.endsWith("_PAIRING"));
    expect(anew).toHaveLength(1);
    expect(seen.at(-1)).toMatchObject({ evidence: "proven", ownRequest: "found" });
  });

  test("needs no approvals API: without it the user's status tells, as suggested", async () => {
    await control.set({ approvalsReadable: false });
    const seen = await watched(async (progress, approvalId) => {
      if (progress.state === "approvalRequested") await control.decide(approvalId, "approve");
      if (progress.userStatus?.startsWith("PENDING_DEVICE")) await control.advance(noor);
    });
    expect(seen.at(-1)).toMatchObject({ state: "completed", evidence: "suggested", final: true });
    expect(seen.filter((progress) => progress.approvals !== undefined)).toEqual([]);
  });

  test("a key that may read the approvals sees how many are given and needed", async () => {
    await control.set({ approvalThreshold: 2 });
    const [first] = await watched(async (progress, approvalId) => {
      if (!progress.final) await control.decide(approvalId, "reject");
    });
    expect(first).toMatchObject({ state: "approvalRequested", approvals: { threshold: 2 } });
  });
});

describe("a reset that ends without a reset", () => {
  test.each([
    ["reject", "rejected"],
    ["cancel", "cancelled"],
  ] as const)("%s: %s, and nothing follows", async (decision, state) => {
    const seen = await watched(async (progress, approvalId) => {
      if (!progress.final) await control.decide(approvalId, decision);
    });
    expect(states(seen)).toEqual(["approvalRequested", state]);
    expect(seen.at(-1)?.final).toBe(true);
    const user = (await (await simulatorClient(simulator)).getConsoleUsers()).users.find(({ id }) => id === noor);
    expect(user?.status).toBe("READY");
  });

  test("a request that ran out is expired: the list has lost it, and asked for by its id it says so", async () => {
    const seen = await watched(async (progress, approvalId) => {
      if (!progress.final) await control.decide(approvalId, "expire");
    });
    expect(states(seen)).toEqual(["approvalRequested", "expired"]);
    expect(seen.at(-1)).toMatchObject({ source: "approvals", final: true });
    const asked = (await control.requests()).filter((request) => request.operation === "getApproval");
    expect(asked.map(({ target }) => target)).toEqual([
      expect.stringMatching(/\/approvals\/[^/]+\?quorumStatusMode=SUMMARY$/),
    ]);
  });
});

describe("READY at the first look", () => {
  const base = { userId: "u", since: 1_000, statuses: [{ status: "READY" as const, at: 5_000 }] };

  test("may mean not begun or finished: it proves nothing by itself", async () => {
    expect(await inferProgress(base)).toMatchObject({ state: "approvalRequested", source: "receipt", final: false });
    expect(await inferProgress({ ...base, statusBefore: "READY" })).toMatchObject({ state: "approvalRequested" });
  });

  test("where the user was pending before, it is a climb and no fall: it proves nothing either", async () => {
    const statusBefore = "PENDING_DEVICE_PAIRING";
    expect((await inferProgress({ ...base, statusBefore })).final).toBe(false);
  });

  test("after a fall it is the end", async () => {
    const statuses = [
      { status: "PENDING_DEVICE_PAIRING" as const, at: 3_000 },
      { status: "READY" as const, at: 5_000 },
    ];
    const progress = await inferProgress({ ...base, statusBefore: "READY", statuses });
    expect(progress).toMatchObject({
      state: "completed",
      evidence: "suggested",
      source: "userStatus",
      final: true,
      at: 5_000,
    });
  });

  test("a walk that ended before anyone looked is not claimed from READY alone, end to end", async () => {
    const client = await simulatorClient(simulator);
    const since = Date.now();
    await client.resetDevice(noor);
    const watch = client.watchReset(noor, { ...QUICK, since, otherResetsOpen: true });
    const { value } = await watch[Symbol.asyncIterator]().next();
    expect(value).toMatchObject({ state: "approvalRequested", final: false });
  });
});

describe("what proves something", () => {
  const row = (event: string, timestamp: number) => ({ subject: "Re-enroll mobile device", event, timestamp });
  const base = {
    userId: "u",
    since: 1_000,
    statuses: [{ status: "READY" as const, at: 1_500 }],
    // Read so late that no row can be missing.
    auditLogsAt: 600_000,
  };

  test("an audit row names no target: it counts only where no other reset was open", async () => {
    const auditLogs = [row("Submitted request", 1_100), row("Rejected", 2_000)];
    expect(await inferProgress({ ...base, auditLogs })).toMatchObject({
      state: "rejected",
      evidence: "proven",
      source: "auditLog",
    });
    expect((await inferProgress({ ...base, auditLogs, auditLogsAt: 5_000 })).state).toBe("approvalRequested");
    expect((await inferProgress({ ...base, auditLogs, otherResetsOpen: true })).state).toBe("approvalRequested");
    const two = [...auditLogs, row("Submitted request", 1_500)];
    expect((await inferProgress({ ...base, auditLogs: two })).state).toBe("approvalRequested");
  });

  test("a row from before the request counts for nothing", async () => {
    expect((await inferProgress({ ...base, auditLogs: [row("Rejected", 900)] })).state).toBe("approvalRequested");
  });

  test("another administrator's request for the same user is not taken for this one's, and stops another", async () => {
    await control.set({ approvalThreshold: 2 });
    const client = await simulatorClient(simulator);
    await client.resetDevice(noor);
    const { data } = await client.getApprovals({ includeAllUsers: true, quorumStatusMode: "SUMMARY" });
    const earlier = data.map((item) => {
      const payload = JSON.parse(item.requestPayload ?? "");
      return { ...item, requestPayload: JSON.stringify({ ...payload, requestId: "theirs" }) };
    });
    const since = Date.now();
    const one = { userId: noor, since, approvals: { items: data, at: since } };
    expect(await inferProgress(one)).toMatchObject({ source: "approvals", ownRequest: "found" });
    const two = { ...one, approvals: { items: [...earlier, ...data], at: since } };
    expect(await inferProgress(two)).toMatchObject({ source: "receipt", ownRequest: "unclear", otherResetsOpen: true });
    expect(await isResetPending(noor, data)).toBe(true);
    expect(await isResetPending(jonas, data)).toBe(false);
    expect(await failureOf(isResetPending("", data))).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
  });

  test("half of a surrogate pair hides nobody, and is no caller's id", async () => {
    const half = (text: string) => [{ requestPayload: JSON.stringify({ note: text, requestType: "X" }) }];
    expect(await isResetPending(noor, half(`\ud83d ${noor}`))).toBe(true);
    expect(await isResetPending(noor, half("Anna \ud83d"))).toBe(false);
    const under = JSON.stringify({ "\ud83d": { id: noor } }).replace(noor, noor.replace("-", "\\u002d"));
    expect(await isResetPending(noor, [{ requestPayload: under }])).toBe(true);
    const refused = { kind: "invalidArgument", message: expect.stringContaining("surrogate") };
    expect(await failureOf(isResetPending("\ud83d", []))).toMatchObject(refused);
    expect(await failureOf(inferProgress({ ...base, userId: "\ud83d" }))).toMatchObject(refused);
    // Two such ids would be read as one.
    const items = half("").map(() => ({
      requestPayload: JSON.stringify({ requestId: "\udc00", requestType: "RE_ENROLL_DEVICE", requestTimestamp: 1_000 }),
      quorumStatus: { requestStatus: "REJECTED" },
    }));
    const seen = { ...base, approvalRequestId: "\ud83d", approvals: { items, at: 2_000 } };
    expect(await inferProgress(seen)).toMatchObject({ state: "approvalRequested", ownRequest: "missing" });
  });

  test("a long line in a payload is looked through at once", async () => {
    for (const line of ["-", " ", "%20"].map((piece) => piece.repeat(60_000 / piece.length))) {
      expect(await isResetPending(noor, [{ requestPayload: JSON.stringify({ note: line }) }])).toBe(false);
      expect(await isResetPending(noor, [{ requestPayload: JSON.stringify({ note: line + noor }) }])).toBe(true);
    }
  });

  test("nothing goes backwards, and an end stays an end", async () => {
    const reached = (state: ResetState) => ({ state, source: "userStatus" as const, at: 4_000 });
    expect(await inferProgress({ ...base, previous: reached("awaitingSetup") })).toMatchObject(
      reached("awaitingSetup"),
    );
    expect(await inferProgress({ ...base, previous: reached("rejected") })).toMatchObject({
      state: "rejected",
      final: true,
    });
  });

  test("values that are newer than this package pass through and break nothing", async () => {
    const statuses = [{ status: "PENDING_RETINA_SCAN", at: 2_000 }];
    const progress = await inferProgress({ ...base, statuses, auditLogs: [row("Pondered", 2_000)] });
    expect(progress).toMatchObject({ state: "approvalRequested", userStatus: "PENDING_RETINA_SCAN" });
  });

  test("one approver of two is not the quorum", async () => {
    await control.set({ approvalThreshold: 2 });
    const seen = await watched(async (progress, approvalId) => {
      if (progress.state === "approvalRequested") await control.decide(approvalId, "approve");
      if (progress.userStatus?.startsWith("PENDING_DEVICE")) await control.advance(noor);
    });
    const requested = seen.filter(({ state }) => state === "approvalRequested");
    expect(requested.map(({ approvals }) => approvals?.current)).toEqual([0, 1]);
    expect(seen.at(-1)?.state).toBe("completed");
  });

  test.each([
    ["seen waiting in the approvals", true],
    ["seen in the audit log alone", false],
  ])(
    "another person's rejection is not taken for this one's: %s",
    async (_, approvalsReadable) => {
      await control.set({ approvalsReadable });
      const client = await simulatorClient(simulator);
      await client.resetDevice(jonas);
      const [others] = await control.approvals(jonas);
      const controller = new AbortController();
      const seen: ResetProgress[] = [];
      const run = watched(
        async (progress) => {
          seen.push(progress);
          if (seen.length > 1) return;
          await control.decide(others?.id ?? "", "reject");
          setTimeout(() => controller.abort(), 500);
        },
        { options: { signal: controller.signal } },
      );
      expect(await failureOf(run)).toMatchObject({ kind: "aborted" });
      expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(["approvalRequested"]));
      expect(seen[0]?.otherResetsOpen).toBe(true);
    },
    15_000,
  );
});

describe("the watch itself", () => {
  test("an abort stops it at once, with the reason as it was given", async () => {
    const client = await simulatorClient(simulator);
    const controller = new AbortController();
    const began = performance.now();
    setTimeout(() => controller.abort("leaving"), 200);
    const watch = async () => {
      const options = { intervalMs: 60_000, maxIntervalMs: 60_000, signal: controller.signal };
      for await (const _ of client.watchReset(noor, options));
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "aborted", cause: "leaving" });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test("an abort inside the loop stops it at once too", async () => {
    const client = await simulatorClient(simulator);
    const controller = new AbortController();
    const began = performance.now();
    const watch = async () => {
      const options = { intervalMs: 60_000, maxIntervalMs: 60_000, signal: controller.signal };
      for await (const _ of client.watchReset(noor, options)) controller.abort("seen enough");
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "aborted", cause: "seen enough" });
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test.each(["", "..", "a\nb", undefined])("the id %o is refused before anything is asked", async (id) => {
    const server = await scriptedServer({ body: '{"users":[],"data":[]}' });
    const client = await signingClient(server);
    const watch = async () => {
      for await (const _ of client.watchReset(id as string, QUICK));
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
    expect(server.requests).toEqual([]);
  });

  test("breaking out of the loop ends it: nothing is asked afterwards", async () => {
    const client = await simulatorClient(simulator);
    await client.resetDevice(noor);
    for await (const _ of client.watchReset(noor, QUICK)) break;
    const before = (await control.requests()).length;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await control.requests()).toHaveLength(before);
  });

  test("looks grow rarer while nothing changes", async () => {
    const at: number[] = [];
    // Answers at once, so that the pauses alone take time.
    const fetch = async (input: string | URL | Request) => {
      if (String(input).endsWith("/users")) at.push(performance.now());
      return new Response('{"users":[],"data":[]}');
    };
    const secretKey = () => new Uint8Array(256);
    const client = await signingClient({ basePath: "http://127.0.0.1:9/v1" }, { fetch, secretKey });
    const signal = AbortSignal.timeout(3_000);
    const watch = async () => {
      for await (const _ of client.watchReset(noor, { intervalMs: 40, maxIntervalMs: 600, signal }));
    };
    await failureOf(watch());
    const pauses = at.slice(1).map((time, index) => time - (at[index] as number));
    expect(pauses.length).toBeGreaterThan(3);
    // Without growth there would be more than sixty.
    expect(pauses.length).toBeLessThan(20);
    expect(Math.max(...pauses.slice(2))).toBeGreaterThan(80);
  });

  test("a look that fails for a while is made again", async () => {
    await control.order([
      { match: { operation: "getConsoleUsers" }, status: 500, times: 1 },
      { match: { operation: "getConsoleUsers" }, garbage: true, times: 1 },
      { match: { operation: "getApprovals" }, status: 403, times: 1 },
    ]);
    const seen = await watched(walkOn);
    expect(seen.at(-1)?.state).toBe("completed");
  });

  test.each([
    { intervalMs: 0 },
    { intervalMs: -5 },
    { intervalMs: Number.NaN },
    { maxIntervalMs: 2 ** 40 },
    { since: Number.NaN },
  ])("%o is refused before anything is asked", async (options) => {
    const server = await scriptedServer({ body: '{"users":[],"data":[]}' });
    const client = await signingClient(server);
    const watch = async () => {
      for await (const _ of client.watchReset(noor, options));
    };
    expect(await failureOf(watch())).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
    expect(server.requests).toEqual([]);
  });
});
