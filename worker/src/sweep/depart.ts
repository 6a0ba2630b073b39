/**
 * What has waited leaves: looked at again, under the same lease as any other, or ended as not sent.
 *
 * @module
 */
import { GatewayError } from "../errors";
import type { WaitUntil } from "../fireblocks/shared";
import { errorName } from "../log";
import type { Row } from "../records/row";
import { bounded, type Change } from "../records/store";
import { attempt } from "../resets/attempt";
import { departureOf, holderToPress, isDue, isLate, TOO_LATE } from "../resets/waiting";
import type { Services } from "../services";

/** What one run takes on; the rest waits a minute. */
const DEPARTURES_A_RUN = 10;

/** Statuses that say something about the reset itself. With any other the checks could not be made, and are made again. */
const OBSTACLES: ReadonlySet<number> = new Set([403, 404, 409, 422]);

/** @returns how many were due */
export async function departDue(services: Services, resendAfter: number, waitUntil: WaitUntil): Promise<number> {
  const { bindings, now, log } = services;
  const statement = bindings.DB.prepare(
    // A late one is ended first; those that wait for somebody's press must not keep the others from leaving, nor those of which
    // that was told already the others from being told.
    `SELECT * FROM resets WHERE state = 'waiting' AND leaves_at <= ?
     ORDER BY needs_press IS NOT NULL,
       EXISTS (SELECT 1 FROM events WHERE reset_id = resets.id AND event = 'needsPress' AND at >= leaves_at), leaves_at, id
     LIMIT ?`,
  );
  const { results } = await bounded(statement.bind(now(), DEPARTURES_A_RUN).all<Row>());
  const departing = results.map((row) =>
    depart(services, row, resendAfter, waitUntil).catch((error: unknown) => {
      log({ level: "error", event: "departureFailed", recordId: row.id, error: errorName(error) });
    }),
  );
  await Promise.all(departing);
  return results.length;
}

async function depart(services: Services, row: Row, resendAfter: number, waitUntil: WaitUntil): Promise<void> {
  const { records, now, configuration } = services;
  if (isLate(row, now())) return change(services, row, (at) => ending(TOO_LATE, at));
  const why = pressNeeded(services, row, resendAfter);
  if (why !== undefined) return askForPress(services, row, why);
  let departure: Awaited<ReturnType<typeof departureOf>>;
  try {
    departure = await departureOf(services, row, { source: "sweep", others: [] }, { waitUntil, arrivedAt: now() });
  } catch (error) {
    if (!(error instanceof GatewayError) || !OBSTACLES.has(error.status)) throw error;
    return change(services, row, (at) => ending(error.message, at));
  }
  const { row: after, changed } = await records.change(
    row.id,
    (current) => (isDue(current, now()) ? departure.change(now()) : undefined),
    row,
  );
  // Another sweep, a press, a withdrawal, or this one's own write whose answer was lost: then its lease runs out.
  if (!changed || !departure.leaves) return;
  const timeoutMs = configuration.upstreamTimeoutMs;
  await attempt(services, after, { attempt: 1, source: "sweep", timeoutMs }, waitUntil).recorded;
}

/** Why it does not leave by itself. */
function pressNeeded({ configuration }: Services, row: Row, resendAfter: number): "group" | "gap" | undefined {
  if (row.needs_press === "gap" || row.created_at < resendAfter) return "gap";
  return holderToPress(row, configuration) === undefined ? undefined : "group";
}

/** Said once, when its time has come. */
async function askForPress(services: Services, row: Row, why: "group" | "gap"): Promise<void> {
  const events = await services.records.events(row.id);
  const said = events.some(({ event, at }) => event === "needsPress" && at >= (row.leaves_at ?? 0));
  if (said && row.needs_press === why) return;
  await change(services, row, () => ({
    set: { needs_press: why },
    event: { event: "needsPress", source: "sweep", detail: { because: PRESS_BECAUSE[why] } },
    tells: "needsPress",
  }));
}

const PRESS_BECAUSE = {
  group: "whether somebody still has the role is only seen at their own sign-in",
  gap: "the sweep had stopped since it was asked for, or the database was restored",
} as const;

function ending(because: string, now: number): Change {
  return {
    set: { state: "withdrawn", open: 0, closed_at: now, outcome: "notSent", message: because },
    event: { event: "withdrawn", source: "sweep", detail: { because } },
  };
}

/** Unless somebody else has gone on with the record in the meantime. */
async function change(services: Services, row: Row, to: (now: number) => Change): Promise<void> {
  const { records, now } = services;
  await records.change(row.id, (current) => (isDue(current, now()) ? to(now()) : undefined), row);
}
