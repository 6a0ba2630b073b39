import { describe, expect, it } from "vitest";
import { historyFilters, isWholeDay, resetQuery } from "./history.ts";

describe("the history's filters", () => {
  it("count the last day whole, in the reader's own calendar", () => {
    const { from, to } = resetQuery(historyFilters(new URLSearchParams("from=2026-03-28&to=2026-03-29")));
    expect(new Date(from ?? 0)).toEqual(new Date(2026, 2, 28));
    expect(new Date((to ?? 0) + 1)).toEqual(new Date(2026, 2, 30));
  });

  it("take a day for whole only with its year, in the calendar", () => {
    for (const day of ["2026-11-05", "2024-02-29", "1999-12-31"]) expect(isWholeDay(day), day).toBe(true);
    for (const part of [
      "",
      "0002-11-05",
      "0020-11-05",
      "0202-11-05",
      "2026-02-30",
      "2026-13-01",
      "2026-1-1",
      "20260-01-01",
    ]) {
      expect(isWholeDay(part), part).toBe(false);
      expect(resetQuery(historyFilters(new URLSearchParams({ from: part }))), part).toEqual({});
    }
  });

  it("drop what is no day", () => {
    expect(resetQuery(historyFilters(new URLSearchParams("from=yesterday&state=refused")))).toEqual({
      state: "refused",
    });
  });
});
