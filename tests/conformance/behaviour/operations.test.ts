// Each operation end to end, on a client of its own and on the default client.

import * as client from "fireblocks-reset-device";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureOf, gatewayClient, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";
import { startSimulator } from "../support/simulator.ts";

const simulator = await startSimulator();
const { control } = simulator;

async function readyUser(email = "noor.haddad@northwind.example") {
  const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
  return users.find((user) => user.email === email)?.id ?? "";
}

beforeAll(() => control.clear());

describe("resetDevice", () => {
  test("files one approval request, and the receipt tells how to find it", async () => {
    const ours = await simulatorClient(simulator);
    const userId = await readyUser();
    const receipt = await ours.resetDevice(userId, "first-of-all");
    const [approval, ...more] = await control.approvals(userId);
    expect(more).toEqual([]);
    expect(approval).toMatchObject({ userId, status: "PENDING", idempotencyKey: "first-of-all" });
    expect(receipt).toEqual({ requestId: approval?.requestId, idempotencyKey: "first-of-all", attempts: 1 });
  });

  test("the same key again within 24 hours is the same reset", async () => {
    const ours = await simulatorClient(simulator);
    const userId = await readyUser();
    expect(await ours.resetDevice(userId, "first-of-all")).toMatchObject({ idempotencyKey: "first-of-all" });
    expect(await control.approvals(userId)).toHaveLength(1);
  });

  test("a role that may not is refused, and nothing is filed", async () => {
    const viewer = await control.makeApiKey("VIEWER");
    const ours = await simulatorClient(simulator, viewer);
    const userId = await readyUser("jonas.weber@northwind.example");
    const error = await failureOf(ours.resetDevice(userId));
    expect(error).toMatchObject({ kind: "forbidden", outcome: "refused", attempts: 1 });
    expect(error.message).toMatch(/Admin/);
    expect(await control.approvals(userId)).toEqual([]);
  });

  test("the lifecycle headers stand in the receipt", async () => {
    const headers = {
      "X-Request-ID": "r",
      "Fireblocks-Lifecycle-State": "deprecated",
      Sunset: "Sat, 31 Dec 2033 23:59:59 GMT",
      Link: '<https://developers.fireblocks.com/x>; rel="deprecation"',
    };
    const receipt = await (await signingClient(await scriptedServer({ headers }))).resetDevice(USER_ID);
    expect(receipt.lifecycle).toEqual({
      state: "deprecated",
      sunset: "Sat, 31 Dec 2033 23:59:59 GMT",
      link: '<https://developers.fireblocks.com/x>; rel="deprecation"',
    });
    expect(await (await signingClient(await scriptedServer(accepted))).resetDevice(USER_ID)).not.toHaveProperty(
      "lifecycle",
    );
  });

  test("a closed operation says so", async () => {
    const error = await failureOf((await signingClient(await scriptedServer({ status: 410 }))).resetDevice(USER_ID));
    expect(error).toMatchObject({ kind: "gone", outcome: "refused", status: 410 });
  });
});

