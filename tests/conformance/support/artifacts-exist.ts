// Says in one sentence what to build where the package or the simulator is missing.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { simulatorProgram } from "../../../scripts/artifacts.mjs";
import { repository } from "../../../scripts/base/environment.mjs";

export default function artifactsExist() {
  if (!existsSync(join(repository, "pkg", "index.js"))) {
    throw new Error("pkg/ has not been built: run npm run build first, or npm run test:conformance, which does.");
  }
  if (!existsSync(simulatorProgram())) {
    throw new Error(`${simulatorProgram()} has not been built: run npm run test:conformance, which builds it.`);
  }
}
