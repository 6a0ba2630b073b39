// Calls with arguments and settings of every wrong kind, and enough right ones that some get far.

import fc from "fast-check";
import { API_KEY, USER_ID } from "../support/clients.ts";
import { usualPem } from "../support/secret-keys.ts";
import { odd, textOrOdd } from "./odd-values.ts";
import { fetches, listeners, signals, signers } from "./surroundings.ts";

/** Mostly what is right, sometimes something odd. */
function mostly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<unknown> = odd, often = 40): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: often, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

const config = fc.record(
  {
    basePath: mostly(fc.constant("http://127.0.0.1:9/v1"), textOrOdd),
    apiKey: mostly(fc.constant(API_KEY), textOrOdd, 60),
    secretKey: mostly(mostly(signers, fc.constant(usualPem()), 40), textOrOdd, 40),
    headers: mostly(fc.constantFrom({}, { "X-A": "b" }), mostly(fc.dictionary(fc.string(), odd))),
    userAgent: mostly(fc.constant("tests"), textOrOdd),
    maxRetries: mostly(fc.integer({ min: 0, max: 2 })),
    tokenLifetimeSeconds: mostly(fc.constant(29)),
    onAttempt: mostly(listeners),
  },
  { requiredKeys: ["basePath", "apiKey", "secretKey"] },
);

const options = fc.record(
  {
    signal: signals,
    timeoutMs: mostly(fc.constant(20)),
    maxRetries: mostly(fc.constant(1)),
    note: mostly(fc.constant(undefined)),
  },
  { requiredKeys: [] },
);

const params = fc.dictionary(
  fc.constantFrom("startTime", "subject", "order", "pageSize", "pageCursor", "userId", "includeAllUsers"),
  mostly(fc.constantFrom<unknown>(1, "a", ["a", "b"], true), odd, 2),
);

export const operations = fc.constantFrom(
  "resetDevice",
  "resetDevice",
  "resetDevice",
  "getConsoleUsers",
  "getWorkspace",
  "getAuditLogs",
  "getApprovals",
  "getApproval",
  "rejectApproval",
);

/** One call. What is in it must still be made: see {@link import("./odd-values.ts").made}. */
export const calls = fc.record({
  /** Of a client of its own; without its `fetch`. */
  config: mostly(config, odd, 60),
  fetch: fetches,
  operation: operations,
  id: mostly(fc.constant(USER_ID), textOrOdd, 6),
  idempotencyKey: mostly(fc.constant(undefined), textOrOdd, 6),
  params: mostly(params),
  options: mostly(options),
});
