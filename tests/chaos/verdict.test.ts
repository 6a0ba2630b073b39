/** The rules themselves: each sees what it is there to see. */
import { describe, expect, it } from "vitest";
import { type Found, type RuleName, ruleNames, rules, type StoredReset } from "./support/verdict.ts";

const accepted: StoredReset = {
  id: "a",
  version: 3,
  created_at: 1_000,
  closed_at: null,
  state: "approvalRequested",
  open: 1,
  user_id: "user-a",
  asked_by: "one@example.com",
  caller_key: "key-a",
  upstream_key: "upstream-a",
  attempts: 1,
  outcome: "accepted",
};
const refused: StoredReset = {
  ...accepted,
  id: "r",
  created_at: 500,
  closed_at: 600,
  state: "refused",
  open: 0,
  upstream_key: "upstream-r",
  outcome: "refused",
};
/** What takes the place of a record that could not be written. */
const neverSent: StoredReset = {
  ...refused,
  id: "n",
  version: 1,
  created_at: 1_500,
  closed_at: 1_500,
  caller_key: "key-n",
  upstream_key: "upstream-n",
  attempts: 0,
  outcome: "notSent",
};
const unknown: StoredReset = {
  ...accepted,
  id: "u",
  state: "unknown",
  user_id: "user-u",
  caller_key: "key-u",
  upstream_key: "upstream-u",
  outcome: "unknown",
};

/** One that a second person released, and one that nobody did. */
const released: StoredReset = {
  ...accepted,
  id: "s",
  version: 4,
  user_id: "user-s",
  caller_key: "key-s",
  upstream_key: "upstream-s",
};
const withdrawn: StoredReset = {
  ...refused,
  id: "w",
  version: 2,
  user_id: "user-s",
  caller_key: "key-w",
  upstream_key: "upstream-w",
  state: "withdrawn",
  attempts: 0,
  outcome: null,
};

const story = (id: string, ...events: string[]) =>
  events.map((event, index) => ({
    reset_id: id,
    seq: index + 1,
    event,
    source: "worker",
    actor: event === "released" ? "two@example.com" : null,
  }));

const messages = (...ids: string[]) =>
  ids.map((text) => {
    const [id = "", state] = text.split(" ");
    const [recordId = ""] = id.split(".");
    return { id, type: `reset.${state}`, recordId, taken: true, genuine: true };
  });

const good: Found = {
  resets: [refused, accepted, neverSent, unknown, withdrawn, released],
  events: [
    ...story("n", "refused"),
    ...story("r", "recorded", "attempt", "refused"),
    ...story("a", "recorded", "attempt", "approvalRequested"),
    ...story("u", "recorded", "attempt", "unknown"),
    ...story("w", "proposed", "withdrawn"),
    ...story("s", "proposed", "released", "attempt", "approvalRequested"),
  ],
  approvals: [
    { userId: "user-a", idempotencyKey: "upstream-a" },
    { userId: "user-u", idempotencyKey: "upstream-u" },
    { userId: "user-s", idempotencyKey: "upstream-s" },
  ],
  told: [
    { key: "key-a", status: 429, outcome: "refused", at: 400 },
    { key: "key-a", status: 403, outcome: "refused", recordId: "r", at: 600 },
    { key: "key-a", status: 503, outcome: "notSent", at: 700 },
    { key: "key-a", status: 200, recordId: "a", at: 1_100 },
    { key: "key-b", status: 409, outcome: "refused", recordId: "a", at: 1_200 },
    { key: "key-u", at: 1_300 },
    { key: "key-s", status: 202, recordId: "s", at: 1_400 },
    { key: "key-s", status: 503, outcome: "refused", releasing: true, at: 1_500 },
    { key: "key-s", status: 200, recordId: "s", releasing: true, at: 1_600 },
  ],
  heard: [
    ...messages("n.1 refused", "r.2 sending", "r.3 refused", "a.2 sending", "a.3 approvalRequested", "u.2 sending"),
    ...messages("u.3 unknown", "w.1 proposed", "w.2 withdrawn", "s.1 proposed", "s.3 sending", "s.4 approvalRequested"),
    // Told twice, and the first time in vain.
    ...messages("a.2 sending").map((message) => ({ ...message, taken: false })),
  ],
};

