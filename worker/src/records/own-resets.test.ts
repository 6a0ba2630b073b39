import { expect, it } from "vitest";
import { toMyReset } from "./own-resets";
import type { Row } from "./row";

it("the person is told how surely it was their own reset", () => {
  const row = { id: "r", state: "completed", outcome: "accepted", evidence: "suggested", proofs: "[]", statuses: "[]" };
  const windows = { keySharesWithinMs: 1, setupWithinMs: 1 };
  expect(toMyReset({ row: row as unknown as Row, events: [] }, 0, windows)).toMatchObject({ evidence: "suggested" });
});
