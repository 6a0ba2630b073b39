// The bytes of the whole client: every operation in it, glue and WebAssembly, minified and gzipped.
//
// Inlined the aim of 40 KB is reached. As workerd loads it the aim is 30 KB and is not: that ceiling stands just above
// what the package weighs today, so that it cannot grow unseen; it comes down with it, and never goes up.

import { expect, test } from "vitest";
import { bytesOf, WHOLE } from "../../bench/measure/bytes.mjs";

const KB = 1000;

test("no heavier than 41.5 KB as workerd loads it", async () => {
  const { gzip } = await bytesOf(WHOLE, { loadedBy: "workerd" });
  expect(gzip).toBeLessThanOrEqual(41.5 * KB);
});

test("no heavier than 40 KB with the bytes inlined", async () => {
  const { gzip } = await bytesOf(WHOLE);
  expect(gzip).toBeLessThanOrEqual(40 * KB);
});
