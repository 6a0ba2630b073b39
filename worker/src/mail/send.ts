/**
 * Sends mail by Cloudflare's `send_email` binding.
 *
 * @module
 */
import { errorName } from "../log";
import type { Mail } from "../records/wording";
import type { Services } from "../services";
import { withTimeLimit } from "../time-limit";

/** Not said how long a binding may take; past this the mail counts as one that may come twice. */
const SEND_TIMEOUT_MS = 10_000;

/** `accepted`: taken for delivery, which says nothing of its arrival. `refused`: this mail will never be taken. */
export type Sent = "accepted" | "refused" | "failed";

/**
 * What the binding will say again however often it is asked ("Workers API", Cloudflare Email Service). Others pass: a limit,
 * a delivery that failed, a fault of the service, and what is not listed.
 */
const FINAL = new Set([
  "E_VALIDATION_ERROR",
  "E_FIELD_MISSING",
  "E_SENDER_NOT_VERIFIED",
  "E_SENDER_DOMAIN_NOT_AVAILABLE",
  "E_RECIPIENT_NOT_ALLOWED",
  "E_RECIPIENT_SUPPRESSED",
  "E_CONTENT_TOO_LARGE",
]);
/** A binding that is bound to some addresses, and the simulation of `wrangler dev`, say it without a code. */
const NOT_ALLOWED = /^email (to|from) .* not allowed$/;

export async function sendMail({ bindings, configuration, log }: Services, mail: Mail): Promise<Sent> {
  const { EMAIL } = bindings;
  const { mailFrom: from } = configuration;
  if (EMAIL === undefined || from === undefined) return "refused";
  try {
    await withTimeLimit(EMAIL.send({ from, ...mail }), SEND_TIMEOUT_MS, () => {
      throw new Error("the binding did not answer in time");
    });
    return "accepted";
  } catch (error) {
    const code = codeOf(error);
    const refused =
      (code !== undefined && FINAL.has(code)) || (error instanceof Error && NOT_ALLOWED.test(error.message));
    // Never the message, in which the address stands.
    log({ level: "warn", event: refused ? "mailRefused" : "mailFailed", reason: code, error: errorName(error) });
    return refused ? "refused" : "failed";
  }
}

function codeOf(error: unknown): string | undefined {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" && /^E_[A-Z_]{1,60}$/.test(code) ? code : undefined;
}
