// Runs a program in a process of its own, since what is loaded once in a process cannot be loaded again in it.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";

/** What each program has: `fetch` answers every request as Fireblocks answers a reset that it takes. */
const PRELUDE = `
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/");
const fetch = async () => new Response(null, { headers: { "x-request-id": "request" } });
const reset = async (client) => (await client.resetDevice("user-1", "key-1")).requestId;
const told = (error) => ({ kind: error.kind, outcome: error.outcome });
const print = (value) => console.log(JSON.stringify(value));
`;

/** The data that a program prints. It stands in the repository, where the package is found by its name. */
export async function printed(
  program: string,
  { nodeOptions = [], env = {} }: { nodeOptions?: string[]; env?: Record<string, string> } = {},
): Promise<unknown> {
  const args = [...nodeOptions, "--input-type=module", "--eval", `${PRELUDE}\n${program}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: repository,
    env: { ...toolEnvironment(), ...env },
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}
