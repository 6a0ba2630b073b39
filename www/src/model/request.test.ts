import { expect, it } from "vitest";
import { phaseText, type Request } from "./request.ts";

const about = { userId: "u", userName: "Noor Haddad", userEmail: "noor@x.example", confirmedAt: 0 };
const advice = "Look at the approvals before trying again, and then with the same idempotency key.";
const REQUESTS: Request[] = [
  { ...about, phase: "sending" },
  { ...about, phase: "elsewhere" },
  { ...about, phase: "looking" },
  { ...about, phase: "recorded", recordId: "r", mine: true },
  { ...about, phase: "recorded", recordId: "r", mine: false },
  { ...about, phase: "accepted" },
  { ...about, phase: "failed", problem: { kind: "refused", outcome: "refused", message: "No.", at: 0 } },
  { ...about, phase: "lost" },
  {
    ...about,
    phase: "unknown",
    idempotencyKey: "k",
    problem: { kind: "unknown", outcome: "unknown", message: advice, at: 0 },
  },
];

it("tells each phase by the same words, with a name where nothing around them has it", () => {
  for (const request of REQUESTS) {
    const here = phaseText(request);
    const there = phaseText(request, "Noor Haddad");
    expect(there.sentences, request.phase).toEqual(here.sentences);
    expect(there.title).toContain("Noor Haddad");
    expect(here.title).not.toContain("Noor Haddad");
    expect(here.title).toMatch(/^[A-Z].*\.$/);
  }
});

it("claims a reset in no phase, and gives nobody the advice that is meant for a program", () => {
  const told = REQUESTS.map((request) => [phaseText(request).title, ...phaseText(request).sentences].join(" "));
  for (const text of told)
    expect(text).not.toMatch(/(?<!no )device (was|has been) reset|new key|same idempotency key/i);
  expect(told[4]).toMatch(/was not taken\..*nothing new was filed/);
  expect(told.at(-1)).toContain("Do not ask for another reset.");
});
