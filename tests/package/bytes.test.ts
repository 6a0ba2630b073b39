// The byte budgets of the whole client: every operation in it, glue and WebAssembly, minified and gzipped.

import { expect, test } from "vitest";
import { bytesOf, WHOLE } from "../../bench/measure/bytes.mjs";

const KB = 1000;

test("at most 30 KB as workerd loads it", async () => {
  const { gzip } = await bytesOf(WHOLE, { loadedBy: "workerd" });
  expect(gzip).toBeLessThanOrEqual(30 * KB);
});

test("at most 40 KB with the bytes inlined", async () => {
  const { gzip } = await bytesOf(WHOLE);
  expect(gzip).toBeLessThanOrEqual(40 * KB);
});
