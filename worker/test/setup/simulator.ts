/**
 * Starts a simulator for each of the workers that run test files, and tells them where it is and what its key is.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { startSimulator } from "../../../scripts/stack.mjs";

/** Where the simulator is. */
export interface Simulator {
  basePath: string;
  controlUrl: string;
  teamDomain: string;
  audience: string;
  apiKey: string;
  secretKey: string;
}

declare module "vitest" {
  interface ProvidedContext {
    simulators: Simulator[];
  }
}

/** Test files that run at the same time, on the two cores that a machine has at least. */
export const WORKERS = 2;

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), "worker-tests-"));
  const started = await Promise.all(Array.from({ length: WORKERS }, (_, index) => start(join(dir, String(index)))));
  project.provide(
    "simulators",
    started.map(({ simulator }) => simulator),
  );
  return async () => {
    await Promise.all(started.map(({ service }) => service.stop()));
    rmSync(dir, { recursive: true, force: true });
  };
}

async function start(dir: string) {
  const { service, line } = await startSimulator({ users: 360, dir, log: join(dir, "simulator.log") });
  requireLoopback(line.basePath, "simulator's base path");
  const simulator: Simulator = {
    basePath: line.basePath,
    controlUrl: line.controlUrl,
    teamDomain: line.teamDomain,
    audience: line.audience,
    apiKey: line.apiKey,
    secretKey: readFileSync(line.secretKeyFile, "utf8"),
  };
  return { service, simulator };
}
