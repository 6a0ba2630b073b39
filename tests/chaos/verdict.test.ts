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
  help_request_id: null,
  proofs: null,
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

/** One that its person stopped, and one that its person contested. */
const stopped: StoredReset = {
  ...withdrawn,
  id: "p",
  user_id: "user-p",
  caller_key: "key-p",
  upstream_key: "upstream-p",
  state: "stopped",
  outcome: "notSent",
};
const contested: StoredReset = {
  ...unknown,
  id: "c",
  version: 4,
  user_id: "user-c",
  caller_key: "key-c",
  upstream_key: "upstream-c",
};
/** One that waited and left, and one that found an obstacle. */
const left: StoredReset = {
  ...accepted,
  id: "l",
  version: 6,
  user_id: "user-l",
  caller_key: "key-l",
  upstream_key: "upstream-l",
};
const held: StoredReset = {
  ...withdrawn,
  id: "h",
  version: 3,
  user_id: "user-h",
  caller_key: "key-h",
  upstream_key: "upstream-h",
  outcome: "notSent",
};

const codeMatched = JSON.stringify([{ proof: "codeMatched", at: 900, by: "one@example.com" }]);
/** One that a match serves, one that the same match was given for and Fireblocks refused, and one that could not be written. */
const proven: StoredReset = {
  ...accepted,
  id: "m",
  user_id: "user-m",
  caller_key: "key-m",
  upstream_key: "upstream-m",
  help_request_id: "help-m",
  proofs: codeMatched,
};
const vain: StoredReset = {
  ...proven,
  ...{ id: "v", created_at: 500, closed_at: 600, state: "refused", open: 0, outcome: "refused" },
  ...{ caller_key: "key-v", upstream_key: "upstream-v" },
};
const never: StoredReset = {
  ...neverSent,
  id: "x",
  user_id: "user-m",
  caller_key: "key-x",
  upstream_key: "upstream-x",
  help_request_id: "help-m",
  proofs: codeMatched,
};

