/**
 * How much one person can decide now, counted in one statement. It goes through what nobody has decided yet, and looks up beside
 * it only the resets that an open alarm may be about.
 *
 * @module
 */
import { STATED_PROOFS, TODO_LIMIT } from "fireblocks-reset-device/gateway-api";
import { RELATED_MS } from "./alarms";
import { bounded } from "./query";

/** Whoever is asked to decide, by the names that records have for them. */
export interface Decider {
  /** As records name who asks. */
  name: string;
  /** Of their sign-in. */
  id: string;
  /** The ids of the console users that they could be. */
  userIds: readonly string[];
  /** Asks for resets, and so decides about them. Whoever does not looks into alarms, emergencies and resets made elsewhere. */
  resetter: boolean;
  /** An active user of the workspace. Whoever is none may be anybody's second sign-in, and decides little. */
  active: boolean;
}

/** What of the settings decides about a reset. */
export interface Bounds {
  /** Whether whoever asked may not settle it. */
  requireSecondPerson: boolean;
  /** Whether nothing is sent now, by a setting; a pause that people set is looked up. */
  resetsPaused: boolean;
}

/** What waits for a decision of this person's, no further than {@link TODO_LIMIT}. @throws {@link StoreUnavailable} */
export async function countTodo(db: D1Database, decider: Decider, bounds: Bounds, now: number): Promise<number> {
  const { sql, values } = todoStatement(decider, bounds, now);
  const counted = await bounded(
    db
      .prepare(sql)
      .bind(...values)
      .first<{ n: number }>(),
  );
  return counted?.n ?? 0;
}

/**
 * The statement of a count. By ids, since a reset that is contested and to be reviewed is one thing to do. People are told apart
 * by the names that records have; the decision itself looks closer. Each part ends by itself once it has found enough.
 *
 * Rather too little is counted than too much. Left out are what `RESETS_BY_UNMAPPED` lets somebody do who is no user of the
 * workspace, and for all but whoever released it a press that is anybody's because the role list names them.
 */
export function todoStatement(
  { name, id, userIds, resetter, active }: Decider,
  { requireSecondPerson, resetsPaused }: Bounds,
  now: number,
): { sql: string; values: (string | number)[] } {
  const parts = resetter ? [ALARMS, REVIEWS, ELSEWHERE, RESETS, HELP] : [ALARMS, REVIEWS, ELSEWHERE];
  return {
    sql: `WITH mine (name, id, user_ids, active, now, second, paused) AS (
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 OR EXISTS (SELECT 1 FROM pauses WHERE ended_at IS NULL))
      SELECT COUNT(*) AS n FROM (${parts.map(limited).join(" UNION ")} LIMIT ${TODO_LIMIT})`,
    values: [name, id, JSON.stringify(userIds), Number(active), now, Number(requireSecondPerson), Number(resetsPaused)],
  };
}

const limited = (part: string) => `SELECT * FROM (${part} LIMIT ${TODO_LIMIT})`;

const asked = (reset: string) => `(${reset}.asked_by = mine.name OR ${reset}.asker_id = mine.id)`;

/** Whose device it is. */
const affects = (row: string) =>
  `(lower(${row}.user_email) IS mine.name OR ${row}.user_id IN (SELECT value FROM json_each(mine.user_ids)))`;

/** Somebody in the workspace who has no part in a reset. */
const ANOTHER = `(mine.active AND NOT ${asked("resets")} AND NOT ${affects("resets")})`;

/** Neither the person nor whoever asked for what it may be about closes one. */
const ALARMS = `SELECT alarms.id FROM mine, alarms INDEXED BY alarms_one_open
  WHERE alarms.closed_at IS NULL AND mine.active
    AND alarms.raised_by <> mine.name AND alarms.raised_by_id <> mine.id AND NOT ${affects("alarms")}
    AND NOT EXISTS (SELECT 1 FROM resets WHERE resets.id = alarms.reset_id AND ${asked("resets")})
    AND NOT EXISTS (SELECT 1 FROM resets
      WHERE resets.user_id = alarms.user_id AND resets.created_at >= alarms.at - ${RELATED_MS} AND ${asked("resets")})`;

const REVIEWS = `SELECT resets.id FROM mine, resets INDEXED BY resets_to_review
  WHERE resets.break_glass IS NOT NULL AND resets.reviewed_at IS NULL AND ${ANOTHER}`;

const ELSEWHERE = `SELECT elsewhere.id FROM mine, elsewhere INDEXED BY elsewhere_undecided
  WHERE elsewhere.verdict IS NULL AND coalesce(elsewhere.actor_id, '') NOT IN (SELECT value FROM json_each(mine.user_ids))`;

/** Whoever releases can state these themselves. */
const STATED = STATED_PROOFS.map((proof) => `'${proof}'`).join(", ");

/** The policy forbids it, or demands what no release brings: a proof that nobody states, or what happened to the phone. */
const UNMET = `(coalesce(resets.demands ->> 'forbidden', 0) OR (resets.because IS NULL AND coalesce(resets.demands ->> 'because', 0))
  OR EXISTS (SELECT 1 FROM json_each(resets.demands, '$.proofs') AS demanded
    WHERE NOT EXISTS (SELECT 1 FROM json_each(demanded.value) AS proof
      WHERE proof.value IN (${STATED}) OR proof.value IN (SELECT value ->> 'proof' FROM json_each(resets.proofs)))))`;

/** Only the holder of a role by a group is seen to have it, at their own sign-in: the asker, or else whoever released it. */
const PRESSES = `mine.name = CASE resets.role_by
      WHEN 'group' THEN resets.asked_by
      ELSE coalesce(resets.released_by, mine.name) END`;

/** Two persons were to ask for it, or the affected person has spoken against it: whoever asked does not settle it. */
const TAKES_TWO = `(mine.second OR resets.contested_at IS NOT NULL OR coalesce(resets.demands ->> 'secondPerson', 0))`;

/** Settled, closed early, released, or sent by a press. */
const RESETS = `SELECT resets.id FROM mine, resets INDEXED BY resets_open
  WHERE resets.open = 1 AND CASE resets.state
    WHEN 'unknown' THEN NOT ${TAKES_TWO} OR ${ANOTHER}
    WHEN 'proposed' THEN NOT mine.paused AND ${ANOTHER} AND resets.proposal_expires_at > mine.now AND NOT ${UNMET}
    WHEN 'waiting' THEN NOT mine.paused AND mine.active AND NOT ${affects("resets")}
      AND resets.needs_press IS NOT NULL AND resets.leaves_at <= mine.now AND ${PRESSES}
    WHEN 'recorded' THEN 0
    WHEN 'sending' THEN 0
    ELSE resets.contested_at IS NOT NULL AND ${ANOTHER}
  END`;

/** A code is typed by anybody but the person, who then says whether it is them; after a yes its helper goes on. */
const HELP = `SELECT help_requests.id FROM mine, help_requests INDEXED BY help_requests_open
  WHERE help_requests.open = 1 AND help_requests.state <> 'matched' AND help_requests.expires_at > mine.now AND mine.active
    AND help_requests.person <> mine.name AND help_requests.person_id <> mine.id AND NOT ${affects("help_requests")}
    AND coalesce(help_requests.helper_id, mine.id) = mine.id`;
