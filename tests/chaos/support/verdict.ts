/** What must hold of every durable record, whatever failed: pure rules over what was found, each with its name. */

/** A row of the table `resets`, as far as the rules look at it. */
export interface StoredReset {
  id: string;
  version: number;
  created_at: number;
  closed_at: number | null;
  state: string;
  open: 0 | 1;
  user_id: string;
  asked_by: string;
  caller_key: string | null;
  upstream_key: string;
  attempts: number;
  outcome: string | null;
}

export interface StoredEvent {
  reset_id: string;
  seq: number;
  event: string;
  source: string;
  actor: string | null;
}

/** An approval request that the simulator holds. */
export interface Filed {
  userId: string;
  idempotencyKey?: string;
}

/** What a client was told, in answer to one request. `status` is undefined where no answer came. */
export interface Told {
  key: string;
  status?: number;
  outcome?: string;
  /** The record that the answer names. */
  recordId?: string;
  /** Whether a second person was told it, who released what the key had proposed. */
  releasing?: boolean;
  /** When the answer came, or was given up: epoch milliseconds. */
  at: number;
}

/** A message that came to whoever is told of changes of state. */
export interface Heard {
  id: string;
  type: string;
  recordId: string;
  /** Whether it was answered with success; otherwise it has to come again. */
  taken: boolean;
  /** Whether its signature is right. */
  genuine: boolean;
}

export interface Found {
  resets: StoredReset[];
  events: StoredEvent[];
  approvals: Filed[];
  told: Told[];
  heard: Heard[];
}

/** What a record says became of its reset. */
export type Kind = "accepted" | "refused" | "unknown" | "incomplete";

export function kindOf(reset: Pick<StoredReset, "state" | "outcome">): Kind {
  // A proposal that nobody released: nothing was sent, and it is closed.
  if (reset.state === "withdrawn") return "refused";
  if (["recorded", "sending", "proposed"].includes(reset.state) || reset.outcome === null) return "incomplete";
  if (reset.outcome === "accepted") return "accepted";
  return reset.outcome === "unknown" ? "unknown" : "refused";
}

