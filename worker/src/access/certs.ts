/**
 * The Access team's signing keys. `jose` caches them, and fetches them again for an unknown `kid` at most
 * once in a cool-down, so that made-up `kid` values cannot be used to hammer the team's certs.
 *
 * @module
 */
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";
import { readBounded } from "../body";
import { withTimeLimit } from "../time-limit";

/** Access publishes two keys, about 4 KiB with their certificates. */
const MAX_CERTS_BYTES = 64 * 1024;
const FETCH_TIMEOUT_MS = 5_000;
/** Access keeps the previous key valid for 7 days after a rotation. */
const MAX_AGE_MS = 10 * 60_000;
const COOL_DOWN_MS = 30_000;
/** While the certs cannot be fetched, the last good ones serve for this long. */
const KEPT_WITHOUT_ACCESS_MS = 60 * 60_000;
/** After a failed fetch no other is made for this long. */
const FAILURE_COOL_DOWN_MS = 2_000;

/** The certs could not be fetched: nobody can be recognised until they can. */
export class CertsUnavailable extends Error {
  override readonly name = "CertsUnavailable";
}

/** A token names a key that is not among the certs, which were fetched so lately that they are not fetched again yet. */
export class KeyNotKnownYet extends Error {
  override readonly name = "KeyNotKnownYet";
}

export function accessCerts(teamDomain: string, fetchCerts: typeof fetch, now: () => number): JWTVerifyGetKey {
  let failedAt = Number.NEGATIVE_INFINITY;
  let good: { certs: object; at: number } | undefined;
  let askedAgainAt = Number.NEGATIVE_INFINITY;

  const guardedFetch = async (url: string, init: RequestInit): Promise<Response> => {
    try {
      if (now() < failedAt + FAILURE_COOL_DOWN_MS) throw new CertsUnavailable();
      const certs = await withTimeLimit(loadCerts(fetchCerts, url, init), FETCH_TIMEOUT_MS, () => {
        throw new CertsUnavailable("no answer in time");
      });
      good = { certs, at: now() };
      return Response.json(certs);
    } catch (cause) {
      if (now() >= failedAt + FAILURE_COOL_DOWN_MS) failedAt = now();
      // Access keeps a key valid for days after its rotation: what was good a while ago is good still.
      if (good !== undefined && now() < good.at + KEPT_WITHOUT_ACCESS_MS) return Response.json(good.certs);
      throw cause instanceof CertsUnavailable ? cause : new CertsUnavailable(undefined, { cause });
    }
  };

  const keys = createRemoteJWKSet(new URL("/cdn-cgi/access/certs", teamDomain), {
    [customFetch]: guardedFetch as typeof fetch,
    timeoutDuration: FETCH_TIMEOUT_MS,
    cacheMaxAge: MAX_AGE_MS,
    cooldownDuration: COOL_DOWN_MS,
  });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // A key that was rotated in a moment ago. One fetch more in a cool-down: a made-up `kid` gets no others.
      if (now() < askedAgainAt + COOL_DOWN_MS) throw new KeyNotKnownYet();
      askedAgainAt = now();
      await keys.reload();
      return keys(header, token);
    }
  };
}

/** The certs, whole and in the form of a key set; anything else is a failure to fetch them. */
async function loadCerts(fetchCerts: typeof fetch, url: string, init: RequestInit): Promise<object> {
  const response = await fetchCerts(url, init);
  if (response.status !== 200) throw new CertsUnavailable(`status ${response.status}`);
  const certs: unknown = JSON.parse(new TextDecoder().decode(await readBounded(response.body, MAX_CERTS_BYTES)));
  if (typeof certs !== "object" || certs === null || !("keys" in certs) || !Array.isArray(certs.keys)) {
    throw new CertsUnavailable("no key set");
  }
  return certs;
}
