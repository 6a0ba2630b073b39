/** The counts of a run, for people. */
import type { Calm, Storm } from "./storm.ts";
import { kindOf, NO_MATCH } from "./verdict.ts";

export function report(storm: Storm, { found, leftBehind, healthOfDead }: Calm): string {
  const { resets, events, helps, helpEvents, approvals, told, heard, beforeGap } = found;
  const kinds = Map.groupBy(resets, kindOf);
  const filed = new Set(approvals.map((approval) => approval.idempotencyKey));
  const unknown = kinds.get("unknown") ?? [];
  const unknownFiled = unknown.filter((reset) => filed.has(reset.upstream_key)).length;
  const bySweep = new Set(
    events.filter((line) => line.source === "sweep" && line.event === "attempt").map((line) => line.reset_id),
  );
  const number = (kind: "accepted" | "refused" | "unknown" | "incomplete") => kinds.get(kind)?.length ?? 0;
  const having = (event: string) =>
    new Set(events.filter((line) => line.event === event).map((line) => line.reset_id)).size;
  const helped = (event: string) =>
    new Set(helpEvents.filter((line) => line.event === event).map((line) => line.help_id)).size;
  const messages = new Set(heard.map(({ id }) => id)).size;
  return [
    `the simulator's ${storm.undocumented} answers:`,
    `  ${storm.kills} kills in ${storm.seconds.toFixed(0)} s, back after ${median(storm.recoveries)} ms (median), wrangler started again ${storm.restarts} times`,
    `  ${storm.faults} faults ordered, ${storm.locks} times the database locked, ${storm.sweeps} sweeps during the storm`,
    `  ${storm.rotations} times another API user, whose predecessor's ${givenUp(found, OTHER_KEY)} attempts were left to a person`,
    `  ${storm.limitStorms} storms of 429, in which ${withCode(told, COOL_DOWN)} were told to wait by the worker's own cool-down`,
    `  the limiter was slow: ${withCode(told, NO_TIME)} were told that the checks took too long`,
    `  the sweep was dead: health answered ${healthOfDead}; of ${beforeGap.length} attempts from before, ${givenUp(found, AFTER_GAP)} were left to a person`,
    `  ${told.length} requests for ${new Set(told.map((line) => line.key)).size} resets; answered: ${answers(told)}`,
    `  ${resets.length} durable records: ${number("accepted")} accepted, ${number("refused")} refused, ${number("unknown")} unknown, ${number("incomplete")} incomplete`,
    `  ${approvals.length} approvals: of the unknown records ${unknownFiled} have one, ${unknown.length - unknownFiled} have none`,
    `  ${leftBehind} attempts were left without an answer at the end of the storm; the sweep sent ${bySweep.size} resets again`,
    `  ${having("proposed")} proposals: ${having("released")} released by a second person, ${having("withdrawn")} withdrawn`,
    `  ${helps.length} requests for help: ${helped("matched")} matched, ${helped("confirmed")} confirmed, ${helped("denied")} denied, ${helped("used")} used; ${helped("codeWrong")} guessed at; ${withCode(told, NO_MATCH)} resets refused for lack of a match`,
    `  ${messages} notifications, told ${heard.length} times, ${heard.filter(({ taken }) => !taken).length} of them to a receiver that failed`,
  ].join("\n");
}

/** The worker's numbers (worker/src/errors.ts). */
export const COOL_DOWN = 1404;
export const NO_TIME = 1506;

export const withCode = (told: Storm["told"], code: number): number => told.filter((line) => line.code === code).length;

/** Why the sweep sends something no more (worker/src/sweep/unfinished.ts), by its first words. */
export const OTHER_KEY = "the API key or Fireblocks' address is another one";
export const AFTER_GAP = "the sweep had stopped since then";

/** Attempts that the sweep has left to a person for this reason. */
export function givenUp({ events }: Calm["found"], because: string): number {
  return events.filter(({ event, detail }) => event === "unknown" && detail?.includes(because)).length;
}

function answers(told: Storm["told"]): string {
  return [...Map.groupBy(told, (line) => line.status ?? "none")]
    .sort(([one], [other]) => String(one).localeCompare(String(other)))
    .map(([status, lines]) => `${status} × ${lines.length}`)
    .join(", ");
}

function median(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  return String(sorted[Math.floor(sorted.length / 2)] ?? "–");
}
