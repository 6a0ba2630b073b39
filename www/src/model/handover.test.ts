import type { PhoneStory } from "fireblocks-reset-device";
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { handoverMessage } from "./handover.ts";

describe("the message for the affected user", () => {
  const message = (state: string, because?: PhoneStory) =>
    handoverMessage(
      { state, createdAt: 0, userName: "Noor Haddad", reference: "IT-1", because } as ResetRecord,
      "Northwind",
    );

  it("never says more than is known", () => {
    expect(message("approvalRequested")).toContain("Until then nothing changes.");
    expect(message("approvalRequested")).not.toContain("was reset");
    expect(message("awaitingPairing")).toContain("was reset. Please pair a phone now");
    for (const state of ["proposed", "waiting", "recorded", "sending", "unknown", "refused", "withdrawn", "stopped"]) {
      expect(message(state), state).toBeUndefined();
    }
  });

  it.each(["approvalRequested", "approved", "awaitingPairing"])(
    "in %s has the sign-in's second factor before the QR code",
    (state) => {
      for (const because of [undefined, "lost", "authenticatorLost"] as const) {
        const text = message(state, because) ?? "";
        expect(text.indexOf("two-factor authentication")).toBeGreaterThan(0);
        expect(text.indexOf("two-factor authentication")).toBeLessThan(text.indexOf("Scan the QR code"));
      }
      expect(message(state, "authenticatorLost")).toContain("Before you try to sign in");
      expect(message(state, "lost")).toContain("Was your authenticator app on the old phone too?");
    },
  );

  it("has what cannot wait first after a theft, and says nothing of it otherwise", () => {
    expect(message("approvalRequested", "stolen")).toMatch(/^Hello Noor,\n\nThe phone was stolen: .*security team now/);
    expect(message("approvalRequested", "lost")).not.toContain("stolen");
  });

  it("tells of both windows after the pairing", () => {
    for (const state of ["awaitingPairing", "awaitingSetup"]) {
      expect(message(state)).toMatch(/Owner approves your new key within two days.*you have two days/s);
    }
  });
});
