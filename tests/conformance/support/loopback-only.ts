// Runs before every test file: takes a real workspace's credentials out of the environment, and lets nothing that uses
// the global fetch leave this machine.

import "./loopback-fetch.ts";

for (const name of Object.keys(process.env)) {
  if (/^FIREBLOCKS_/i.test(name)) delete process.env[name];
}
