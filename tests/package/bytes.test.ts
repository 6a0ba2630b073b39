// The bytes of the whole client: every operation in it, glue and WebAssembly, minified and gzipped.
//
// Each ceiling stands just above what the package weighs today, so that it cannot grow unseen. A change that needs more
// raises it in a commit that says why; one that needs less brings it down.

import { expect, test } from "vitest";
import { bytesOf, WHOLE } from "../../bench/measure/bytes.mjs";

const KB = 1000;

test("no heavier than 51.5 KB as workerd loads it", async () => {
  const { gzip } = await bytesOf(WHOLE, { loadedBy: "workerd" });
  expect(gzip).toBeLessThanOrEqual(51.5 * KB);
});

test("no heavier than 50.2 KB with the bytes inlined", async () => {
  const { gzip } = await bytesOf(WHOLE);
  expect(gzip).toBeLessThanOrEqual(50.2 * KB);
});
