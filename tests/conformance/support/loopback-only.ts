// Runs before every test file: takes a real workspace's credentials out of the environment, and lets nothing that uses
// the global fetch leave this machine.

import { requireLoopback } from "../../../scripts/base/environment.mjs";

for (const name of Object.keys(process.env)) {
  if (/^FIREBLOCKS_/i.test(name)) delete process.env[name];
}

const fetchAnywhere = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  requireLoopback(input instanceof Request ? input.url : String(input), "address of a request");
  return fetchAnywhere(input, init);
};
