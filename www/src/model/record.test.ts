import { expect, it } from "vitest";
import { RECORD_STATES, stateLabel } from "./record.ts";

it("has a name for every state", () => {
  for (const state of RECORD_STATES) expect(stateLabel(state).label).not.toBe("");
});
