// The programs that the wasm-bindgen project publishes with its releases, and which wasm-pack would take itself; and
// Mozilla's driver of Firefox. GitHub computes the checksum of what was uploaded, and tells it apart from the file.

import { createHash } from "node:crypto";

const GITHUB = "https://api.github.com";
const ANSWER_MS = 10_000;
const DOWNLOAD_MS = 120_000;

/** For which systems there are programs. @type {Record<string, string>} */
const TARGETS = {
  "linux x64": "x86_64-unknown-linux-musl",
  "linux arm64": "aarch64-unknown-linux-musl",
  "darwin x64": "x86_64-apple-darwin",
  "darwin arm64": "aarch64-apple-darwin",
};

/** Mozilla's words for the same. @type {Record<string, string>} */
const MOZILLA_TARGETS = {
  "linux x64": "linux64",
  "linux arm64": "linux-aarch64",
  "darwin x64": "macos",
  "darwin arm64": "macos-aarch64",
};

/** @typedef {{ release: string, file: string }} Publication the path of a release at GitHub, and the file's name in it */

/**
 * Where a tool is published for this system.
 *
 * @param {import("../base/environment.mjs").CargoTool} tool
 * @returns {Publication}
 */
export function publicationOf({ version, programs: [name] }, system = `${process.platform} ${process.arch}`) {
  const [owner, targets] = name === "geckodriver" ? ["mozilla", MOZILLA_TARGETS] : ["wasm-bindgen", TARGETS];
  const target = targets[system];
  if (target === undefined) throw new Error(`nothing is published for ${system}`);
  const tag = name === "wasm-bindgen" ? version : `v${version}`;
  return { release: `/repos/${owner}/${name}/releases/tags/${tag}`, file: `${name}-${tag}-${target}.tar.gz` };
}

/**
 * The published archive, whose checksum was verified.
 *
 * @param {Publication} publication
 * @param {AbortSignal} signal
 * @param {string} [api]
 */
export async function download({ release, file }, signal, api = GITHUB) {
  const answer = await get(`${api}${release}`, ANSWER_MS, signal);
  /** @type {{ assets?: { name: string, browser_download_url: string, digest?: string | null }[] }} */
  const { assets = [] } = await answer.json();
  const asset = assets.find(({ name }) => name === file);
  if (asset === undefined) throw new Error(`its release has no ${file}`);
  const [, checksum] = /^sha256:([0-9a-f]{64})$/.exec(asset.digest ?? "") ?? [];
  if (checksum === undefined) throw new Error(`no checksum is told of ${file}`);
  const archive = await get(asset.browser_download_url, DOWNLOAD_MS, signal);
  const bytes = new Uint8Array(await archive.arrayBuffer());
  if (createHash("sha256").update(bytes).digest("hex") !== checksum) throw new Error(`${file} fails its checksum`);
  return bytes;
}

/**
 * @param {string} address
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
async function get(address, milliseconds, signal) {
  const host = new URL(address).host;
  let response;
  try {
    response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]) });
  } catch (error) {
    throw new Error(`${host} cannot be reached`, { cause: error });
  }
  if (!response.ok) throw new Error(`${host} answered ${response.status}`);
  return response;
}
