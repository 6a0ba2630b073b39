/**
 * The code that a person reads out: made without bias, kept as a keyed hash, compared in constant time.
 *
 * @module
 */
import type { Configuration } from "../configuration";
import type { HelpRow } from "../records/help-requests";

/** How long a code serves. */
export const CODE_LASTS_MS = 3 * 60_000;
/** How often anybody may be wrong about one code, all together. */
export const CODE_TRIES = 3;
/** What the clocks of two of Cloudflare's machines may differ by. */
const CLOCK_TOLERANCE_MS = 5_000;

const CODES_THERE_ARE = 1_000_000;
/** The greatest multiple of all codes in 32 bits: what lies above would make some codes likelier than others. */
const FAIR_BELOW = Math.floor(2 ** 32 / CODES_THERE_ARE) * CODES_THERE_ARE;

export function newDigits(): string {
  for (;;) {
    const [random = FAIR_BELOW] = crypto.getRandomValues(new Uint32Array(1));
    if (random < FAIR_BELOW) return String(random % CODES_THERE_ARE).padStart(6, "0");
  }
}

/** The columns of a code. */
export type CodeColumns = Pick<
  HelpRow,
  "code_number" | "code_salt" | "code_mac" | "code_at" | "code_until" | "tries_left"
>;

/** What is kept of a code that is given now. */
export async function newCode(
  configuration: Configuration,
  row: Pick<HelpRow, "id" | "user_id" | "code_number">,
  digits: string,
  now: number,
): Promise<CodeColumns> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await macKey(configuration, salt);
  const mac = await crypto.subtle.sign("HMAC", key, message(row, digits));
  return {
    code_number: row.code_number + 1,
    code_salt: base64(salt),
    code_mac: base64(new Uint8Array(mac)),
    code_at: now,
    code_until: now + CODE_LASTS_MS,
    tries_left: CODE_TRIES,
  };
}

/** A request without a code. Its number and tries stay, so that the next is another code. */
export const NO_CODE = { code_salt: null, code_mac: null, code_at: null, code_until: null } as const;

/** Whether a code is there that can still match. A clock that has gone back makes no code last longer. */
export function isAlive(row: HelpRow, now: number): boolean {
  const { code_at: from, code_until: until, tries_left } = row;
  return from !== null && until !== null && tries_left > 0 && now < until && now >= from - CLOCK_TOLERANCE_MS;
}

/** WebCrypto compares in constant time. */
export async function matches(configuration: Configuration, row: HelpRow, digits: string): Promise<boolean> {
  if (row.code_salt === null || row.code_mac === null) return false;
  const key = await macKey(configuration, bytes(row.code_salt));
  return crypto.subtle.verify("HMAC", key, bytes(row.code_mac), message(row, digits));
}

/**
 * Six digits are guessed at once by whoever has their plain hash. The key is made of the worker's secret, which is not
 * in the database.
 */
async function macKey({ secretKey }: Configuration, salt: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const utf8 = new TextEncoder();
  const secret = await crypto.subtle.importKey("raw", utf8.encode(secretKey), "HKDF", false, ["deriveBits"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: utf8.encode("code of a request for help") };
  const bits = await crypto.subtle.deriveBits(derivation, secret, 256);
  return crypto.subtle.importKey("raw", bits, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** A code belongs to one request of one user. */
function message({ id, user_id }: Pick<HelpRow, "id" | "user_id">, digits: string): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([id, user_id, digits]));
}

function base64(given: Uint8Array): string {
  return btoa(String.fromCharCode(...given));
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
