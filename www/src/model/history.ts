/** The history: its filters as the address bar carries them, and how much they find. Pure. */
import type { ResetQuery } from "../gateway/api.ts";
import { count } from "./time.ts";

export interface HistoryFilters {
  state: string;
  open: boolean;
  askedBy: string;
  userId: string;
  /** Days of the reader's calendar, `YYYY-MM-DD`, both included. */
  from: string;
  to: string;
}

const DAY = /^[1-9]\d{3}-\d{2}-\d{2}$/;

/** Whether a text is a day of the calendar, with its whole year: while 2026 is typed, a date field has the years 2, 20 and 202. */
export const isWholeDay = (text: string): boolean =>
  DAY.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true;

export function historyFilters(query: URLSearchParams): HistoryFilters {
  const day = (name: string) => {
    const value = query.get(name) ?? "";
    return isWholeDay(value) ? value : "";
  };
  return {
    state: query.get("state") ?? "",
    open: query.get("open") === "true",
    askedBy: query.get("askedBy") ?? "",
    userId: query.get("userId") ?? "",
    from: day("from"),
    to: day("to"),
  };
}

/** The start of a day of the reader's calendar, `after` days later, in epoch milliseconds. */
function startOf(day: string, after = 0): number {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + after).getTime();
}

/** What the worker is asked for. */
export function resetQuery({ state, open, askedBy, userId, from, to }: HistoryFilters): ResetQuery {
  return {
    ...(state && { state }),
    ...(open && { open }),
    ...(askedBy && { askedBy: askedBy.trim().toLowerCase() }),
    ...(userId && { userId: userId.trim() }),
    ...(from && { from: startOf(from) }),
    // The last day counts whole: up to its last millisecond.
    ...(to && { to: startOf(to, 1) - 1 }),
  };
}

export const countText = (resets: number, more: boolean): string =>
  `${count(resets)} ${resets === 1 ? "reset" : "resets"}${more ? " so far" : ""}`;

export const NONE_FOUND = { title: "No reset found", sentence: "No reset matches these filters." };

export const NONE_YET = {
  title: "No resets yet",
  sentence: "Every reset that is asked for here leaves a record on this page.",
};