/** The code of a request for help was renewed after three wrong tries, and once the person said no. */
const helpEvents: Found["helpEvents"] = [
  ["asked"],
  ["codeGiven", { code: 1 }],
  ["codeWrong", { code: 1 }],
  ["codeWrong", { code: 1 }],
  ["codeWrong", { code: 1 }],
  ["codeGiven", { code: 2 }],
  ["matched", { code: 2 }, "two@example.com"],
  ["denied"],
  ["codeGiven", { code: 3 }],
  ["codeWrong", { code: 3 }],
  ["matched", { code: 3 }, "one@example.com"],
  ["confirmed"],
  ["used", { recordId: "v" }, "one@example.com"],
  ["used", { recordId: "m" }, "one@example.com"],
].map(([event, detail, actor], index) => ({
  help_id: "help-m",
  seq: index + 1,
  event: String(event),
  actor: actor === undefined ? "m@example.com" : String(actor),
  detail: detail === undefined ? null : JSON.stringify(detail),
}));

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
  resets: [
    ...[refused, accepted, neverSent, unknown, withdrawn, released, stopped, contested, left, held],
    ...[vain, proven, never],
  ],
  events: [
    ...story("n", "refused"),
    ...story("r", "recorded", "attempt", "refused"),
    ...story("a", "recorded", "attempt", "approvalRequested"),
    ...story("u", "recorded", "attempt", "unknown"),
    ...story("w", "proposed", "withdrawn"),
    ...story("p", "proposed", "stopped"),
    ...story("c", "recorded", "attempt", "contested", "unknown"),
    ...story("s", "proposed", "released", "attempt", "approvalRequested"),
    ...story("l", "proposed", "released", "waiting", "left", "attempt", "approvalRequested"),
    ...story("h", "recorded", "waiting", "withdrawn"),
    ...story("v", "recorded", "attempt", "refused"),
    ...story("m", "recorded", "attempt", "approvalRequested"),
    ...story("x", "refused"),
  ],
  helps: [{ id: "help-m", version: helpEvents.length, user_id: "user-m" }],
  helpEvents,
  approvals: [
    { userId: "user-a", idempotencyKey: "upstream-a" },
    { userId: "user-u", idempotencyKey: "upstream-u" },
    { userId: "user-s", idempotencyKey: "upstream-s" },
    { userId: "user-l", idempotencyKey: "upstream-l" },
    { userId: "user-m", idempotencyKey: "upstream-m" },
  ],
  told: [
    { key: "key-a", status: 429, outcome: "refused", sentAt: 390, at: 400 },
    { key: "key-a", status: 403, outcome: "refused", recordId: "r", sentAt: 490, at: 600 },
    { key: "key-a", status: 503, outcome: "notSent", sentAt: 690, at: 700 },
    { key: "key-a", status: 200, recordId: "a", sentAt: 950, at: 1_100 },
    { key: "key-b", status: 409, outcome: "refused", recordId: "a", sentAt: 1_150, at: 1_200 },
    // Two answers that leave it open: none, and one that names the record.
    { key: "key-u", sentAt: 900, at: 950 },
    { key: "key-n", status: 503, outcome: "unknown", code: 1502, recordId: "n", sentAt: 1_400, at: 1_450 },
    { key: "key-s", status: 202, recordId: "s", sentAt: 990, at: 1_400 },
    { key: "key-s", status: 503, outcome: "refused", releasing: true, sentAt: 1_450, at: 1_500 },
    { key: "key-s", status: 200, recordId: "s", releasing: true, sentAt: 1_550, at: 1_600 },
    { key: "key-w", status: 202, recordId: "w", sentAt: 450, at: 550 },
    { key: "key-p", status: 202, recordId: "p", sentAt: 450, at: 550 },
    { key: "key-h", status: 202, recordId: "h", sentAt: 450, at: 550 },
    { key: "key-c", sentAt: 900, at: 950 },
    { key: "key-l", status: 202, recordId: "l", sentAt: 990, at: 1_400 },
    { key: "key-v", status: 403, outcome: "refused", recordId: "v", sentAt: 490, at: 600 },
    { key: "key-m", status: 200, recordId: "m", sentAt: 990, at: 1_100 },
    { key: "key-x", status: 503, outcome: "unknown", code: 1502, recordId: "x", sentAt: 1_400, at: 1_450 },
    // The match is tried again, and the answer names the record that it has served.
    { key: "key-y", status: 422, outcome: "refused", code: 1313, recordId: "m", sentAt: 1_500, at: 1_550 },
  ],
  heard: [
    ...messages("n.1 refused", "r.2 sending", "r.3 refused", "a.2 sending", "a.3 approvalRequested", "u.2 sending"),
    ...messages("u.3 unknown", "w.1 proposed", "w.2 withdrawn", "s.1 proposed", "s.3 sending", "s.4 approvalRequested"),
    ...messages("p.1 proposed", "p.2 stopped", "c.2 sending", "c.3.contested contested", "c.4 unknown"),
    ...messages("l.1 proposed", "l.3 waiting", "l.5 sending", "l.6 approvalRequested", "h.2 waiting", "h.3 withdrawn"),
    ...messages("v.2 sending", "v.3 refused", "m.2 sending", "m.3 approvalRequested", "x.1 refused"),
    // Told twice, and the first time in vain.
    ...messages("a.2 sending").map((message) => ({ ...message, taken: false })),
  ],
  beforeGap: [{ id: "u", attempts: 1 }],
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
const told = (line: Omit<Found["told"][number], "at" | "sentAt">): Found => ({
  ...good,
  told: [{ ...line, sentAt: 0, at: 2_000 }],
});
/** Of all that was asked with one key, only this. */
const toldAlone = (line: Found["told"][number]): Found => ({
  ...good,
  told: [...good.told.filter(({ key }) => key !== line.key), line],
});

/** The story of the request for help, with one line another or left out. */
const helpStory = (seq: number, change?: Partial<Found["helpEvents"][number]>): Found => ({
  ...good,
  helpEvents: helpEvents.flatMap((line) =>
    line.seq === seq ? (change === undefined ? [] : [{ ...line, ...change }]) : [line],
  ),
});

const stray = { seq: 9, source: "sweep", actor: null };

