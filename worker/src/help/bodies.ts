/**
 * What the bodies of the person's and the helper's requests may hold, by schema.
 *
 * @module
 */
import { HELP_TEXT_LIMIT } from "fireblocks-reset-device/gateway-api";
import * as v from "valibot";
import { lines, Moment, parseJson } from "../resets/request";

const Asked = v.strictObject(
  {
    because: v.optional(
      v.picklist(
        ["lost", "stolen", "authenticatorLost", "changed"],
        'must be "lost", "stolen", "authenticatorLost" or "changed"',
      ),
    ),
    text: v.optional(lines(HELP_TEXT_LIMIT)),
  },
  'must be a JSON object with "because" and "text" alone',
);

const Typed = v.strictObject({
  code: v.pipe(
    v.string("must be a text"),
    v.transform((text) => text.replace(/[\s-]/g, "")),
    v.regex(/^\d{6}$/, "must be six digits"),
  ),
});

const Confirmed = v.object({ matchedAt: v.optional(Moment) }, "must be a JSON object");

/** What a person asks for help with. */
export function parseAsked(body: string): v.InferOutput<typeof Asked> {
  return body.trim() === "" ? {} : parseJson(Asked, body);
}

/** When the code was typed by whom the person has seen. No body says nothing of it. */
export function parseConfirmed(body: string): number | undefined {
  return body.trim() === "" ? undefined : parseJson(Confirmed, body).matchedAt;
}

/** The six digits that a helper has typed. */
export function parseTyped(body: string): string {
  return parseJson(Typed, body).code;
}
