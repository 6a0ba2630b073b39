/** A person and an admin who talk: the person's code is read out and typed, and the person says whom they talk to. */
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "./random.ts";

const PATIENCE_MS = 30_000;
const TRIES = 5;

export interface Talk {
  /** The worker's address. */
  url: string;
  /** The sign-ins of the person, of whoever helps, and of another admin. */
  person: string;
  helper: string;
  other: string;
  random: Random;
  stopped: AbortSignal;
}

/** What the person's screen shows. */
interface Given {
  id: string;
  digits: string;
}

/**
 * Mostly to the end; sometimes two admins type at once, and sometimes the person never confirms.
 *
 * @param guessing whether both admins first guess more often, and at once, than a code allows
 * @returns the request for help; undefined where none came about
 */
export async function talk(options: Talk, guessing: boolean): Promise<string | undefined> {
  const { person, helper, other, random } = options;
  // The answer may be lost, or another's request of before may be open: a new code serves as well.
  const renew = () => insist<Given>(options, person, "/api/me/help/code");
  let given = (await insist<Given>(options, person, "/api/me/help", { because: "lost" })) ?? (await renew());
  if (given !== undefined && guessing) {
    const { id, digits } = given;
    const guesses = [helper, other, helper, other].map((token, index) =>
      insist(options, token, `/api/help/${id}/match`, { code: otherDigits(digits, index + 1) }),
    );
    await Promise.all(guesses);
    given = (await renew()) ?? given;
  }
  if (given === undefined) return undefined;
  const { id, digits } = given;
  const typing = random.chance(0.2) ? [helper, other] : [helper];
  await Promise.all(typing.map((token) => insist(options, token, `/api/help/${id}/match`, { code: digits })));
  if (random.chance(0.9)) await insist(options, person, "/api/me/help/confirm");
  return id;
}

/** The person says that it is not whom they talk to, at any moment. */
export async function deny(options: Talk): Promise<void> {
  await pause(options.random.between(0, 300));
  await send(options, options.person, "/api/me/help/deny");
}

const otherDigits = (digits: string, by: number): string => String((Number(digits) + by) % 1_000_000).padStart(6, "0");

/** Until the worker says yes or no, and not only that it cannot now. @returns what it says to a yes */
async function insist<T>(options: Talk, token: string, path: string, body: object = {}): Promise<T | undefined> {
  for (let attempt = 0; attempt < TRIES && !options.stopped.aborted; attempt++) {
    const response = await send(options, token, path, body);
    if (response?.ok) return response.body as T;
    if (response !== undefined && response.status < 500 && response.status !== 429) return undefined;
    await pause(options.random.between(50, 800));
  }
  return undefined;
}

/** Once. What is on its way when the storm ends is not waited for. @returns undefined where no answer came */
async function send(
  { url, stopped }: Talk,
  token: string,
  path: string,
  body: object = {},
): Promise<{ ok: boolean; status: number; body: unknown } | undefined> {
  try {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "Cf-Access-Jwt-Assertion": token, "Content-Type": "application/json", Origin: url },
      body: JSON.stringify(body),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE_MS)]),
    });
    return { ok: response.ok, status: response.status, body: await response.json() };
  } catch {
    return undefined;
  }
}
