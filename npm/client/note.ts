/**
 * Reads the note of a reset: its shape. Its values are the gateway's to judge.
 *
 * @module
 */
import type { ResetNote } from "../index.d.ts";
import { copy, ensure } from "./arguments.ts";

/** A new member needs its line here, and no more where it is a text. */
const NOTE = {
  reason: "string",
  reference: "string",
  verifiedBy: "string",
  proofs: "array",
  because: "string",
  helpRequest: "string",
  breakGlass: "string",
} as const satisfies Record<keyof ResetNote, string>;
const PROOF = { proof: "string", text: "string" } as const;

/**
 * The note as the JSON text of a body; nothing where it says nothing.
 *
 * @throws Unusable
 */
export function noteBody(given: unknown): string | undefined {
  const { proofs = [], ...texts } = copy("note", given, NOTE);
  // Of a hole in the list too.
  const read = Array.from(proofs, (entry) => {
    const proof = said(copy("an entry of proofs", entry, PROOF));
    ensure(proof.proof !== undefined, "proof of an entry of proofs must not be empty.");
    return proof;
  });
  const body = JSON.stringify({ ...said(texts), ...(read.length > 0 && { proofs: read }) });
  return body === "{}" ? undefined : body;
}

/** The texts that say something: what a form's empty field gives does not. */
function said<T extends Record<string, string | undefined>>(texts: T): T {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text?.trim())) as T;
}
