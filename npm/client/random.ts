/**
 * Random bytes, for nonces, keys and jitter; not for secrets.
 *
 * @module
 */

const SIZE = 16;
/** In store: asking for a few costs as much as asking for many. */
const pool = new Uint8Array(64 * SIZE);
let used = pool.length;

/** 16 bytes that were never given before. */
export function randomBytes(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  used += SIZE;
  return pool.slice(used - SIZE, used);
}
