/**
 * What a gateway, its page, the button and the command must agree on, beside the types in gateway-api.d.ts.
 *
 * @module
 */

import { REMEDIES } from "./remedies.js";

export { REMEDIES };

/**
 * What can have happened to the phone, in the order in which it is asked. Marked as pure, so that a bundle which asks for
 * something else of this file, as the client does, leaves the remedies out.
 */
export const STORIES = /** @type {import("./index.js").PhoneStory[]} */ (/* @__PURE__ */ Object.keys(REMEDIES));

/** The longest texts of a note, in UTF-16 units. */
export const NOTE_LIMITS = { reason: 1_000, reference: 200, verifiedBy: 300 };

/** The subjects under which Fireblocks' audit log tells of a device reset ("Audit Log Events"). */
export const AUDIT_LOG_SUBJECTS = ["Re-enroll mobile device", "Device reset", "User"];

/**
 * Whether a host always is this machine (RFC 6761 for names under `localhost`), so that plain http: may lead there.
 *
 * @param {string} hostname as a URL parser writes it: lower case, IPv6 in brackets
 */
export function isLoopback(hostname) {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** The longest text of a request for help, in UTF-16 units. */
export const HELP_TEXT_LIMIT = 300;

/** How far what waits for somebody is counted (`Session.todo`). */
export const TODO_LIMIT = 100;

/** @type {import("./index.js").StatedProof[]} */
export const STATED_PROOFS = ["inPerson", "videoCall", "calledBack", "other"];

export const PROOF_WORDS = {
  codeMatched: {
    label: "Code matched",
    meaning: "The person read a code from their own signed-in screen to whoever asked, and said whom they talk to.",
  },
  managerConfirmed: { label: "Manager confirmed", meaning: "The person's manager has signed in and confirmed it." },
  inPerson: { label: "In person", meaning: "Whoever stated it says that they met the person." },
  videoCall: { label: "Video call", meaning: "Whoever stated it says that they saw the person on a video call." },
  calledBack: {
    label: "Called back",
    meaning: "Whoever stated it says that they called the person on a number that was known before.",
  },
  other: { label: "Other", meaning: "What whoever stated it says in their own words. Nothing was checked." },
};

/** Who approves changes of a workspace beside the Owner. */
export const ADMIN_ROLES = ["ADMIN", "NON_SIGNING_ADMIN"];

/** Roles whose users sign, each with a key share that the Owner has to approve after a pairing. */
export const SIGNING_ROLES = ["OWNER", "ADMIN", "SIGNER", "COLLATERALS_SIGNER", "NCW_ADMIN", "NCW_SIGNER"];

/**
 * The lists of a reset's demands of which nothing is given.
 *
 * @param {Pick<import("./gateway-api.js").Demands, "proofs">} demands
 * @param {readonly import("./gateway-api.js").Proof[]} given
 */
export function unmetProofs({ proofs }, given) {
  return proofs.filter((list) => !list.some((proof) => given.includes(proof)));
}

/**
 * How long a reset waits with these proofs, in milliseconds.
 *
 * @param {Pick<import("./gateway-api.js").Demands, "waits">} demands
 * @param {readonly import("./gateway-api.js").Proof[]} given
 */
export function waitOf({ waits }, given) {
  const minutes = waits.map((wait) =>
    Math.min(wait.minutes, ...given.map((proof) => wait.with?.[proof] ?? Number.POSITIVE_INFINITY)),
  );
  return Math.round(Math.max(0, ...minutes) * 60_000);
}
