import { describe, expect, it } from "vitest";
import { guardFor, leavesTooFewAdmins, quorumOf } from "./quorum";

const user = (id: string, role = "ADMIN", status = "READY") => ({
  id,
  role,
  status,
  userType: "CONSOLE",
  enabled: true,
});
const owner = user("owner", "OWNER");
const three = [owner, user("a"), user("b", "NON_SIGNING_ADMIN")];

describe("what a reset leaves", () => {
  it("of admins and signers is told without whoever is reset", () => {
    expect(quorumOf(three, "a", new Set(), 2)).toEqual({
      admins: { ready: 2, left: 1 },
      signers: { ready: 2, left: 1 },
      minReadyAdmins: 2,
    });
  });

  it("has every open reset taken off, once", () => {
    expect(quorumOf(three, "a", new Set(["b"]), 2).admins).toEqual({ ready: 1, left: 0 });
    expect(quorumOf([...three, user("c", "ADMIN", "PENDING_DEVICE_PAIRING")], "a", new Set(["c"]), 2).admins).toEqual({
      ready: 2,
      left: 1,
    });
  });

  it("counts nobody who has no device, is disabled, or is an API user", () => {
    const users = [
      user("x", "ADMIN", "PENDING_DEVICE_SETUP"),
      { ...user("y"), enabled: false },
      { ...user("z"), userType: "API" },
    ];
    expect(quorumOf([...three, ...users], "a", new Set(), 2).admins.ready).toBe(2);
  });
});

describe("too few admins", () => {
  const guard = (ready: number, min: number | undefined, role = "ADMIN") =>
    guardFor(
      user("0", role),
      Array.from({ length: ready }, (_, index) => user(`${index}`)),
      [],
      min,
    );
  it.each([
    ["enough are left", 4, 3, false],
    ["one too few", 3, 3, true],
    ["one alone", 1, 3, true],
    ["nobody has said how many", 1, undefined, false],
  ])("%s", async (_, ready, min, expected) => expect(leavesTooFewAdmins(await guard(ready, min))).toBe(expected));

  it("are nothing to the reset of somebody who is no admin", async () => {
    expect(leavesTooFewAdmins(await guard(1, 3, "SIGNER"))).toBe(false);
  });
});
