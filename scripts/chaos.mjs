// Storms the whole local stack: kills the worker's runtime, cuts its calls, makes its writes fail, and checks what is
// left. What it does and which rules it holds the records to is in tests/chaos/.
//
// usage: npm run test:chaos [-- --kills N] [--seed N]

import { parseArgs } from "node:util";
import { buildArtifacts } from "./artifacts.mjs";
import { toolEnvironment } from "./base/environment.mjs";
import { Service } from "./base/process.mjs";
import { Failure, runMain } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";

const HELP = `npm run test:chaos [-- --kills N] [--seed N]

  --kills N   how often the worker's runtime is killed, in each of the simulator's two settings; default 50
  --seed N    repeats the choices of an earlier run, though not its timing; default: a new one, which is printed

Logs are in .local/chaos/.`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "50" },
      seed: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const env = toolEnvironment();
  env.CHAOS_KILLS = wholeNumber("--kills", values.kills);
  if (values.seed !== undefined) env.CHAOS_SEED = wholeNumber("--seed", values.seed);

  await setUp();
  await buildArtifacts();
  const service = new Service("vitest", ["run", "--root", "tests/chaos"], { env, onLine: (line) => console.log(line) });
  process.exitCode = await service.exited;
});

/**
 * @param {string} name
 * @param {string} value
 */
function wholeNumber(name, value) {
  if (!/^[1-9]\d{0,9}$/.test(value)) throw new Failure(`${name} takes a whole number from 1 on, not “${value}”.`);
  return value;
}