/** A success that was told and could not be written down; when the sweep came, it was too late to find it out. */
const leftToPerson: Found = {
  ...told({ key: "key-u", status: 200, recordId: "u" }),
  events: good.events.map((line) =>
    line.reset_id === "u" && line.event === "unknown" ? { ...line, source: "sweep" } : line,
  ),
};

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
    // Fireblocks' own answer was written down, or nothing was filed.
    told({ key: "key-u", status: 200, recordId: "u" }),
    { ...leftToPerson, approvals: [] },
    told({ key: "key-a", status: 403, outcome: "refused", recordId: "a" }),
    told({ key: "key-u", status: 403, outcome: "refused", recordId: "u" }),
    told({ key: "key-u", status: 500, outcome: "notSent", recordId: "u" }),
    told({ key: "key-a", status: 503, outcome: "refused" }),
    told({ key: "key-u", status: 503, outcome: "notSent" }),
    told({ key: "key-u", status: 202, recordId: "lost" }),
    told({ key: "key-s", status: 200, recordId: "w", releasing: true }),
  ],
  "nothing is recorded after its asker was told that nothing was": [
    toldAlone({ key: "key-u", status: 503, outcome: "unknown", code: 1506, sentAt: 100, at: 800 }),
    toldAlone({ key: "key-a", status: 429, outcome: "refused", sentAt: 100, at: 800 }),
    toldAlone({ key: "key-u", sentAt: 1_200, at: 1_300 }),
    toldAlone({ key: "key-u", status: 200, recordId: "u", releasing: true, sentAt: 100, at: 1_300 }),
  ],
  "what dates from before a gap of the sweep is not sent again": [
    { ...good, beforeGap: [{ id: "u", attempts: 0 }] },
    { ...good, beforeGap: [{ id: "lost", attempts: 1 }] },
  ],
  "what was proposed was sent only after a second person released it": [
    { ...good, events: good.events.filter((line) => line.event !== "released") },
    {
      ...good,
      events: good.events.map((line) => (line.actor === null ? line : { ...line, actor: "one@example.com" })),
    },
  ],
  "each request for help has its whole story": [
    helpStory(3),
    helpStory(3, { seq: 2 }),
    { ...good, helps: good.helps.map((help) => ({ ...help, version: 99 })) },
  ],
  "wrong tries never pass three for a code, and then it matches no more": [
    helpStory(6, { event: "codeWrong", detail: '{"code":1}' }),
    helpStory(7, { detail: '{"code":1}' }),
  ],
  "a match serves one record alone": [
    replaced("v", { state: "settled" }),
    replaced("v", { state: "stopped" }),
    replaced("a", { help_request_id: "help-m" }),
    filed("user-m", "upstream-v"),
    helpStory(14),
    helpStory(14, { detail: '{"recordId":"other"}' }),
  ],
  "no record has the proof codeMatched without its person's and its asker's part in it": [
    replaced("a", { proofs: codeMatched }),
    replaced("a", { proofs: codeMatched, help_request_id: "help-m" }),
    replaced("m", { user_id: "user-a" }),
    replaced("m", { asked_by: "two@example.com" }),
    replaced("x", { asked_by: "three@example.com" }),
    replaced("x", { state: "sending" }),
    helpStory(11),
    helpStory(12),
    helpStory(12, { event: "denied" }),
    helpStory(14),
  ],
  "what the person stopped never leaves": [
    filed("user-p", "upstream-p"),
    replaced("p", { state: "approvalRequested" }),
    { ...good, events: [...good.events, { ...stray, reset_id: "p", event: "attempt" }] },
  ],
  "what the person contested is not sent again": [
    { ...good, events: [...good.events, { ...stray, reset_id: "c", event: "attempt" }] },
  ],
  "what waited has left once, or is told as not sent": [
    { ...good, events: good.events.filter((line) => line.event !== "left") },
    { ...good, events: [...good.events, { ...(story("l", "left")[0] as Found["events"][number]), seq: 7 }] },
    { ...good, events: [...story("l", "attempt"), ...good.events] },
    replaced("h", { outcome: null }),
    replaced("h", { state: "refused" }),
    filed("user-h", "upstream-h"),
    { ...good, heard: good.heard.filter(({ id }) => id !== "h.3") },
  ],
  "each change of state was told, and taken": [
    { ...good, heard: good.heard.filter(({ id }) => id !== "l.5") },
    { ...good, heard: good.heard.filter(({ id }) => id !== "s.3") },
    heard(...messages("u.3 unknown").map((message) => ({ ...message, taken: false }))),
    heard(...messages("u.3 refused")),
  ],
  "nothing of ours is told as made elsewhere, but for what one request has filed twice": [
    heard({ ...(good.heard[0] as Found["heard"][number]), id: "x.found", type: "elsewhere.found", recordId: "" }),
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

it("a success may be told whose record is left to a person, since it could not be written down", () => {
  expect(rules["what a client was told is what the record says"](leftToPerson)).toEqual([]);
});
