/**
 * What a request for a reset may hold: id, key and note, by schema.
 *
 * @module
 */
import type { ResetNote } from "fireblocks-reset-device";
import * as v from "valibot";
import { CODES, GatewayError } from "../errors";

/** Control characters, and those that turn the reading direction, which make a text look like another. */
const DECEPTIVE = /[\p{Cc}\u2028\u2029\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;
const DECEPTIVE_BUT_LINES = /(?![\n\r\t])[\p{Cc}\u2028\u2029\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;

const line = (max: number) =>
  v.pipe(
    v.string("must be a text"),
    v.trim(),
    v.maxLength(max, `must be at most ${max} characters`),
    v.check((text) => !DECEPTIVE.test(text), "must be one line without control characters"),
  );

const Note = v.strictObject(
  {
    reason: v.optional(
      v.pipe(
        v.string("must be a text"),
        v.trim(),
        v.maxLength(1_000, "must be at most 1000 characters"),
        v.check((text) => !DECEPTIVE_BUT_LINES.test(text), "must hold no control characters"),
      ),
    ),
    reference: v.optional(line(200)),
    verifiedBy: v.optional(line(300)),
  },
  'must be a JSON object with "reason", "reference" and "verifiedBy" alone',
);

const UserId = v.pipe(
  v.string(),
  v.nonEmpty("is empty"),
  v.check((id) => new TextEncoder().encode(id).byteLength <= 255, "is longer than 255 bytes"),
  v.check((id) => !DECEPTIVE.test(id), "holds control characters"),
  v.check((id) => !/[/\\?#%]/.test(id) && id !== "." && id !== "..", "is not usable in a path"),
);

/** Fireblocks takes at most 40 characters. */
const CallerKey = v.pipe(v.string(), v.regex(/^[\x21-\x7E]{1,40}$/, "must be 1 to 40 visible ASCII characters"));

export function parseUserId(value: string): string {
  return parse(UserId, value, "The user id");
}

export function parseCallerKey(value: string | undefined): string | undefined {
  return value === undefined ? undefined : parse(CallerKey, value, "The Idempotency-Key");
}

/** Reads the note. Empty texts are as good as none. */
export function parseNote(body: string): ResetNote {
  let value: unknown = {};
  if (body.trim() !== "") {
    try {
      value = JSON.parse(body);
    } catch {
      throw new GatewayError(400, CODES.invalidRequest, "The body is not JSON.");
    }
  }
  const note = parse(Note, value, "The note");
  return Object.fromEntries(Object.entries(note).filter(([, text]) => text !== ""));
}

/** @throws {@link GatewayError} where `reason` or `verifiedBy` is missing */
export function requireNote(note: ResetNote): void {
  const missing = (["reason", "verifiedBy"] as const).filter((field) => note[field] === undefined);
  if (missing.length === 0) return;
  throw new GatewayError(
    400,
    CODES.noteRequired,
    `Say ${missing.map((field) => NOTE_WORDS[field]).join(" and ")} (${missing.join(", ")}). Nothing was sent.`,
  );
}

const NOTE_WORDS = { reason: "why the reset is needed", verifiedBy: "how the user's identity was verified" } as const;

const Reason = v.strictObject({
  reason: v.pipe(
    v.string("must be a text"),
    v.trim(),
    v.minLength(3, "must say something"),
    v.maxLength(1_000, "must be at most 1000 characters"),
    v.check((text) => !DECEPTIVE_BUT_LINES.test(text), "must hold no control characters"),
  ),
});

/** The reason that settling or withdrawing asks for. */
export function parseReason(body: string): string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new GatewayError(400, CODES.invalidRequest, 'The body must be JSON like {"reason":"…"}.');
  }
  return parse(Reason, value, "The body").reason;
}

function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown, what: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const sentences = parsed.issues.map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? `${what} ${issue.message}` : `${what}: ${path} ${issue.message}`;
  });
  throw new GatewayError(400, CODES.invalidRequest, `${sentences.join(". ")}. Nothing was sent.`);
}
