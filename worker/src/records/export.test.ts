import { describe, expect, it } from "vitest";
import { csvCell } from "./export";

describe("a cell of CSV", () => {
  it.each([
    ["plain", "plain"],
    ["a,b", '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ["two\nlines", '"two\nlines"'],
    ["=1+1", `"'=1+1"`],
    ["+1", `"'+1"`],
    ["-1", `"'-1"`],
    ["@SUM(A1)", `"'@SUM(A1)"`],
    ["\t=1", `"\t'=1"`],
    ["\r=1", `"\r'=1"`],
    [" =1", `"' =1"`],
    ["\u200B=1", `"'\u200B=1"`],
    ["＝1", `"'＝1"`],
    ["|calc", `"'|calc"`],
    ["1-2", "1-2"],
    ["a; b", "a; b"],
    ["a;=1", `"a;'=1"`],
    ["a; +1", `"a;' +1"`],
    ["a\t-1", `"a\t'-1"`],
    ["a\n@x", `"a\n'@x"`],
    ["a\r\n=1", `"a\r\n'=1"`],
    ['a;"=1"', `"a;'""=1"""`],
    ["a;\u200B=1;=2", `"a;'\u200B=1;'=2"`],
  ])("%j is %j", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it("of a number stays a number", () => expect(csvCell(-5)).toBe("-5"));
  it("of nothing is empty", () => expect(csvCell(null)).toBe(""));
});
