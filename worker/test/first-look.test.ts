import { beforeEach, describe, expect, it } from "vitest";
import {
  approvals,
  cleanWorld,
  control,
  db,
  endlessApprovals,
  gateway,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
  type World,
} from "./setup/world";

beforeEach(cleanWorld);

/** A reset that was accepted, and all that came after the answer. */
async function accepted(world: World): Promise<string> {
  const id = recordIdOf(await world.as({ email: people.amara }).reset(await userId(people.noor)));
  await world.settled();
  return id;
}

const known = (id: string) =>
  db
    .prepare("SELECT state, outcome, version, approval_request_id, own_request FROM resets WHERE id = ?")
    .bind(id)
    .first();

/** Lets requests for approvals after the first one wait until they are let go; counts all of them. */
function heldApprovals() {
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  const held = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    if (new URL(request.url).pathname.endsWith("/approvals") && ++reads > 1) await gate.promise;
    return fetch(request);
  }) as typeof fetch;
  return { fetch: held, release: gate.resolve, reads: () => reads };
}

describe("after a reset was accepted its request is looked for once", () => {
  it("so that it is known as this record's where it is decided on before the sweep comes by", async () => {
    const world = gateway();
    const id = await accepted(world);
    const [approval] = await approvals();
    expect(await known(id)).toMatchObject({ approval_request_id: approval?.id, own_request: "found" });
    await control("POST", `approvals/${approval?.id}/reject`);
    await world.sweep();
    expect(await world.as({ email: people.priya }).record(id)).toMatchObject({ state: "rejected", open: false });
  });

  it("also where a second person has released it", async () => {
    const world = gateway({ REQUIRE_SECOND_PERSON: "true" });
    const id = await accepted(world);
    expect(await known(id)).toMatchObject({ state: "proposed", approval_request_id: null });
    expect((await world.as({ email: people.jonas }).post(`/api/resets/${id}/release`)).status).toBe(200);
    await world.settled();
    const [approval] = await approvals();
    expect(await known(id)).toMatchObject({ state: "approvalRequested", approval_request_id: approval?.id });
  });

  it("by a look that the answer does not wait for, and that changes nothing of the outcome", async () => {
    const held = heldApprovals();
    const world = gateway({}, { fetch: held.fetch });
    const response = await world.as({ email: people.amara }).reset(await userId(people.noor));
    expect(response.status).toBe(200);
    const before = await known(recordIdOf(response));
    expect(before).toMatchObject({ state: "approvalRequested", outcome: "accepted", approval_request_id: null });
    held.release();
    await world.settled();
    const [approval] = await approvals();
    expect(await known(recordIdOf(response))).toEqual({
      ...before,
      approval_request_id: approval?.id,
      own_request: "found",
    });
  });

  it("where another one waits for the same user that could be it, neither is taken for it", async () => {
    const held = heldApprovals();
    const world = gateway({}, { fetch: held.fetch });
    const noor = await userId(people.noor);
    const response = await world.as({ email: people.amara }).reset(noor);
    // In the same second, by another tool.
    const { createClient } = await import("fireblocks-reset-device");
    const { apiKey } = await control<{ apiKey: string }>("POST", "api_keys", { role: "ADMIN", sharedKey: true });
    const { FIREBLOCKS_BASE_PATH: basePath, FIREBLOCKS_SECRET_KEY: secretKey } = world.env;
    const other = await createClient({ basePath, apiKey, secretKey });
    await other.resetDevice(noor);
    held.release();
    await world.settled();
    expect(await approvals(noor)).toHaveLength(2);
    expect(await known(recordIdOf(response))).toMatchObject({ approval_request_id: null, own_request: null });
  });

  it.each<[string, () => Promise<unknown>, Settings, number]>([
    ["approvals are not to be looked at", async () => undefined, { APPROVALS_CHECK: "off" }, 0],
    [
      "Fireblocks asks to be left alone",
      () =>
        control("POST", "faults", { match: { operation: "getWorkspace" }, status: 429, retryAfter: "60", times: 2 }),
      {},
      1,
    ],
    ["the key may not read them", () => control("PATCH", "settings", { approvalsReadable: false }), {}, 1],
  ])("but not where %s", async (_, arrange, settings, reads) => {
    await userId(people.noor);
    await control("POST", "clear");
    await arrange();
    const id = await accepted(gateway(settings));
    expect(await known(id)).toMatchObject({ outcome: "accepted", approval_request_id: null });
    expect(await upstreamLog("getApprovals")).toHaveLength(reads);
  });

  it("and a look that fails is told in the log, and to nobody else", async () => {
    let reads = 0;
    const failing = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input as RequestInfo, init);
      const isSecond = new URL(request.url).pathname.endsWith("/approvals") && ++reads > 1;
      return isSecond ? new Response("no", { status: 500 }) : fetch(request);
    }) as typeof fetch;
    const world = gateway({}, { fetch: failing });
    const id = await accepted(world);
    expect(await known(id)).toMatchObject({ state: "approvalRequested", outcome: "accepted" });
    expect(world.log).toContainEqual(expect.objectContaining({ event: "firstLookFailed", recordId: id }));
  });
});

it("a list with more pages than are read tells nothing of whose a request is", async () => {
  const endless = endlessApprovals();
  let isEndless = false;
  const world = gateway(
    {},
    {
      fetch: (async (input: RequestInfo | URL, init?: RequestInit) => {
        const request = new Request(input as RequestInfo, init);
        if (request.method === "POST") isEndless = true;
        return isEndless ? endless(request) : fetch(request);
      }) as typeof fetch,
    },
  );
  expect(await known(await accepted(world))).toMatchObject({ outcome: "accepted", approval_request_id: null });
});
