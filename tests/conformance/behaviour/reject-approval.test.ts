// Saying no to an approval request: what is sent, and the same rules of outcome as those of a reset.

import { beforeEach, describe, expect, test } from "vitest";
import { failureOf, gatewayClient, signingClient, simulatorClient } from "../support/clients.ts";
import { type Answer, accepted, scriptedServer } from "../support/scripted-server.ts";
import { startSimulator } from "../support/simulator.ts";

const simulator = await startSimulator();
const { control } = simulator;
const client = await simulatorClient(simulator);

const REQUEST_ID = "0d0f7a3c-6f4e-4f5e-9d43-2a1d0b8f6c11";

describe("on the wire", () => {
  test("a POST to the request's own path, signed as written, with a key and no body", async () => {
    const server = await scriptedServer({ status: 204, headers: { "X-Request-ID": "r" } });
    const receipt = await (await signingClient(server)).rejectApproval("a b/c", "stop-1");
    expect(receipt).toEqual({ requestId: "r", idempotencyKey: "stop-1", attempts: 1 });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: "POST", target: "/v1/approvals/a%20b%2Fc/reject", body: "" });
    expect(request?.jwt?.claims.uri).toBe(request?.target);
    expect(request?.headers["idempotency-key"]).toBe("stop-1");
    expect(request?.headers).not.toHaveProperty("content-type");
  });

  test("a key is made where none is given, and kept through the retries", async () => {
    const server = await scriptedServer("hangUp", { status: 204 });
    const receipt = await (await signingClient(server)).rejectApproval(REQUEST_ID);
    expect(receipt.attempts).toBe(2);
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"]))).toEqual(
      new Set([receipt.idempotencyKey]),
    );
  });

  test.each<[string, unknown, unknown, object | undefined, RegExp]>([
    ["an id that is a step in the path", "..", undefined, undefined, /The approval request's id must not be/],
    ["no id", undefined, undefined, undefined, /The approval request's id must be a string/],
    ["a key that is too long", REQUEST_ID, "k".repeat(41), undefined, /40/],
    ["an option that is not usable", REQUEST_ID, "k", { timeoutMs: -1 }, /timeoutMs/],
  ])("%s is refused before anything is sent", async (_, id, key, options, reason) => {
    const server = await scriptedServer(accepted);
    const call = (await signingClient(server)).rejectApproval(id as string, key as string, options);
    const error = await failureOf(call);
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
    expect(error.message).toMatch(reason);
    expect(server.requests).toEqual([]);
  });
});

describe("what an answer means", () => {
  const spent = "This operation doesn't support the usage of the same idempotency key after an internal error";
  test.each<[string, Answer, object, RegExp]>([
    [
      "403",
      { status: 403 },
      { kind: "forbidden", outcome: "refused" },
      /may act on this request.*Nothing was rejected/,
    ],
    ["400", { status: 400, body: '{"message":"no","code":400}' }, { outcome: "refused" }, /no\. Nothing was rejected/],
    [
      "409",
      { status: 409, body: '{"message":"not pending"}' },
      { kind: "conflict", outcome: "refused" },
      /not pending/,
    ],
    ["500", { status: 500 }, { kind: "server", outcome: "unknown" }, /may be rejected:.*with a new idempotency key/],
    [
      "a key that is spent",
      { status: 400, body: JSON.stringify({ message: spent }) },
      { kind: "idempotencyKeySpent", outcome: "unknown" },
      /may be rejected:.*with a new idempotency key/,
    ],
    ["no response", "hangUp", { kind: "network", outcome: "unknown" }, /may be rejected:.*the same idempotency key/],
    [
      "a portal",
      { body: "<html>Sign in</html>" },
      { kind: "unexpectedResponse", outcome: "unknown" },
      /may be rejected/,
    ],
  ])("%s", async (_, answer, told, message) => {
    const ours = await signingClient(await scriptedServer(answer), { maxRetries: 0 });
    const error = await failureOf(ours.rejectApproval(REQUEST_ID));
    expect(error).toMatchObject(told);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("filed");
  });

  test("what a call has left open stays open for its key, and for a rejection alone", async () => {
    const refused: Answer = { status: 403 };
    const ours = await signingClient(await scriptedServer("hangUp", refused), { maxRetries: 0 });
    await failureOf(ours.rejectApproval(REQUEST_ID, "k-1"));
    const again = await failureOf(ours.rejectApproval(REQUEST_ID, "k-1"));
    expect(again).toMatchObject({ kind: "forbidden", outcome: "unknown" });
    expect(again.message).toContain("An earlier attempt may have rejected the approval request");
    expect((await failureOf(ours.rejectApproval(REQUEST_ID, "k-2"))).outcome).toBe("refused");
    expect((await failureOf(ours.resetDevice(REQUEST_ID, "k-1"))).outcome).toBe("refused");
  });

  test("a gateway has the last word", async () => {
    const body = JSON.stringify({ message: "Not yours. Nothing was sent.", outcome: "notSent" });
    const ours = await gatewayClient(await scriptedServer({ status: 403, body }));
    const error = await failureOf(ours.rejectApproval(REQUEST_ID));
    expect(error).toMatchObject({ outcome: "notSent", message: "Not yours. Nothing was sent (HTTP 403)." });
  });
});

