// Lets nothing that uses the global fetch leave this machine.

import { requireLoopback } from "../../../scripts/base/environment.mjs";

const fetchAnywhere = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  requireLoopback(input instanceof Request ? input.url : String(input), "address of a request");
  return fetchAnywhere(input, init);
};
