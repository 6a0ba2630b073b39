import { describe, expect, it } from "vitest";
import { roleLabel, statusLabel, whyBlocked } from "./user.ts";

describe("a user", () => {
  it("has words for roles and statuses that nobody has heard of", () => {
    expect(roleLabel("GRAND_VIZIER")).toBe("Grand vizier");
    expect(statusLabel({ status: "ASLEEP" }).label).toBe("Asleep");
    expect(statusLabel({}).label).toBe("No status");
  });

  it("who cannot be reset for the role is told so by the role's name on this page, whatever the worker says", () => {
    const blocked = { code: "roleWithoutDevice", message: "VIEWER: no device." };
    expect(whyBlocked({ blocked, role: "NON_SIGNING_ADMIN" })).toBe(
      "Non-Signing Admins have no mobile device to reset.",
    );
    expect(whyBlocked({ blocked: { code: "self", message: "The role ADMIN. You cannot." }, role: "ADMIN" })).toBe(
      "The role ADMIN. You cannot.",
    );
    expect(whyBlocked({})).toBe("");
  });
});
