import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { consequencesFor } from "./consequences.ts";

describe("consequences", () => {
  const texts = (role: string) =>
    consequencesFor({ id: "1", firstName: "Ada", role } as UserRow)
      .map(({ text }) => text)
      .join("\n");

  it("tell of the quorum for admins and of MPC keys for signers", () => {
    expect(texts("NON_SIGNING_ADMIN")).toContain("Admin Quorum");
    expect(texts("NON_SIGNING_ADMIN")).not.toContain("MPC");
    expect(texts("SIGNER")).toContain("MPC");
    expect(texts("SIGNER")).not.toContain("Quorum");
    expect(texts("ADMIN")).toMatch(/Quorum[\s\S]*MPC/);
    for (const role of ["AUDITOR", "A_NEW_ROLE"]) expect(texts(role)).toMatch(/Other workspaces[\s\S]*2FA/);
  });

  it("tell how many are left, where that is known and somebody is taken away", () => {
    const of = (ready: number, left = 2) =>
      consequencesFor({ id: "1", firstName: "Ada", role: "ADMIN" } as UserRow, {
        quorum: { admins: { ready, left }, signers: { ready, left } },
      })
        .map(({ text }) => text)
        .join("\n");
    expect(of(3)).toMatch(/leaves 2 of 3 admins beside the Owner[\s\S]*leaves 2 of 3 who can sign/);
    expect(of(2)).not.toContain("leaves 2");
    expect(of(1, 0)).toContain("leaves 0 of 1 admin beside the Owner");
  });
});