describe("against the simulator", () => {
  /** The approval request of a reset that was just asked for. */
  async function filed(): Promise<string> {
    const { users } = await client.getConsoleUsers();
    const userId = users.find(({ email }) => email === "noor.haddad@northwind.example")?.id ?? "";
    await client.resetDevice(userId);
    return (await control.approvals(userId))[0]?.id ?? "";
  }
  const statusOf = async (id: string) =>
    (await client.getApproval(id, { quorumStatusMode: "SUMMARY" })).quorumStatus?.requestStatus;

  beforeEach(() => control.clear());

  test("where the API user is eligible the request is rejected, once for each key", async () => {
    await control.set({ apiUserEligible: true });
    const id = await filed();
    const receipt = await client.rejectApproval(id, "stop-1");
    expect(receipt).toMatchObject({ idempotencyKey: "stop-1", attempts: 1, lifecycle: { state: "beta" } });
    expect(await statusOf(id)).toBe("REJECTED");
    await client.rejectApproval(id, "stop-1");
    expect(await failureOf(client.rejectApproval(id, "stop-2"))).toMatchObject({
      kind: "conflict",
      outcome: "refused",
    });
    const sent = (await control.requestsTo("/reject")).map(({ effect, jwt }) => [effect, jwt?.verified]);
    expect(sent).toEqual([true, false, false].map((effect) => [effect, true]));
  });

  test.each([403, 400])("where it is not, which may be told by %d, it goes on waiting", async (status) => {
    await control.set({ apiUserEligible: false });
    const id = await filed();
    if (status !== 403) {
      const body = JSON.stringify({
        message: "The user is not eligible to act on this approval request",
        code: status,
      });
      await control.order({ match: { operation: "rejectApproval" }, status, body });
    }
    const error = await failureOf(client.rejectApproval(id));
    expect(error).toMatchObject({ status, outcome: "refused" });
    expect(error.message).toContain("not eligible");
    expect(await statusOf(id)).toBe("PENDING");
  });

  test("an answer that was lost is unknown, and the same key asked again tells", async () => {
    await control.set({ apiUserEligible: true });
    const id = await filed();
    await control.order({ match: { operation: "rejectApproval" }, cut: "afterEffect" });
    const lost = await failureOf(client.rejectApproval(id, "stop-1", { maxRetries: 0 }));
    expect(lost).toMatchObject({ kind: "network", outcome: "unknown" });
    expect(await statusOf(id)).toBe("REJECTED");
    expect(await client.rejectApproval(id, "stop-1")).toMatchObject({ attempts: 1 });
  });
});
