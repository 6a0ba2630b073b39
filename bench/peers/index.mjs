// The peers, by the names of their files.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * @typedef {object} Peer
 * @property {string} name the file in this folder, without its extension
 * @property {string} title for the tables
 * @property {boolean} web whether it runs without Node's own modules
 */

/** @type {Peer[]} */
export const peers = [
  { name: "ours", title: "fireblocks-reset-device", web: true },
  { name: "baseline", title: "by hand: WebCrypto and fetch", web: true },
  { name: "jose", title: "jose and fetch", web: true },
  { name: "ts-sdk-deep", title: "@fireblocks/ts-sdk, narrowest import", web: false },
  { name: "ts-sdk", title: "@fireblocks/ts-sdk", web: false },
  { name: "legacy-sdk", title: "fireblocks-sdk (legacy)", web: false },
];

/** The installed versions of what is compared. */
export function versions() {
  return Object.fromEntries(["@fireblocks/ts-sdk", "fireblocks-sdk", "jose"].map((name) => [name, versionOf(name)]));
}

/** @param {string} name */
function versionOf(name) {
  for (const path of require.resolve.paths(name) ?? []) {
    try {
      return /** @type {string} */ (require(`${path}/${name}/package.json`).version);
    } catch {
      // Not in this folder; the next one upwards may hold it.
    }
  }
  throw new Error(`${name} is not installed.`);
}
