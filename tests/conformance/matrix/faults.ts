// The faults of the matrix: everything that can come between a reset and its answer.

import type { Fault } from "../support/simulator.ts";

/** How long an attempt may take. */
export const TIMEOUT_MS = 1_000;
const PAST_THE_TIMEOUT_MS = 1_400;

const SPENT_KEY = "This operation doesn't support the usage of the same idempotency key after an internal error";
const PORTAL = {
  body: "<html>Sign in to the Wi-Fi</html>",
  headers: { "X-Request-ID": "", "Content-Type": "text/html" },
};

export interface NamedFault {
  name: string;
  what: Omit<Fault, "match" | "times">;
  /**
   * Whether the request still runs while its caller tries again. Where the same key may run twice at once, this is
   * what doubles a reset.
   */
  outlivesTheAttempt?: true;
  /** Whether the answer comes after the attempt's time has run out. */
  takesLonger?: true;
}

/** A status before the request had its effect. */
function refused(status: number, more: Fault = {}, name = `${status}`): NamedFault {
  return { name, what: { status, ...more } };
}

/** A status after the request had its effect. A 4xx is no such answer: it says that there was none. */
function failedAfterEffect(status: number): NamedFault {
  return { name: `${status} after the effect`, what: { status, effect: true } };
}

const answers: NamedFault[] = [
  refused(302, { headers: { Location: "https://sign-in.example/" } }),
  failedAfterEffect(302),
  refused(307, { headers: { Location: "/elsewhere" } }),
  refused(400),
  refused(400, { body: JSON.stringify({ message: SPENT_KEY, code: 400 }) }, "400, key spent"),
  refused(400, { body: JSON.stringify({ message: SPENT_KEY }), truncate: true }, "400, key spent, truncated"),
  refused(400, { garbage: true }, "400, garbage"),
  refused(401),
  refused(401, { body: '{"message":"The request has expired.","code":-10}' }, "401, code -10"),
  refused(
    401,
    { body: '{"message":"The request is with a future issuance timestamp (iat).","code":-12}' },
    "401, code -12",
  ),
  refused(403),
  refused(403, { garbage: true }, "403, garbage"),
  refused(404),
  refused(408),
  failedAfterEffect(408),
  failedAfterEffect(499),
  refused(409),
  refused(410),
  refused(422),
  refused(429),
  refused(429, { retryAfter: "0" }, "429, Retry-After: 0"),
  refused(429, { retryAfter: "3600" }, "429, Retry-After: 3600"),
  refused(500),
  failedAfterEffect(500),
  refused(500, { truncate: true }, "500, truncated"),
  refused(501),
  refused(502),
  failedAfterEffect(502),
  refused(503),
  failedAfterEffect(503),
  refused(503, { spendKey: false, retryAfter: "0" }, "503 of a gateway before Fireblocks"),
  refused(504),
  failedAfterEffect(504),
  refused(520),
  failedAfterEffect(520),
  refused(200, PORTAL, "200 of a portal"),
  { name: "200 of a portal after the effect", what: PORTAL },
];

const broken: NamedFault[] = [
  { name: "short delay", what: { delayMs: 30 } },
  {
    name: "delay past the time-out, then the effect",
    what: { delayMs: PAST_THE_TIMEOUT_MS },
    outlivesTheAttempt: true,
    takesLonger: true,
  },
  {
    name: "effect, then a delay past the time-out",
    what: { delayAfterMs: PAST_THE_TIMEOUT_MS },
    takesLonger: true,
  },
  { name: "cut before the effect", what: { cut: "beforeEffect" } },
  { name: "cut after the effect", what: { cut: "afterEffect" } },
  { name: "cut in the body", what: { cut: "midBody" } },
  { name: "garbage body", what: { garbage: true } },
  { name: "truncated body", what: { truncate: true } },
  { name: "clock 10 minutes ahead", what: { skewSeconds: 600 } },
  { name: "clock 10 minutes behind", what: { skewSeconds: -600 } },
];

/** One fault of each kind that the client's rules tell apart. */
export const faults: readonly NamedFault[] = [...answers, ...broken];

/** Every status there is from 300 on, before the effect and, where it does not deny one, after it. */
export const everyStatus: readonly NamedFault[] = Array.from({ length: 300 }, (_, index) => 300 + index)
  // Fetch itself asks again after 421, which the client cannot prevent.
  .filter((status) => status !== 421)
  .flatMap((status) => {
    const deniesAnEffect = status >= 400 && status < 500 && ![408, 444, 460, 499].includes(status);
    return deniesAnEffect ? [refused(status)] : [refused(status), failedAfterEffect(status)];
  });

/** Every ordered pair. */
export const pairs = faults.flatMap((first) => faults.map((second) => [first, second] as const));
