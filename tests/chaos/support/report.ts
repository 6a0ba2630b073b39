/** The counts of a run, for people. */
import type { Calm, Storm } from "./storm.ts";
import { kindOf } from "./verdict.ts";

export function report(storm: Storm, { found, leftBehind }: Calm): string {
  const { resets, events, approvals, told, heard } = found;
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
  const messages = new Set(heard.map(({ id }) => id)).size;
  return [
    `the simulator's ${storm.undocumented} answers:`,
    `  ${storm.kills} kills in ${storm.seconds.toFixed(0)} s, back after ${median(storm.recoveries)} ms (median), wrangler started again ${storm.restarts} times`,
    `  ${storm.faults} faults ordered, ${storm.locks} times the database locked, ${storm.sweeps} sweeps during the storm`,
    `  ${told.length} requests for ${new Set(told.map((line) => line.key)).size} resets; answered: ${answers(told)}`,
    `  ${resets.length} durable records: ${number("accepted")} accepted, ${number("refused")} refused, ${number("unknown")} unknown, ${number("incomplete")} incomplete`,
    `  ${approvals.length} approvals: of the unknown records ${unknownFiled} have one, ${unknown.length - unknownFiled} have none`,
    `  ${leftBehind} attempts were left without an answer at the end of the storm; the sweep sent ${bySweep.size} resets again`,
    `  ${having("proposed")} proposals: ${having("released")} released by a second person, ${having("withdrawn")} withdrawn`,
    `  ${messages} notifications, told ${heard.length} times, ${heard.filter(({ taken }) => !taken).length} of them to a receiver that failed`,
  ].join("\n");
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
