// Credentials of a real Fireblocks workspace or Cloudflare account: kept from everything but `npm start -- --live`.

const NAMES = /^(FIREBLOCKS|CLOUDFLARE|CF)_/i;

/**
 * A copy of an environment without credentials. Wrangler hands variables of its own environment to the worker, so they
 * must not be there at all.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutCredentials(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !NAMES.test(name)));
}

/** @type {NodeJS.ProcessEnv} */
const taken = {};

/**
 * Takes the credentials out of this process's own environment, so that nothing that it starts, by whatever way, can
 * inherit them. Returns all that were taken so far, for the one command that uses them.
 */
export function takeCredentials() {
  for (const name of Object.keys(process.env).filter((name) => NAMES.test(name))) {
    taken[name] = process.env[name];
    delete process.env[name];
  }
  return taken;
}
