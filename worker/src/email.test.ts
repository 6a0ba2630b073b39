import { expect, it } from "vitest";
import { foldEmail } from "./email";

it("folds no two people into one", () => {
  expect(foldEmail("ada@example.com")).not.toBe(foldEmail("adb@example.com"));
  expect(foldEmail("ada@example.com")).not.toBe(foldEmail("ada@example.org"));
});
