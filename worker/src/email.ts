/**
 * When two e-mails are the same: narrowly to give something, widely to refuse something.
 *
 * @module
 */

/**
 * An e-mail as compared to give a role: ASCII letters without case, and nothing else alike. A wider rule would let
 * somebody in under a name that only looks like one on the list (U+212A, for one, is a K in lower case).
 */
export function lowerEmail(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * An e-mail as compared to tell two people apart: other spellings of one address become equal. It is wider than
 * any mail system's rule on purpose, since a false match only keeps somebody from a reset; it is never used to
 * give a role.
 */
export function foldEmail(email: string): string {
  const text = email.normalize("NFKC").trim().toUpperCase().toLowerCase();
  const at = text.lastIndexOf("@");
  const local = (at < 0 ? text : text.slice(0, at)).replace(/\+.*$/, "");
  const domain = at < 0 ? "" : text.slice(at).replace(/\.$/, "");
  // Letters alone: accents, dots above and invisible characters are ways of writing the same name.
  return `${local.normalize("NFKD").replace(/[\p{M}\p{Cf}]/gu, "")}${domain}`;
}
