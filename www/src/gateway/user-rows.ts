/** The list of users as it arrived, made sure of: one odd entry must not take the others along. */
import type { UserRow } from "fireblocks-reset-device/gateway-api";

const TEXTS = ["firstName", "lastName", "email", "role", "status", "userType"] as const;

/** The entries that are users. A field that is not what it should be is left out. @throws SyntaxError where there is no list */
export function userRows(users: unknown): UserRow[] {
  if (!Array.isArray(users)) throw new SyntaxError("The answer holds no list of users.");
  return users.filter(hasId).map((user) => {
    const odd: string[] = TEXTS.filter((name) => typeof user[name] !== "string");
    if (typeof user.enabled !== "boolean") odd.push("enabled");
    return Object.fromEntries(Object.entries(user).filter(([name]) => !odd.includes(name))) as unknown as UserRow;
  });
}

const hasId = (user: unknown): user is UserRow =>
  typeof user === "object" && user !== null && typeof (user as UserRow).id === "string";
