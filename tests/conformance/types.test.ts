// The package's types: every item says what it means.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";

const lines = readFileSync(join(repository, "npm", "index.d.ts"), "utf8").split("\n");

/** An item begins a statement, a member stands two spaces in: of an interface, a class or a union's line. */
const ITEM = /^(?:export |type )|^ {2}(?:readonly |static )?[\w]+\??[:(]|^ {2}\| "/;
/** What repeats a value of Fireblocks', or what needs no words. */
const PLAIN = /^ {2}\| "[A-Z_]+"$|^ {2}private constructor|^ {2}readonly (?:US|EU|EU2|Sandbox):/;

test("no item and no member is without its sentence", () => {
  const silent = lines.flatMap((line, index) => {
    if (!ITEM.test(line) || PLAIN.test(line)) return [];
    const before = lines[index - 1] ?? "";
    const isParameter =
      /^ {2}(?:id: string|idempotencyKey\?: string|requestId: string|params\?:|source\?:|options\?:|data: Uint8)/.test(
        line,
      );
    return isParameter || /\*\/$/.test(before) ? [] : [`${index + 1}: ${line}`];
  });
  expect(silent).toEqual([]);
  expect(lines.filter((line) => ITEM.test(line)).length).toBeGreaterThan(100);
});