const replaced = (id: string, change: Partial<StoredReset>): Found => ({
  ...good,
  resets: good.resets.map((reset) => (reset.id === id ? { ...reset, ...change } : reset)),
});
const filed = (userId: string, idempotencyKey?: string): Found => ({
  ...good,
  approvals: [...good.approvals, { userId, ...(idempotencyKey !== undefined && { idempotencyKey }) }],
});
const heard = (...changed: Found["heard"]): Found => ({
  ...good,
  heard: [...good.heard.filter(({ id }) => !changed.some((message) => message.id === id)), ...changed],
});
const told = (line: Omit<Found["told"][number], "at">): Found => ({ ...good, told: [{ ...line, at: 2_000 }] });

/** For each rule, what breaks it. */
const bad: Record<RuleName, Found[]> = {
  "each accepted reset has exactly one approval": [{ ...good, approvals: [] }, filed("user-a", "upstream-a")],
  "each refused reset has none": [filed("user-a", "upstream-r")],
  "each unknown reset has one at most": [filed("user-u", "upstream-u")],
  "each unknown reset is flagged, and keeps its user's lock until a person settles it": [
    replaced("u", { open: 0, closed_at: 2_000 }),
    replaced("u", { state: "approvalRequested" }),
    { ...good, events: good.events.filter((line) => line.event !== "unknown") },
  ],
  "no record is incomplete": [
    replaced("a", { state: "sending" }),
    replaced("a", { state: "recorded" }),
    replaced("a", { outcome: null }),
  ],
  "each record has its whole story": [
    replaced("a", { version: 4 }),
    replaced("a", { attempts: 2 }),
    { ...good, events: good.events.filter((line) => line.seq !== 2) },
  ],
  "nothing was sent without a durable record": [
    filed("user-a", "nobody's"),
    filed("user-a"),
    filed("user-other", "upstream-a"),
  ],
  "no user has two open resets": [
    replaced("r", { closed_at: 1_001 }),
    replaced("w", { closed_at: 1_001 }),
    { ...good, resets: [...good.resets, { ...accepted, id: "b", created_at: 1_500 }] },
  ],
  "one key files one approval, however often it is sent again": [filed("user-a", "upstream-r")],
  "what a client was told is what the record says": [
    told({ key: "key-a", status: 200 }),
    told({ key: "key-a", status: 200, recordId: "lost" }),
    told({ key: "key-r", status: 200, recordId: "r" }),
    told({ key: "key-a", status: 403, outcome: "refused", recordId: "a" }),
    told({ key: "key-u", status: 403, outcome: "refused", recordId: "u" }),
    told({ key: "key-u", status: 500, outcome: "notSent", recordId: "u" }),
    told({ key: "key-a", status: 503, outcome: "refused" }),
    told({ key: "key-u", status: 503, outcome: "notSent" }),
    told({ key: "key-u", status: 202, recordId: "lost" }),
    told({ key: "key-s", status: 200, recordId: "w", releasing: true }),
  ],
  "what was proposed was sent only after a second person released it": [
    { ...good, events: good.events.filter((line) => line.event !== "released") },
    {
      ...good,
      events: good.events.map((line) => (line.actor === null ? line : { ...line, actor: "one@example.com" })),
    },
  ],
  "each change of state was told, and taken": [
    { ...good, heard: good.heard.filter(({ id }) => id !== "s.3") },
    heard(...messages("u.3 unknown").map((message) => ({ ...message, taken: false }))),
    heard(...messages("u.3 refused")),
  ],
  "nothing was told that has not happened, and all of it was signed": [
    heard(...messages("a.4 completed")),
    heard(...messages("a.3 refused")),
    heard(...messages("a.3 approvalRequested").map((message) => ({ ...message, genuine: false }))),
    heard(...messages("a.3 approvalRequested").map((message) => ({ ...message, recordId: "r" }))),
  ],
};

describe.each(ruleNames)("the rule “%s”", (name) => {
  it("holds where all is well", () => expect(rules[name](good)).toEqual([]));

  it.each(bad[name].map((found, index) => [index + 1, found] as const))("is broken by example %i", (_, found) =>
    expect(rules[name](found)).not.toEqual([]),
  );
});
