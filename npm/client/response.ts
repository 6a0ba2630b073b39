/**
 * Takes apart what `fetch` gives, whatever brought it.
 *
 * @module
 */
import type { Cause, Responded } from "./protocol.ts";

/**
 * The response's status and headers as a copy, so that nobody's getter runs later, or why there are none. Replacements for
 * `fetch` bring classes of their own: what has the shape of a response is one, and anything else is none.
 */
export function bareResponse(given: Response): Pick<Responded, "status" | "response"> | Cause {
  try {
    const { type, redirected } = given;
    // `Response.error()`: a failure that `fetch` itself would have thrown.
    if (type === "error") {
      return "failed";
    }
    const isRedirect = type === "opaqueredirect" || redirected === true;
    const status = isRedirect ? 0 : Number.parseInt(`${given.status}`, 10);
    const headers = [...given.headers];
    // What has no status has not the shape of a response. That of one which is opaque is 0.
    return isRedirect || (status > 99 && status < 1000)
      ? { status, response: { headers: globalThis.Headers ? new Headers(headers) : headersOf(headers) } }
      : "notUsable";
  } catch {
    return "notUsable";
  }
}

/** What stands for `Headers` where there is none: in Jest's jsdom, for one. */
function headersOf(entries: [string, string][]): { get(name: string): string | undefined } {
  const values = new Map(entries.map(([name, value]) => [name.toLowerCase(), `${value}`]));
  return { get: (name) => values.get(name.toLowerCase()) };
}

/** Where a redirect leads: the origin alone, since a path or query may hold something secret. */
export function redirectOrigin(given: Response, asked: string): string | undefined {
  try {
    const location = given.redirected === true ? given.url : given.headers.get("location");
    const origin = location ? new URL(location, asked).origin : "null";
    // As addresses without a host have it.
    return origin === "null" ? undefined : origin;
  } catch {
    return undefined;
  }
}

/** What was read of a body: its text with its byte order mark, and whether there was more. */
export interface BodyText {
  text: string;
  tooLong?: true;
}

/** The text of a body up to `limit` bytes. */
export async function textOf(given: Response, limit: number): Promise<BodyText> {
  const { body } = given;
  if (typeof body?.getReader !== "function") {
    return withoutStream(given, limit);
  }
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let left = limit;
  for (let chunks = 1; ; chunks++) {
    const { done, value } = await reader.read();
    if (done) {
      return { text: text + decoder.decode() };
    }
    if (chunks % 1_000 === 0) {
      // A stream that always has its next chunk at hand, perhaps an empty one, leaves no turn to the timers.
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (value.length > left) {
      reader.cancel().catch(() => {});
      return { text: text + decoder.decode(value.subarray(0, left)), tooLong: true };
    }
    left -= value.length;
    text += decoder.decode(value, { stream: true });
  }
}

/** No body, or that of a replacement for `fetch` without web streams. */
async function withoutStream(given: Response, limit: number): Promise<BodyText> {
  if (given.body === null) {
    return { text: "" };
  }
  const text = await given.text();
  return text.length > limit ? { text: text.slice(0, limit), tooLong: true } : { text: `${text}` };
}
