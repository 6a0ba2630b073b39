// Runs one command and ends it, with all that it started, when the script that asked for it is gone.
//
// usage: node guard.mjs command [argument …]
//
// The script holds the other end of stdin. It closes when the script stops the command, and just as well when the
// script is killed: nothing is left running either way. The guard leads a process group of its own.

import { spawn } from "node:child_process";

const GRACE_MS = 5_000;

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
let stopping = false;

function signalGroup(/** @type {NodeJS.Signals} */ signal) {
  process.kill(-process.pid, signal);
}

// The group's signals are for the command; the guard itself stays until the command has ended.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.on(signal, () => {});

process.stdin.resume();
process.stdin.on("close", () => {
  stopping = true;
  // First the command alone, so that it can end in order what it has started.
  child.kill("SIGTERM");
  setTimeout(() => signalGroup("SIGKILL"), GRACE_MS);
});

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
child.on("exit", (code, signal) => {
  // What the command leaves behind (a worker's runtime, a browser) must not outlive it.
  if (stopping) signalGroup("SIGKILL");
  process.exit(code ?? (signal === "SIGKILL" ? 137 : 143));
});
