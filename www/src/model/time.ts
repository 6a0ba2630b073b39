/** Times and numbers in the reader's own language and zone. */

/** Makes a format when it is first asked for: each takes milliseconds, which the page's start has no use for. */
function later<Format>(make: () => Format): () => Format {
  let format: Format | undefined;
  return () => {
    format ??= make();
    return format;
  };
}

const exactFormat = later(() => new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }));
const zonedFormat = later(
  () =>
    new Intl.DateTimeFormat(undefined, {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    }),
);
const clockFormat = later(() => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }));
/** In numbers: what was 30 hours ago may be of yesterday or of the day before. */
const relativeFormat = later(() => new Intl.RelativeTimeFormat(undefined, { numeric: "always" }));
const numberFormat = later(() => new Intl.NumberFormat());

const listFormats = {
  conjunction: later(() => new Intl.ListFormat("en", { type: "conjunction" })),
  disjunction: later(() => new Intl.ListFormat("en", { type: "disjunction" })),
};

/** `a, b, and c`; `a or b`. */
export const list = (type: keyof typeof listFormats, parts: readonly string[]): string =>
  listFormats[type]().format(parts);

export const exactTime = (at: number): string => exactFormat().format(at);
/** With the time zone, for what is copied and sent to somebody elsewhere. */
export const zonedTime = (at: number): string => zonedFormat().format(at);
export const clockTime = (at: number): string => clockFormat().format(at);
export const count = (value: number): string => numberFormat().format(value);

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * 86_400_000],
  ["month", 30 * 86_400_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** `in 7 hours`, for a time in milliseconds; rounded up, so that nobody comes too early. */
export function timeToWait(wait: number): string {
  const seconds = Math.ceil(wait / 1000);
  if (seconds <= 90) return relativeFormat().format(seconds, "second");
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 90) return relativeFormat().format(minutes, "minute");
  const hours = Math.ceil(minutes / 60);
  return hours <= 72 ? relativeFormat().format(hours, "hour") : relativeFormat().format(Math.ceil(hours / 24), "day");
}

/** `3 minutes ago`. A clock that runs a little ahead is taken for now. */
export function relativeTime(at: number, now: number): string {
  const difference = at - now;
  if (Math.abs(difference) < 45_000) return "just now";
  for (const [unit, length] of UNITS) {
    if (Math.abs(difference) >= length) return relativeFormat().format(Math.round(difference / length), unit);
  }
  return relativeFormat().format(Math.sign(difference), "minute");
}
