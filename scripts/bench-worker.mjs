// Measures the worker on local workerd and writes docs/benchmark-worker.md. What it measures is in bench/worker/.
//
// usage: npm run bench:worker

import { buildArtifacts } from "./artifacts.mjs";
import { run } from "./base/process.mjs";
import { runMain } from "./base/terminal.mjs";
import { setUp } from "./setup.mjs";

await runMain(async () => {
  await setUp();
  await buildArtifacts();
  await run("node", ["bench/worker/index.mjs"], {
    limitMinutes: 20,
    onLine: (line) => console.log(line),
    failure: "The worker could not be measured. The lines above say why.",
  });
});
