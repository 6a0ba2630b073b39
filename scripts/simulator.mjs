// Runs the simulator alone: builds it where it has changed, hands the arguments on, and ends it with this script.
//
// usage: npm run simulator -- --port N --users N --data DIR --approve-after SECONDS   (--help tells them all)
//
// stdout carries the simulator's own line of JSON and nothing else; progress and its log go to stderr.

import { artifactSteps, simulatorProgram } from "./artifacts.mjs";
import { Service } from "./base/process.mjs";
import { take } from "./base/steps.mjs";
import { runMain } from "./base/terminal.mjs";
import { rustToolchain } from "./setup/rust.mjs";

await runMain(async () => {
  // The simulator is all Rust: it needs neither the npm packages nor the cargo tools.
  await take([rustToolchain, ...artifactSteps(["simulator"])]);
  const service = new Service(simulatorProgram(), process.argv.slice(2), {
    cwd: process.cwd(),
    onLine: (line, stream) => process[stream].write(`${line}\n`),
  });
  let stopped = false;
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    process.once(signal, () => {
      stopped = true;
      void service.stop();
    });
  }
  const code = await service.exited;
  process.exitCode = stopped ? 0 : code;
});
