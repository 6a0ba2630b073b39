import { expect, it } from "vitest";
import { parseListQuery } from "./list";

it.each([
  ["an e-mail's case means nothing", "ADA@Example.com", "ada@example.com"],
  ["but for letters beyond ASCII, which are kept as they were", "\u0130DA@example.com", "\u0130da@example.com"],
  ["a client id is taken as it is", "Robot.Access", "Robot.Access"],
])("records are found by who asked: %s", (_, given, stored) => {
  expect(parseListQuery({ askedBy: given }).askedBy).toBe(stored);
});
