/**
 * What a request for a reset may hold: id, key and note, by schema.
 *
 * @module
 */
import type { ResetNote } from "fireblocks-reset-device";
import { NOTE_LIMITS, STATED_PROOFS, STORIES } from "fireblocks-reset-device/gateway-api";
import * as v from "valibot";
import { CODES, GatewayError } from "../errors";

/** Control characters, and those that turn the reading direction, which make a text look like another. */
const DECEPTIVE = /[\p{Cc}\u2028\u2029\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;
const DECEPTIVE_BUT_LINES = /(?![\n\r\t])[\p{Cc}\u2028\u2029\u200E\u200F\u061C\u202A-\u202E\u2066-\u2069]|\p{Cs}/u;

/** A text of signs that nobody sees, or of punctuation alone, says nothing. */
const SAYS_SOMETHING = /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u;

const line = (max: number) =>
  v.pipe(
    v.string("must be a text"),
    v.trim(),
    v.maxLength(max, `must be at most ${max} characters`),
    v.check((text) => !DECEPTIVE.test(text), "must be one line without control characters"),
  );

/** A text of several lines, which shows what it holds. */
export const lines = (max: number) =>
  v.pipe(
    v.string("must be a text"),
    v.trim(),
    v.maxLength(max, `must be at most ${max} characters`),
    v.check((text) => !DECEPTIVE_BUT_LINES.test(text), "must hold no control characters"),
  );

const Reason = v.pipe(
  v.string("must be a text"),
  v.trim(),
  v.minLength(3, "must say something"),
  v.check((text) => SAYS_SOMETHING.test(text), "must say something"),
  v.maxLength(NOTE_LIMITS.reason, `must be at most ${NOTE_LIMITS.reason} characters`),
  v.check((text) => !DECEPTIVE_BUT_LINES.test(text), "must hold no control characters"),
);

/** As many as there are kinds that can be stated. */
const MAX_PROOFS = STATED_PROOFS.length;

const StatedProof = v.pipe(
  v.strictObject(
    {
      proof: v.picklist(
        STATED_PROOFS,
        `must be one of ${STATED_PROOFS.join(", ")}; any other is set by this worker alone, from what it has seen`,
      ),
      text: v.optional(line(NOTE_LIMITS.verifiedBy)),
    },
    'must be like {"proof":"videoCall","text":"…"}',
  ),
  v.transform(({ proof, text }) => ({ proof, ...(text !== undefined && SAYS_SOMETHING.test(text) && { text }) })),
  v.check(({ proof, text }) => proof !== "other" || text !== undefined, "must say in its text what it was"),
);

const StatedProofs = v.pipe(
  v.array(StatedProof, "must be a list"),
  v.maxLength(MAX_PROOFS, `must be at most ${MAX_PROOFS}`),
);

const Note = v.strictObject(
  {
    reason: v.optional(lines(NOTE_LIMITS.reason)),
    reference: v.optional(line(NOTE_LIMITS.reference)),
    verifiedBy: v.optional(line(NOTE_LIMITS.verifiedBy)),
    proofs: v.optional(StatedProofs),
    because: v.optional(v.picklist(STORIES, `must be one of ${STORIES.join(", ")}`)),
    helpRequest: v.optional(v.pipe(v.string("must be an id"), v.regex(/^[0-9a-f-]{36}$/, "must be an id"))),
    breakGlass: v.optional(Reason),
  },
  'must be a JSON object with "reason", "reference", "verifiedBy", "proofs", "because", "helpRequest" and "breakGlass" alone',
);

const DemandsQuery = v.strictObject(
  { because: Note.entries.because, helpRequest: Note.entries.helpRequest },
  "must hold because and helpRequest alone",
);

/** For what a person asks what it would need. */
export function parseDemandsQuery(query: Record<string, string>): v.InferOutput<typeof DemandsQuery> {
  return parse(DemandsQuery, query, "The query");
}

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

/** Reads the note. A text without a letter or a digit is as good as none. */
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
  const says = ([, part]: [string, unknown]) =>
    typeof part === "string" ? SAYS_SOMETHING.test(part) : Array.isArray(part) && part.length > 0;
  return Object.fromEntries(Object.entries(note).filter(says));
}

/** @throws {@link GatewayError} where `reason` is missing, or anything that says how the identity was proven */
export function requireNote(note: ResetNote): void {
  const proven = note.verifiedBy ?? note.proofs ?? note.helpRequest;
  const missing = (["reason", "verifiedBy"] as const).filter(
    (field) => (field === "verifiedBy" ? proven : note[field]) === undefined,
  );
  if (missing.length === 0) return;
  throw new GatewayError(
    400,
    CODES.noteRequired,
    `Say ${missing.map((field) => NOTE_WORDS[field]).join(" and ")} (${missing.join(", ")}). Nothing was sent.`,
  );
}

const NOTE_WORDS = { reason: "why the reset is needed", verifiedBy: "how the user's identity was verified" } as const;

const Reasoned = v.strictObject({ reason: Reason });
const Settled = v.strictObject({
  reason: Reason,
  lookedInConsole: v.optional(v.boolean("must be true or false"), false),
});

const Verdict = v.strictObject({
  verdict: v.picklist(["known", "notKnown"], 'must be "known" or "notKnown"'),
  reason: Reason,
});

/** What is said of a reset that was possibly made elsewhere. */
export function parseVerdict(body: string): v.InferOutput<typeof Verdict> {
  return parseJson(Verdict, body);
}

const Saying = v.strictObject({
  text: Reason,
  resetId: v.optional(v.pipe(v.string("must be a text"), v.uuid("must be a record's id"))),
});

/** What the affected person says. */
export function parseAlarm(body: string): v.InferOutput<typeof Saying> {
  return parseJson(Saying, body);
}

/** The reason that withdrawing asks for. */
export function parseReason(body: string): string {
  return parseJson(Reasoned, body).reason;
}

/** A time that was read in an answer and is sent back. */
export const Moment = v.pipe(v.number("must be epoch milliseconds"), v.integer("must be epoch milliseconds"));

const Resumed = v.object({ pausedAt: v.optional(Moment) }, "must be a JSON object");

/** When the pause began that is to end. No body says nothing of it. */
export function parseResume(body: string): number | undefined {
  return body.trim() === "" ? undefined : parseJson(Resumed, body).pausedAt;
}

const Released = v.strictObject({ proofs: v.optional(StatedProofs, []) }, 'must hold "proofs" alone');

export type Stated = v.InferOutput<typeof StatedProofs>;

/** What whoever releases has verified themselves. No body says nothing of it. */
export function parseRelease(body: string): Stated {
  return body.trim() === "" ? [] : parseJson(Released, body).proofs;
}

const Answered = v.strictObject({ confirm: v.boolean("must be true or false"), reason: Reason });

/** What a manager answers. */
export function parseAnswer(body: string): v.InferOutput<typeof Answered> {
  return parseJson(Answered, body);
}

/** What settling asks for. */
export function parseSettling(body: string): v.InferOutput<typeof Settled> {
  return parseJson(Settled, body);
}

export function parseJson<Schema extends v.GenericSchema>(schema: Schema, body: string): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new GatewayError(400, CODES.invalidRequest, 'The body must be JSON like {"reason":"…"}.');
  }
  return parse(schema, value, "The body");
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
