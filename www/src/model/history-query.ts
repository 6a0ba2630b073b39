/** The filters of the history as the address bar carries them. Pure. */
import type { ResetQuery } from "../gateway/api.ts";

export interface HistoryFilters {
  state: string;
  open: boolean;
  askedBy: string;
  userId: string;
  /** Days of the reader's calendar, `YYYY-MM-DD`, both included. */
  from: string;
  to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function historyFilters(query: URLSearchParams): HistoryFilters {
  const day = (name: string) => {
    const value = query.get(name) ?? "";
    return DAY.test(value) ? value : "";
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
