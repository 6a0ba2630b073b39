import { expect, it } from "vitest";
import { lostRoleTexts, todoCount } from "./session.ts";

it("says which group's name gave a role, and the id by which it would", () => {
  expect(lostRoleTexts({})).toEqual([]);
  const [text] = lostRoleTexts({ lostRoles: [{ role: "resetter", groupName: "Treasury Admins", groupId: "4f0c" }] });
  expect(text).toContain("“Treasury Admins” does not give you the role Resetter any more");
  expect(text).toContain("group-id:4f0c.");
});

it("counts what waits for somebody, not further than anybody reads, and nothing where nothing does", () => {
  expect(todoCount({})).toBeUndefined();
  expect(todoCount({ todo: 0 })).toBeUndefined();
  expect(todoCount({ todo: 3 })).toEqual({ seen: "3", said: "3 open" });
  expect(todoCount({ todo: 99 })).toEqual({ seen: "99", said: "99 open" });
  expect(todoCount({ todo: 100 })).toEqual({ seen: "99+", said: "more than 99 open" });
});