/** Each rule gives a sentence for each record that breaks it. */
export const rules = {
  "each accepted reset has exactly one approval": ({ resets, approvals }: Found) =>
    broken(resets, "accepted", filedByKey(approvals), (filed) => filed === 1),

  "each refused reset has none": ({ resets, approvals }: Found) =>
    broken(resets, "refused", filedByKey(approvals), (filed) => filed === 0),

  "each unknown reset has one at most": ({ resets, approvals }: Found) =>
    broken(resets, "unknown", filedByKey(approvals), (filed) => filed <= 1),

  "each unknown reset is flagged, and keeps its user's lock until a person settles it": ({ resets, events }: Found) =>
    resets
      .filter((reset) => kindOf(reset) === "unknown")
      .filter(
        ({ id, state, open }) =>
          state !== "unknown" || open !== 1 || !events.some((line) => line.reset_id === id && line.event === "unknown"),
      )
      .map(({ id, state, open }) => `${id} is ${state}, open ${open}`),

  "no record is incomplete": ({ resets }: Found) =>
    resets
      .filter((reset) => kindOf(reset) === "incomplete")
      .map(({ id, state, attempts }) => `${id} is ${state} after ${attempts} attempts`),

  "each record has its whole story": ({ resets, events }: Found) => {
    const stories = Map.groupBy(events, (line) => line.reset_id);
    return resets.flatMap(({ id, version, attempts }) => {
      const story = stories.get(id) ?? [];
      const whole = story.length === version && story.every((line, index) => line.seq === index + 1);
      const told = story.filter((line) => line.event === "attempt").length;
      if (whole && told === attempts) return [];
      return [`${id}: version ${version}, ${attempts} attempts, events ${story.map((line) => line.event).join(" ")}`];
    });
  },

  "nothing was sent without a durable record": ({ resets, approvals }: Found) => {
    const users = new Map(resets.map((reset) => [reset.upstream_key, reset.user_id]));
    return approvals
      .filter(({ idempotencyKey, userId }) => users.get(idempotencyKey ?? "") !== userId)
      .map(({ idempotencyKey, userId }) => `an approval for ${userId} with key ${idempotencyKey}`);
  },

  "no user has two open resets": ({ resets }: Found) =>
    // One that could not be written has taken its place closed from the beginning: it was never open.
    [
      ...Map.groupBy(
        resets.filter(({ created_at, closed_at }) => closed_at !== created_at),
        (reset) => reset.user_id,
      ),
    ].flatMap(([user, list]) => {
      const sorted = list.toSorted((one, other) => one.created_at - other.created_at);
      return sorted
        .filter((reset, index) => index > 0 && reset.created_at < (sorted[index - 1]?.closed_at ?? Infinity))
        .map(({ id }) => `${id} was begun while another of ${user} was open`);
    }),

  "one key files one approval, however often it is sent again": ({ resets, approvals }: Found) => {
    const filed = filedByKey(approvals);
    return [...Map.groupBy(resets, (reset) => reset.caller_key)].flatMap(([key, list]) => {
      const sum = list.reduce((total, reset) => total + (filed.get(reset.upstream_key) ?? 0), 0);
      return sum <= 1 ? [] : [`${key}: ${sum} approvals in ${list.length} records`];
    });
  },

  "what a client was told is what the record says": ({ resets, told }: Found) => {
    const kinds = new Map(resets.map((reset) => [reset.id, kindOf(reset)]));
    const ofKey = Map.groupBy(resets, (reset) => reset.caller_key);
    return told.flatMap(({ key, status, outcome, recordId, releasing, at }) => {
      const saysNo = outcome === "refused" || outcome === "notSent";
      // What was not released now may be released by the next who asks.
      if (saysNo && recordId === undefined && !releasing) {
        // What the same key has led to by then may not be denied by leaving it out. Later it may be asked with again.
        return (ofKey.get(key) ?? [])
          .filter((reset) => reset.created_at <= at && kindOf(reset) !== "refused")
          .map(
            (reset) => `${key}: told ${outcome} with ${status} and no record, record ${reset.id} is ${kindOf(reset)}`,
          );
      }
      const kind = recordId === undefined ? undefined : kinds.get(recordId);
      if (status === 202 && kind === undefined) return [`${key}: told 202, and there is no record ${recordId}`];
      if (status === 200 && kind !== "accepted") return [`${key}: told 200, record ${recordId} is ${kind}`];
      // A 409 is about another record: the one that is in the way.
      if (saysNo && status !== 409 && !releasing && kind !== undefined && kind !== "refused")
        return [`${key}: told ${outcome} with ${status}, record ${recordId} is ${kind}`];
      return [];
    });
  },

  "what was proposed was sent only after a second person released it": ({ resets, events }: Found) => {
    const stories = Map.groupBy(events, (line) => line.reset_id);
    return resets.flatMap(({ id, asked_by }) => {
      const story = stories.get(id) ?? [];
      const sent = story.findIndex((line) => line.event === "attempt");
      if (story[0]?.event !== "proposed" || sent === -1) return [];
      const released = story.slice(0, sent).find((line) => line.event === "released");
      return released?.actor && released.actor !== asked_by ? [] : [`${id} was released by ${released?.actor}`];
    });
  },

  "each change of state was told, and taken": ({ events, heard }: Found) => {
    const taken = new Set(heard.filter((message) => message.taken).map(({ id, type }) => `${id} ${type}`));
    return changesOfState(events).filter((change) => !taken.has(change));
  },

  "nothing was told that has not happened, and all of it was signed": ({ events, heard }: Found) => {
    const happened = new Set(changesOfState(events));
    return heard
      .filter(
        ({ id, type, recordId, genuine }) => !genuine || !happened.has(`${id} ${type}`) || !id.startsWith(recordId),
      )
      .map(({ id, type, genuine }) => `${id} ${type}${genuine ? "" : ", not signed rightly"}`);
  },
} satisfies Record<string, (found: Found) => string[]>;

export type RuleName = keyof typeof rules;

export const ruleNames = Object.keys(rules) as RuleName[];

/** The state that a record is in after an event; of any other event it stays what it was. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  recorded: "sending",
  released: "sending",
  ...Object.fromEntries(
    [
      ["proposed", "withdrawn", "settled", "refused", "unknown", "approvalRequested", "approved"],
      ["awaitingPairing", "awaitingSetup", "completed", "rejected", "cancelled", "expired"],
    ]
      .flat()
      .map((state) => [state, state]),
  ),
};

/** Each as the id of its message and the message's type. What is written with its first attempt has that one's number. */
function changesOfState(events: StoredEvent[]): string[] {
  return events.flatMap(({ reset_id, seq, event }) => {
    const state = STATE_AFTER[event];
    if (state === undefined) return [];
    return [`${reset_id}.${state === "sending" ? seq + 1 : seq} reset.${state}`];
  });
}

function filedByKey(approvals: Filed[]): Map<string, number> {
  const filed = new Map<string, number>();
  for (const { idempotencyKey = "" } of approvals) filed.set(idempotencyKey, (filed.get(idempotencyKey) ?? 0) + 1);
  return filed;
}

function broken(
  resets: StoredReset[],
  kind: Kind,
  filed: ReadonlyMap<string, number>,
  holds: (filed: number) => boolean,
): string[] {
  return resets
    .filter((reset) => kindOf(reset) === kind && !holds(filed.get(reset.upstream_key) ?? 0))
    .map(({ id, state, upstream_key }) => `${id} (${state}) has ${filed.get(upstream_key) ?? 0} approvals`);
}
