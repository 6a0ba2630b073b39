/** The runtime that the worker runs in: found among the processes of one stack alone, and killed. */
import { execFileSync } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import type { Stack } from "../../../scripts/stack.mjs";

const BACK_WITHIN_MS = 30_000;

/**
 * The process of the user's workerd. `wrangler dev` runs two: the user's has a debug port. The other one passes requests
 * on to it; wrangler does not replace that one when it is killed.
 */
export function userWorkerd(stack: Stack): number | undefined {
  // Each service leads a process group of its own, so no process of another stack can be met here.
  const group = stack.services.worker.group;
  const lines = execFileSync("ps", ["-A", "-o", "pid=,pgid=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  for (const line of lines.split("\n")) {
    const [, pid, processGroup, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    if (Number(processGroup) !== group) continue;
    if (/\/workerd serve\b/.test(command) && command.includes("--debug-port")) return Number(pid);
  }
  return undefined;
}

/** Kills it with SIGKILL. False where there was none to kill: the last one has not come back yet. */
export function killWorkerd(stack: Stack): number | undefined {
  const pid = userWorkerd(stack);
  if (pid === undefined) return undefined;
  try {
    process.kill(pid, "SIGKILL");
    return pid;
  } catch {
    return undefined;
  }
}

/** Waits until another process has taken the killed one's place and answers. @returns milliseconds; undefined: it stayed away */
export async function isBack(stack: Stack, killed: number): Promise<number | undefined> {
  const began = Date.now();
  while (Date.now() - began < BACK_WITHIN_MS) {
    const pid = userWorkerd(stack);
    if (pid !== undefined && pid !== killed && (await answers(stack))) return Date.now() - began;
    await pause(50);
  }
  return undefined;
}

async function answers(stack: Stack): Promise<boolean> {
  try {
    // No sign-in, so the worker's own 401: whatever stands in front of it answers otherwise.
    const response = await fetch(`${stack.url}/api/session`, { signal: AbortSignal.timeout(2_000) });
    return response.status === 401;
  } catch {
    return false;
  }
}
