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
  help_request_id: string | null;
  /** JSON. */
  proofs: string | null;
}

export interface StoredEvent {
  reset_id: string;
  seq: number;
  event: string;
  source: string;
  actor: string | null;
  /** JSON. */
  detail?: string | null;
}

/** A row of the table `help_requests`. */
export interface StoredHelp {
  id: string;
  version: number;
  user_id: string;
}

export interface StoredHelpEvent {
  help_id: string;
  seq: number;
  event: string;
  actor: string | null;
  /** JSON. */
  detail: string | null;
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
  /** The worker's or Fireblocks' number. */
  code?: number;
  /** The record that the answer names. */
  recordId?: string;
  /** Whether a second person was told it, who released what the key had proposed. */
  releasing?: boolean;
  /** Epoch milliseconds. */
  sentAt: number;
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
  helps: StoredHelp[];
  helpEvents: StoredHelpEvent[];
  approvals: Filed[];
  told: Told[];
  heard: Heard[];
  /** What was under way before the sweep was dead for a while, and how often it had been sent by then. */
  beforeGap: Pick<StoredReset, "id" | "attempts">[];
}

/** What a record says became of its reset. */
export type Kind = "accepted" | "refused" | "unknown" | "incomplete";

export function kindOf(reset: Pick<StoredReset, "state" | "outcome">): Kind {
  // A proposal that nobody released, a wait that ended so, or what the person stopped: nothing was sent, and it is closed.
  if (reset.state === "withdrawn" || reset.state === "stopped") return "refused";
  if (["recorded", "sending", "proposed", "waiting"].includes(reset.state) || reset.outcome === null)
    return "incomplete";
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

  "what a client was told is what the record says": ({ resets, events, approvals, told }: Found) => {
    const kinds = new Map(resets.map((reset) => [reset.id, kindOf(reset)]));
    const unwritten = filedButUnwritten(resets, events, approvals);
    const ofKey = Map.groupBy(resets, (reset) => reset.caller_key);
    return told.flatMap(({ key, status, outcome, code, recordId, releasing, at }) => {
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
      if (status === 200 && kind !== "accepted" && !unwritten.has(recordId ?? ""))
        return [`${key}: told 200, record ${recordId} is ${kind}`];
      // These are about another record: the one that is in the way, or that the match has served.
      const ofAnother = status === 409 || code === NO_MATCH;
      if (saysNo && !ofAnother && !releasing && kind !== undefined && kind !== "refused")
        return [`${key}: told ${outcome} with ${status}, record ${recordId} is ${kind}`];
      return [];
    });
  },

  "nothing is recorded after its asker was told that nothing was": ({ resets, told }: Found) => {
    const ofKey = Map.groupBy(told, (line) => line.key);
    return resets.flatMap(({ id, caller_key, created_at }) => {
      const lines = (ofKey.get(caller_key ?? "") ?? []).filter((line) => !line.releasing);
      const within = lines.some(
        (line) => line.sentAt <= created_at + CLOCK_MS && (leavesOpen(line) || created_at <= line.at + CLOCK_MS),
      );
      return within ? [] : [`${id} was begun at ${created_at}, when each request with its key had its answer`];
    });
  },

  "what dates from before a gap of the sweep is not sent again": ({ resets, beforeGap }: Found) => {
    const attempts = new Map(resets.map((reset) => [reset.id, reset.attempts]));
    return beforeGap
      .filter((reset) => attempts.get(reset.id) !== reset.attempts)
      .map((reset) => `${reset.id} had ${reset.attempts} attempts before, and has ${attempts.get(reset.id)}`);
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

  "each request for help has its whole story": ({ helps, helpEvents }: Found) => {
    const stories = Map.groupBy(helpEvents, (line) => line.help_id);
    return helps.flatMap(({ id, version }) => {
      const story = stories.get(id) ?? [];
      const whole = story.length === version && story.every((line, index) => line.seq === index + 1);
      return whole ? [] : [`${id}: version ${version}, events ${story.map((line) => line.event).join(" ")}`];
    });
  },

  "wrong tries never pass three for a code, and then it matches no more": ({ helpEvents }: Found) =>
    [...Map.groupBy(helpEvents, (line) => line.help_id)].flatMap(([id, story]) => {
      const wrong = new Map<number, number>();
      return story.flatMap((line) => {
        const { event } = line;
        const { code = 0 } = factsOf(line);
        const tries = wrong.get(code) ?? 0;
        if (event === "codeWrong") wrong.set(code, tries + 1);
        const isTry = event === "codeWrong" || event === "matched";
        return isTry && tries >= CODE_TRIES ? [`${id}: ${event} with code ${code} after ${tries} wrong tries`] : [];
      });
    }),

  "a match serves one record alone": ({ resets, helpEvents, approvals }: Found) => {
    const filed = filedByKey(approvals);
    const uses = new Set(
      helpEvents.filter(({ event }) => event === "used").map((line) => `${line.help_id} ${factsOf(line).recordId}`),
    );
    return [...Map.groupBy(resets, (reset) => reset.help_request_id)].flatMap(([help, list]) => {
      if (help === null) return [];
      // One that was refused, or withdrawn before it left, has used nothing up.
      const served = list.filter(({ state }) => state !== "refused" && state !== "withdrawn");
      const sum = list.reduce((total, reset) => total + (filed.get(reset.upstream_key) ?? 0), 0);
      const unsaid = served.filter(({ id }) => !uses.has(`${help} ${id}`));
      return served.length <= 1 && sum <= 1 && unsaid.length === 0
        ? []
        : [`${help} serves ${served.map(({ id }) => id).join(" ")}, ${unsaid.length} unsaid, with ${sum} approvals`];
    });
  },

  "no record has the proof codeMatched without its person's and its asker's part in it": ({
    resets,
    helps,
    helpEvents,
  }: Found) => {
    const users = new Map(helps.map((help) => [help.id, help.user_id]));
    const stories = Map.groupBy(helpEvents, (line) => line.help_id);
    return resets.flatMap(({ id, state, user_id, asked_by, help_request_id: help, proofs }) => {
      const given = JSON.parse(proofs ?? "[]") as { proof: string }[];
      if (!given.some(({ proof }) => proof === "codeMatched")) return [];
      const story = stories.get(help ?? "") ?? [];
      const used = story.findIndex((line) => line.event === "used" && factsOf(line).recordId === id);
      const before = used === -1 ? story : story.slice(0, used);
      const matched = before.findLastIndex(({ event }) => event === "matched");
      const confirmed = before.findLastIndex(({ event }) => event === "confirmed");
      const denied = before.findLastIndex(({ event }) => event === "denied");
      const holds = confirmed > matched && denied < matched && before[matched]?.actor === asked_by;
      // What takes the place of a record that could not be written serves nobody, whatever the person says meanwhile.
      const never =
        used === -1 &&
        state === "refused" &&
        story.some(({ event, actor }) => event === "matched" && actor === asked_by) &&
        confirmed !== -1;
      return users.get(help ?? "") === user_id && (never || (used !== -1 && holds))
        ? []
        : [`${id} (${state}) by ${asked_by}, of ${help}: ${before.map(({ event }) => event).join(" ")}`];
    });
  },

  "what the person stopped never leaves": ({ resets, events, approvals }: Found) => {
    const stories = Map.groupBy(events, (line) => line.reset_id);
    const filed = filedByKey(approvals);
    return resets.flatMap(({ id, state, upstream_key }) => {
      const story = stories.get(id) ?? [];
      if (state !== "stopped" && !story.some((line) => line.event === "stopped")) return [];
      const left = story.some((line) => line.event === "attempt") || filed.has(upstream_key);
      return left || state !== "stopped"
        ? [`${id} was stopped, is ${state}, and has ${filed.get(upstream_key) ?? 0} approvals`]
        : [];
    });
  },

  "what the person contested is not sent again": ({ events }: Found) =>
    [...Map.groupBy(events, (line) => line.reset_id)].flatMap(([id, story]) => {
      const said = story.findIndex((line) => line.event === "contested");
      const again = said !== -1 && story.slice(said).some((line) => line.event === "attempt");
      return again ? [`${id} was sent again after it was contested`] : [];
    }),

  "what waited has left once, or is told as not sent": ({ resets, events, approvals, heard }: Found) => {
    const stories = Map.groupBy(events, (line) => line.reset_id);
    const filed = filedByKey(approvals);
    return resets.flatMap(({ id, state, outcome, upstream_key }) => {
      const story = stories.get(id) ?? [];
      const waited = story.findIndex((line) => line.event === "waiting");
      if (waited === -1) return [];
      const left = story.filter((line) => line.event === "left").length;
      const early = story.slice(0, waited).some((line) => line.event === "attempt" || line.event === "left");
      const told = heard.some((message) => message.recordId === id && message.type === `reset.${state}`);
      const ended = state === "withdrawn" || state === "stopped";
      const notSent = ended && outcome === "notSent" && told && !filed.has(upstream_key);
      return !early && (left === 1 || (left === 0 && notSent)) ? [] : [`${id} (${state}) left ${left} times`];
    });
  },

  "each change of state was told, and taken": ({ events, heard }: Found) => {
    const taken = new Set(heard.filter((message) => message.taken).map(({ id, type }) => `${id} ${type}`));
    return changesOfState(events).filter((change) => !taken.has(change));
  },

  "nothing of ours is told as made elsewhere, but for what one request has filed twice": ({
    approvals,
    heard,
  }: Found) => {
    const told = new Set(heard.filter(({ type }) => type === "elsewhere.found").map(({ id }) => id));
    const twice = [...filedByKey(approvals).values()].reduce((sum, count) => sum + count - 1, 0);
    return told.size <= twice ? [] : [`${told.size} were told, and ${twice} were filed by the way`];
  },

  "nothing was told that has not happened, and all of it was signed": ({ events, heard }: Found) => {
    const happened = new Set(changesOfState(events));
    return heard
      .filter(({ type, genuine }) => !genuine || type !== "elsewhere.found")
      .filter(
        ({ id, type, recordId, genuine }) => !genuine || !happened.has(`${id} ${type}`) || !id.startsWith(recordId),
      )
      .map(({ id, type, genuine }) => `${id} ${type}${genuine ? "" : ", not signed rightly"}`);
  },
} satisfies Record<string, (found: Found) => string[]>;

/** Two clocks of one machine, of which the runtime's stands still while it computes. */
const CLOCK_MS = 100;
/** The worker failed in a way that nobody foresaw. */
const INTERNAL = 1599;

/** Whether whoever asked must reckon with a record that comes later: only where no answer came, or one that names it. */
function leavesOpen({ status, recordId, code }: Told): boolean {
  return status === undefined || recordId !== undefined || code === INTERNAL;
}

/** The request for help proves nothing, or not any more: it may have served the record that is named. */
export const NO_MATCH = 1313;
/** How often anybody may be wrong about a code, all together. */
const CODE_TRIES = 3;

/** The code that was tried, or the record that was served. */
const factsOf = ({ detail }: StoredHelpEvent) => JSON.parse(detail ?? "{}") as { code?: number; recordId?: string };

export type RuleName = keyof typeof rules;

export const ruleNames = Object.keys(rules) as RuleName[];

/** The state that a record is in after an event; of any other event it stays what it was. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  recorded: "sending",
  released: "sending",
  left: "sending",
  ...Object.fromEntries(
    [
      ["proposed", "waiting", "withdrawn", "stopped", "settled", "refused", "unknown", "approvalRequested", "approved"],
      ["awaitingPairing", "awaitingSetup", "completed", "rejected", "cancelled", "expired"],
    ]
      .flat()
      .map((state) => [state, state]),
  ),
};

/** Each as the id of its message and the message's type. What is written with its first attempt has that one's number. */
function changesOfState(events: StoredEvent[]): string[] {
  // What is asked for or released, and then waits, is not sent with it.
  const waits = new Set(
    events.filter(({ event }) => event === "waiting").map(({ reset_id, seq }) => `${reset_id}.${seq}`),
  );
  return events.flatMap(({ reset_id, seq, event }) => {
    if (event === "contested") return [`${reset_id}.${seq}.contested reset.contested`];
    const state = STATE_AFTER[event];
    if (state === undefined || (state === "sending" && waits.has(`${reset_id}.${seq + 1}`))) return [];
    return [`${reset_id}.${state === "sending" ? seq + 1 : seq} reset.${state}`];
  });
}

/**
 * Records that do not know of their success: it was told, but could not be written down, and then the sweep could not find it
 * out any more and left it to a person.
 */
function filedButUnwritten(resets: StoredReset[], events: StoredEvent[], approvals: Filed[]): Set<string> {
  const filed = filedByKey(approvals);
  const left = new Set(
    events.filter(({ event, source }) => event === "unknown" && source === "sweep").map((line) => line.reset_id),
  );
  return new Set(
    resets
      .filter((reset) => kindOf(reset) === "unknown" && left.has(reset.id) && filed.get(reset.upstream_key) === 1)
      .map(({ id }) => id),
  );
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
