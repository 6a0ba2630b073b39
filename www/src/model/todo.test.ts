import type { ResetRecord, Session } from "fireblocks-reset-device/gateway-api";
import { expect, it } from "vitest";
import { nothingToDo, sectionsOf } from "./todo.ts";

const record = (id: string, more: Partial<ResetRecord> = {}) => ({ id, askedBy: "amara@x", ...more }) as ResetRecord;
const session = { email: "Jonas@x", actor: "1", roles: ["resetter"], can: { settle: true } } as unknown as Session;
const none = { open: [], unknown: [], reviews: [], proposals: [], waiting: [] };

it("the most urgent list is first, and what is in two stands in the first alone", () => {
  const breakGlass = { reason: "x", reviewBy: 1 };
  const contested = { at: 1, by: "noor@x" };
  const unclear = record("u", { contested });
  const lists = sectionsOf(
    {
      open: [record("o"), record("c", { contested })],
      unknown: [unclear, record("v")],
      reviews: [
        record("v", { breakGlass }),
        record("r", { breakGlass }),
        record("my", { breakGlass, askedBy: "jonas@x" }),
      ],
      proposals: [record("p"), record("mine", { askedBy: "jonas@x" })],
      waiting: [record("w")],
    },
    session,
  );
  expect(lists.map(({ list, resets }) => [list, ...resets.map(({ id }) => id)])).toEqual([
    ["contested", "c", "u"],
    ["unknown", "v"],
    ["review", "r"],
    ["decide", "p"],
    ["reviewByOthers", "my"],
    ["own", "mine"],
    ["waiting", "w"],
  ]);
});

it("nobody is told that it is for them who cannot decide it", () => {
  const viewer = { ...session, can: { settle: false } } as Session;
  const lists = sectionsOf({ ...none, proposals: [record("p")] }, viewer);
  expect(lists.map(({ list }) => list)).toEqual(["others"]);
});

it("what is open and needs nobody is in none", () => {
  expect(sectionsOf({ ...none, open: [record("o")] }, session)).toEqual([]);
});

it("says of what somebody is not shown that it is not shown, and not that there is none", () => {
  const as = (role: Session["roles"][number]) =>
    nothingToDo({ roles: [role], can: { settle: role === "resetter" } } as unknown as Session).sentence;
  expect(as("resetter")).toContain("nothing for you or anybody else to decide");
  expect(as("auditor")).toMatch(/decision\. Requests for help are for others to see\.$/);
  expect(as("viewer")).toMatch(/decision\. Requests for help and resets made elsewhere are for others to see\.$/);
});
