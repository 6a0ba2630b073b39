// The bytes of the whole client: every operation in it, glue and WebAssembly, minified and gzipped.
//
// Each ceiling stands just above what the package weighs today, so that it cannot grow unseen; it comes down with it, and
// never goes up.

import { expect, test } from "vitest";
import { bytesOf, WHOLE } from "../../bench/measure/bytes.mjs";

const KB = 1000;

test("no heavier than 30 KB as workerd loads it", async () => {
  const { gzip } = await bytesOf(WHOLE, { loadedBy: "workerd" });
  expect(gzip).toBeLessThanOrEqual(30 * KB);
});

test("no heavier than 30 KB with the bytes inlined", async () => {
  const { gzip } = await bytesOf(WHOLE);
  expect(gzip).toBeLessThanOrEqual(30 * KB);
});