describe("what can be read", () => {
  test("getConsoleUsers: every user of the workspace", async () => {
    const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
    expect(users).toHaveLength(60);
    expect(users.find((user) => user.role === "OWNER")).toMatchObject({ email: "margaret.okafor@northwind.example" });
  });

  test("getWorkspace: the workspace of the key", async () => {
    expect(await (await simulatorClient(simulator)).getWorkspace()).toMatchObject({ name: "Northwind Treasury" });
  });

  test("getAuditLogs: filtered, in pages", async () => {
    const ours = await simulatorClient(simulator);
    const { data } = await ours.getAuditLogs({
      startTime: Date.now() - 3_600_000,
      subject: ["Re-enroll mobile device", "Device reset"],
      event: "Submitted request",
      order: "ASC",
    });
    expect(data.length).toBeGreaterThan(0);
    expect(new Set(data.map((row) => row.event))).toEqual(new Set(["Submitted request"]));
  });

  test("getAuditLogs: parameters are written as Fireblocks asks, spaces as %20, and signed as written", async () => {
    const server = await scriptedServer({ body: '{"data":[],"next":null}' });
    const ours = await signingClient(server);
    await ours.getAuditLogs({
      startTime: 5,
      subject: ["a b", "c&d=e"],
      order: "DESC",
      pageSize: 500,
      pageCursor: "x+y/z=",
    });
    await ours.getAuditLogs();
    const [request, bare] = server.requests;
    const query = new URL(request?.target ?? "", "http://x").searchParams;
    expect([...query].sort()).toEqual([
      ["order", "DESC"],
      ["pageCursor", "x+y/z="],
      ["pageSize", "500"],
      ["startTime", "5"],
      ["subject", "a b"],
      ["subject", "c&d=e"],
    ]);
    expect(request?.target).toContain("a%20b");
    expect(request?.jwt?.claims.uri).toBe(request?.target);
    expect(bare?.target).toBe("/v1/management/audit_logs");
  });

  test.each([
    { pageSize: 0 },
    { pageSize: 501 },
    { pageSize: 1.5 },
    { startTime: Number.NaN },
    { startTime: "yesterday" },
    { order: "UP" },
    { subject: [7] },
    { timePeriod: "YEAR" },
  ])("getAuditLogs(%o) is refused, or sent as it is; never changed silently", async (params) => {
    const server = await scriptedServer({ body: '{"data":[]}' });
    const ours = await signingClient(server);
    const [[name, value]] = Object.entries(params) as [[string, unknown]];
    const error = await ours.getAuditLogs(params as client.GetAuditLogsParams).then(
      () => undefined,
      (reason: unknown) => reason as client.FireblocksError,
    );
    if (error === undefined) {
      expect(new URL(server.requests[0]?.target ?? "", "http://x").searchParams.get(name)).toBe(String(value));
    } else {
      expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
      expect(error.message).toContain(name);
      expect(server.requests).toEqual([]);
    }
  });

  test.each([
    ["a parameter that does not exist", { signal: new AbortController().signal }, /no parameter signal/],
    ["a list", ["User"], /params must be an object/],
    ["a text", "User", /params must be an object/],
    ["half of a surrogate pair", { user: "a\ud800" }, /surrogate/],
  ])("getAuditLogs: %s is refused, and nothing wider is asked for", async (_, params, reason) => {
    const server = await scriptedServer({ body: '{"data":[]}' });
    const error = await failureOf((await signingClient(server)).getAuditLogs(params as client.GetAuditLogsParams));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent" });
    expect(error.message).toMatch(reason);
    expect(server.requests).toEqual([]);
  });

  test("getAuditLogs: a backslash before what looks like one is only text", async () => {
    const server = await scriptedServer({ body: '{"data":[]}' });
    await (await signingClient(server)).getAuditLogs({ user: String.raw`a\ud800` });
    expect(server.requests[0]?.target).toContain("user=a%5Cud800");
  });

  test("getApproval: how it ended, also when the list has lost it", async () => {
    const ours = await simulatorClient(simulator);
    const userId = await readyUser("jonas.weber@northwind.example");
    await ours.resetDevice(userId);
    const [filed] = await simulator.control.approvals(userId);
    const requestId = filed?.id ?? "";
    await simulator.control.decide(requestId, "expire");
    const one = await ours.getApproval(requestId, { quorumStatusMode: "FULL" }, { maxRetries: 0 });
    expect(one.quorumStatus).toMatchObject({ requestStatus: "TIMED_OUT" });
  });

  test("getApprovals and getApproval: the pending request itself", async () => {
    const ours = await simulatorClient(simulator);
    const userId = await readyUser();
    const { data } = await ours.getApprovals({ includeAllUsers: true, quorumStatusMode: "SUMMARY", pageSize: 30 });
    const payloads = data.map((item) => JSON.parse(item.requestPayload ?? "{}"));
    const [filed] = await control.approvals(userId);
    expect(payloads.map((payload) => payload.requestId)).toContain(filed?.id);
    const one = await ours.getApproval(filed?.id ?? "");
    expect(JSON.parse(one.requestPayload ?? "{}")).toMatchObject({ requestId: filed?.id });
    expect(await failureOf(ours.getApproval("no-such-request"))).toMatchObject({
      kind: "notFound",
      outcome: "refused",
    });
  });

  test("a GET is stopped by a signal, a time-out and its retries like a reset", async () => {
    const ours = await signingClient(await scriptedServer("never"));
    expect(await failureOf(ours.getConsoleUsers({ timeoutMs: 80, maxRetries: 0 }))).toMatchObject({ kind: "timeout" });
    const signal = AbortSignal.abort("no");
    expect(await failureOf(ours.getAuditLogs({}, { signal }))).toMatchObject({
      kind: "aborted",
      cause: "no",
      attempts: 0,
    });
  });
});

