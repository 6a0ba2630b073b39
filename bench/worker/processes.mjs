// What a Worker's runtime costs in CPU time, and what it runs on.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

/**
 * CPU time so far of the user's workerd among the processes of a group: the one with a debug port. Undefined where the
 * system has no /proc.
 *
 * @param {number | undefined} group
 * @returns {number | undefined} milliseconds
 */
export function cpuTime(group) {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,pgid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  for (const line of lines.split("\n")) {
    const [, pid, processGroup, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(processGroup) !== group || !/workerd serve\b.*--debug-port/.test(command)) continue;
    try {
      // Fields 14 and 15 are user and system time in ticks of 10 ms; the name in parentheses may hold spaces.
      const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

export function machine() {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`;
}
