// What nobody caught while a test file ran.

import { afterAll, beforeAll } from "vitest";

/** Collects unhandled rejections and exceptions for as long as the file's tests run. */
export function collectUnhandled(): readonly unknown[] {
  const unhandled: unknown[] = [];
  const keep = (reason: unknown) => void unhandled.push(reason);
  beforeAll(() => {
    process.on("unhandledRejection", keep);
    process.on("uncaughtException", keep);
  });
  afterAll(() => {
    process.off("unhandledRejection", keep);
    process.off("uncaughtException", keep);
  });
  return unhandled;
}