describe("the default client", () => {
  test("before configure it calls nothing that is not public, and configure gives it a workspace", async () => {
    const { basePath, apiKey, secretKey } = simulator;
    await client.configure({ basePath, apiKey, secretKey });
    expect(await client.getWorkspace()).toMatchObject({ name: "Northwind Treasury" });
    const { users } = await client.getConsoleUsers();
    expect(users).toHaveLength(60);
    const userId = users.find((user) => user.email === "amara.lindqvist@northwind.example")?.id ?? "";
    expect(await client.resetDevice(userId)).toMatchObject({ attempts: 1 });
    expect((await client.getAuditLogs({ timePeriod: "DAY" })).data.length).toBeGreaterThan(0);
    const { data } = await client.getApprovals({ includeAllUsers: true });
    const { requestId } = JSON.parse(data[0]?.requestPayload ?? "{}");
    expect(await client.getApproval(requestId)).toHaveProperty("requestPayload");
  });

  test("a configuration that is refused leaves the one before in place", async () => {
    const { basePath, apiKey, secretKey } = simulator;
    await client.configure({ basePath, apiKey, secretKey });
    const error = await failureOf(client.configure({ basePath, apiKey, secretKey: "broken" }));
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
    expect(await client.getWorkspace()).toHaveProperty("name");
  });

  test("two refused at once leave it in place too", async () => {
    const { basePath, apiKey, secretKey } = simulator;
    await client.configure({ basePath, apiKey, secretKey });
    const broken = () => client.configure({ basePath, apiKey, secretKey: "broken" });
    await Promise.all([failureOf(broken()), failureOf(broken())]);
    expect(await client.getWorkspace()).toHaveProperty("name");
  });

  afterAll(() => client.configure({ basePath: simulator.basePath }));
});

describe("clients side by side", () => {
  test("do not share keys, settings or clocks", async () => {
    const one = await scriptedServer(accepted);
    const two = await scriptedServer(accepted);
    const signing = await signingClient(one);
    const plain = await gatewayClient(two);
    await Promise.all([signing.resetDevice(USER_ID), plain.resetDevice(USER_ID), signing.resetDevice(USER_ID)]);
    expect(one.requests.map((request) => "authorization" in request.headers)).toEqual([true, true]);
    expect(two.requests.map((request) => "authorization" in request.headers)).toEqual([false]);
  });

  test("their functions need no this: taken out, and behind a proxy", async () => {
    const ours = await signingClient(await scriptedServer(accepted));
    const { resetDevice } = ours;
    expect(await resetDevice(USER_ID)).toMatchObject({ attempts: 1 });
    expect(await new Proxy(ours, {}).resetDevice(USER_ID)).toMatchObject({ attempts: 1 });
  });

  test("a hundred calls at once each have a nonce and a key of their own", async () => {
    const server = await scriptedServer(accepted);
    const ours = await signingClient(server, { timeoutMs: 10_000, deadlineMs: 15_000 });
    await Promise.all(Array.from({ length: 100 }, (_, index) => ours.resetDevice(`user-${index}`)));
    expect(new Set(server.requests.map((request) => request.jwt?.claims.nonce)).size).toBe(100);
    expect(new Set(server.requests.map((request) => request.headers["idempotency-key"])).size).toBe(100);
  });
});
