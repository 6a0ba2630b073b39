import { expect, it } from "vitest";
import type { Notification } from "./notification";
import { sentenceOf } from "./wording";

const told = (type: `reset.${string}`, state: string, evidence?: "proven" | "suggested") =>
  sentenceOf({
    type,
    timestamp: "2026-11-02T10:00:00.000Z",
    data: {
      ...{ recordId: "r", state, environment: "production", user: { id: "n", name: "Noor" } },
      ...{ askedBy: "amara@x.example", askedAt: "2026-11-01T10:00:00.000Z", proofs: [] },
      ...(evidence && { evidence }),
    },
  } as Notification);

it("a state that is only suggested is told as that, and nothing else is", () => {
  expect(told("reset.completed", "completed", "suggested")).toMatch(
    /^Reset of Noor: ready again \(suggested, not proven/,
  );
  expect(told("reset.completed", "completed", "proven")).not.toContain("suggested");
  expect(told("reset.contested", "awaitingPairing", "suggested")).not.toContain("suggested");
});
