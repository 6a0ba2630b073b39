import { beforeEach, describe, expect, it } from "vitest";
import { requestIn, textsIn, withTextPayload } from "../src/fireblocks/request-payload";
import { LEASE_MS } from "../src/resets/attempt";
import { approvals, cleanWorld, control, db, gateway, people, recordIdOf, userId } from "./setup/world";

let now: number;

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const escaped = (text: string) => text.replace(/[a-z]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`);

/** Fireblocks as it is documented, or with each payload as the object that the text would hold. */
const SHAPES: [string, (payload: string) => unknown][] = [
  ["as a text", (payload) => payload],
  ["as an object", (payload) => JSON.parse(payload)],
  ["as a text with escapes", (payload) => payload.replace(/"[^"]*"/g, escaped)],
];

/** Requests that others have filed, before all that the simulator has. */
let odd: object[] = [];

function shaped(shape: (payload: string) => unknown): typeof fetch {
  const reshape = (item: { requestPayload: string }) => ({ ...item, requestPayload: shape(item.requestPayload) });
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const response = await fetch(request);
    if (!/\/approvals(\/|$)/.test(new URL(request.url).pathname) || !response.ok) return response;
    const body = (await response.json()) as { data?: { requestPayload: string }[]; requestPayload: string };
    if (body.data === undefined) return Response.json(reshape(body));
    const others = odd.map((payload) => ({ requestPayload: JSON.stringify(payload) }));
    return Response.json({ ...body, data: [...others, ...body.data].map(reshape) });
  }) as typeof fetch;
}

describe.each(SHAPES)("where a request's payload comes %s", (_, shape) => {
  const world = (settings = {}) => gateway(settings, { now: () => now, fetch: shaped(shape) });
  const record = async (id: string) => world().as({ email: people.priya, expiresIn: 86_400 }).record(id);

  it("the first attempt's own request is known, and is not sent again", async () => {
    const noor = await userId(people.noor);
    await control("POST", "faults", { match: { operation: "resetDevice" }, cut: "afterEffect" });
    const id = recordIdOf(await world().as({ email: people.amara }).reset(noor));
    const [approval] = await approvals();
    now += LEASE_MS + 1_000;
    await world().sweep();
    expect(await approvals()).toHaveLength(1);
    expect(await record(id)).toMatchObject({ state: "approvalRequested", attempts: 1 });
    const kept = await db.prepare("SELECT approval_request_id FROM resets").first();
    expect(kept).toEqual({ approval_request_id: approval?.id });
  });

  it("the end of one that waits no more is learnt", async () => {
    const id = recordIdOf(
      await world()
        .as({ email: people.amara })
        .reset(await userId(people.noor)),
    );
    now += 11_000;
    await world().sweep();
    const [approval] = await approvals();
    await control("POST", `approvals/${approval?.id}/reject`);
    now += 11_000;
    await world().sweep();
    expect((await record(id)).state).toBe("rejected");
  });

  it("after a gap one without a record is found, and pauses resets", async () => {
    const noor = await userId(people.noor);
    await world().as({ email: people.amara }).reset(noor);
    // Filed elsewhere, at a time that the audit log does not take.
    odd = [
      { requestId: "odd", requestType: "RE_ENROLL_DEVICE", requestTimestamp: 1, userId: await userId(people.jonas) },
    ];
    for (const trigger of ["resets_no_delete", "events_no_delete"]) await db.prepare(`DROP TRIGGER ${trigger}`).run();
    for (const table of ["events", "resets"]) await db.prepare(`DELETE FROM ${table}`).run();
    await db.prepare("UPDATE sweep_mark SET at = ?").bind(now).run();
    now += 12 * 60_000;
    await world().sweep();
    odd = [];
    const pause = await db.prepare("SELECT reason FROM pauses").first<{ reason: string }>();
    expect(pause?.reason).toContain(noor);
  });
});

it("what is no item says nothing, and is one all the same", () => {
  for (const odd of [null, "text", 7, []]) {
    const item = withTextPayload(odd);
    expect(requestIn(item)).toBeUndefined();
    expect(textsIn(item).size).toBe(0);
  }
  expect(withTextPayload({ requestPayload: null, userStatus: "x" })).toEqual({ userStatus: "x" });
  expect(requestIn({ requestPayload: "null" })).toBeUndefined();
  expect(requestIn({ requestPayload: "[1" })).toBeUndefined();
});

it("an end that is no time is none, and parts of a second are no obstacle", () => {
  const endOf = (expiresAt: string) =>
    requestIn({ requestPayload: `{"requestId":"r","requestTimestamp":1,"expiresAt":${expiresAt}}` });
  for (const odd of ["1e400", "9e15", '"soon"', "null"]) expect(endOf(odd)).toEqual({ id: "r", at: 1 });
  expect(endOf("1795467745.12345")).toEqual({ id: "r", at: 1, expiresAt: 1_795_467_745_123 });
});

it("texts are found however deep, in names and in texts that are JSON, but not without end", () => {
  const inner = JSON.stringify({ users: [{ "user-1": "user-2" }] });
  expect([...textsIn(withTextPayload({ requestPayload: { data: inner } }))]).toEqual(
    expect.arrayContaining(["user-1", "user-2"]),
  );
  let deep: unknown = "user-3";
  for (let level = 0; level < 40; level++) deep = { deep };
  expect(textsIn(withTextPayload({ requestPayload: deep })).has("user-3")).toBe(false);
});
