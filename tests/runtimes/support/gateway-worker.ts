// A consumer's Worker that mounts the packaged gateway, bundled and run by wrangler, with a database made by the
// packaged migrations.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Service } from "../../../scripts/base/process.mjs";
import { freePort } from "../../../scripts/stack.mjs";
import { output } from "./processes.ts";
import { repositoryProgram } from "./toolchains.ts";
import type { RunningWorker } from "./workerd.ts";

const READY_MS = 60_000;

/**
 * Bundles, migrates and serves `gateway.ts` of a consumer's folder.
 * @param vars - the gateway's settings.
 */
export async function serveGateway(folder: string, vars: Record<string, string>): Promise<RunningWorker> {
  const config = {
    name: "consumer",
    main: "gateway.ts",
    compatibility_date: "2026-07-01",
    d1_databases: [
      {
        binding: "RESETS",
        database_name: "resets",
        database_id: "00000000-0000-0000-0000-000000000000",
        migrations_dir: "node_modules/fireblocks-reset-device/worker/migrations",
      },
    ],
    triggers: { crons: ["* * * * *"] },
    vars,
  };
  writeFileSync(join(folder, "wrangler.jsonc"), JSON.stringify(config));
  const wrangler = repositoryProgram("wrangler");
  const state = ["--local", "--persist-to", join(folder, "state")];
  await output(wrangler, ["d1", "migrations", "apply", "RESETS", ...state], { cwd: folder, env: { CI: "true" } });
  const port = await freePort();
  const listen = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"];
  const service = new Service(wrangler, ["dev", ...state, ...listen, "--show-interactive-dev-session=false"], {
    cwd: folder,
  });
  const url = `http://127.0.0.1:${port}/`;
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    if (answer) return { url, stop: () => service.stop() };
    if (Date.now() > deadline) {
      await service.stop();
      throw new Error(`wrangler dev did not start:\n${service.lastLines}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
