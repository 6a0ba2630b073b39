/**
 * Starts one simulator for all tests, and tells them where it is and what its key is.
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
    simulator: Simulator;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), "worker-tests-"));
  const { service, line } = await startSimulator({ users: 360, dir, log: join(dir, "simulator.log") });
  requireLoopback(line.basePath, "simulator's base path");
  project.provide("simulator", {
    basePath: line.basePath,
    controlUrl: line.controlUrl,
    teamDomain: line.teamDomain,
    audience: line.audience,
    apiKey: line.apiKey,
    secretKey: readFileSync(line.secretKeyFile, "utf8"),
  });
  return async () => {
    await service.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
