// The matrix as text.

import type { NamedFault } from "./faults.ts";
import type { Run } from "./runs.ts";

const LEGEND = `One cell is one call: its first request meets the fault of the row, its second that of the column.
  S   success, one approval request filed         ·   refused, none filed
  u   unknown, none filed                         U   unknown, one filed
  -   never sent, none filed                      !   said what was not so
  2   two or more filed`;

function cell({ told, filed }: Run): string {
  if (filed > 1) return "2";
  if (told === "success") return filed === 1 ? "S" : "!";
  if (told === "unknown") return filed === 1 ? "U" : "u";
  if (filed > 0) return "!";
  return told === "refused" ? "·" : "-";
}

/** The table of every ordered pair. */
export function tableOfPairs(title: string, faults: readonly NamedFault[], runs: readonly Run[]): string {
  const width = Math.max(...faults.map(({ name }) => name.length));
  const numbers = faults.map((_, index) => `${index + 1}`.padStart(2));
  const rows = faults.map((first, index) => {
    const cells = faults.map((second) => {
      const run = runs.find(({ faults: [one, two] }) => one === first && two === second);
      return run === undefined ? "  " : ` ${cell(run)}`;
    });
    return `${numbers[index]} ${first.name.padEnd(width)} ${cells.join(" ")}`;
  });
  return [`${title}\n${LEGEND}\n`, `${" ".repeat(width + 4)}${numbers.join(" ")}`, ...rows, ""].join("\n");
}

/** One line for each fault. */
export function tableOfSingles(title: string, runs: readonly Run[]): string {
  const width = Math.max(...runs.map(({ faults }) => faults[0]?.name.length ?? 0));
  const rows = runs.map(
    ({ faults, told, attempts, filed }) =>
      `${faults[0]?.name.padEnd(width)}  ${told.padEnd(8)} attempts ${attempts}  filed ${filed}`,
  );
  return [title, ...rows, ""].join("\n");
}
