import { expect, it } from "vitest";
import { UserIndex, userQuery } from "../model/user-search.ts";
import { userRows } from "./user-rows.ts";

it("one odd user does not take the others along", () => {
  const noor = {
    id: "1",
    firstName: "Noor",
    lastName: "Haddad",
    email: "noor@x.example",
    enabled: true,
    openReset: { recordId: "r" },
  };
  const rows = userRows([
    null,
    undefined,
    "somebody",
    7,
    [],
    {},
    { id: 3 },
    {
      id: "2",
      firstName: null,
      lastName: 5,
      email: ["a@x.example"],
      role: {},
      status: false,
      enabled: "yes",
      blocked: { code: "self" },
    },
    noor,
  ]);
  expect(rows).toEqual([{ id: "2", blocked: { code: "self" } }, noor]);
  expect(new UserIndex(rows, "en").search(userQuery(new URLSearchParams("q=noor")))).toEqual([noor]);
  expect(new UserIndex(rows, "en").search(userQuery(new URLSearchParams("sort=status")))).toHaveLength(2);
});

it("what is no list is not taken for an empty one", () => {
  for (const none of [undefined, null, {}, "[]"]) expect(() => userRows(none)).toThrow(SyntaxError);
});
