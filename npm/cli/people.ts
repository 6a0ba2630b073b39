/** Finds the one console user that is meant, and says what is odd about resetting them. */
import { ADMIN_ROLES } from "../gateway-api.js";
import type { Client, ConsoleUser } from "../index.js";
import { isBlank } from "./blank.js";
import { ExitCode, Stop } from "./exit-codes.js";
import { printable } from "./output.js";

/** A console user whose id is known. */
export type KnownUser = ConsoleUser & { id: string };

/** The members of a user that are read as text here. */
const TEXTS = ["id", "firstName", "lastName", "email", "role", "status", "userType"] as const;

/** The console users, as far as they can be read: what is no user, or no text where one belongs, is left out. */
export async function consoleUsers(client: Client, signal: AbortSignal): Promise<ConsoleUser[]> {
  const { users } = await client.getConsoleUsers({ signal });
  return users.filter((user: unknown) => typeof user === "object" && user !== null).map(withTextsAlone);
}

function withTextsAlone(user: ConsoleUser): ConsoleUser {
  const read = { ...user };
  for (const name of TEXTS) {
    if (typeof read[name] !== "string") delete read[name];
  }
  return read;
}

/**
 * The user with this id, or with this e-mail (compared without regard to case, or to spaces around it).
 * @throws Stop where there is not exactly one. A blank text is nobody's, whatever the list holds.
 */
export async function findUser(client: Client, given: string, signal: AbortSignal): Promise<KnownUser> {
  const idOrEmail = given.trim();
  if (isBlank(idOrEmail)) throw new Stop("No user was named. Nothing was sent.", ExitCode.Usage);
  const users = await consoleUsers(client, signal);
  const wanted = idOrEmail.toLowerCase();
  const byId = users.filter((user) => user.id === idOrEmail);
  const found = byId.length > 0 ? byId : users.filter((user) => user.email?.trim().toLowerCase() === wanted);
  const [user] = found;
  if (user === undefined) {
    throw new Stop(`No console user has the id or e-mail ${printable(idOrEmail)}. Nothing was sent.`, ExitCode.NotSent);
  }
  if (found.length > 1) {
    const ids = found.map((one) => printable(one.id ?? "(no id)")).join(", ");
    throw new Stop(
      `${found.length} console users match ${printable(idOrEmail)}: ${ids}. Give the id. Nothing was sent.`,
      ExitCode.NotSent,
    );
  }
  if (!user.id) {
    throw new Stop(
      `The user ${printable(idOrEmail)} has no id in Fireblocks' list. Nothing was sent.`,
      ExitCode.NotSent,
    );
  }
  return { ...user, id: user.id };
}

/** Sentences to read before a reset; each from Fireblocks' support pages on re-enrolling a mobile device. */
export function warningsFor(user: ConsoleUser): string[] {
  const warnings: string[] = [];
  if (user.userType === "API") warnings.push("This is an API user: it has no mobile device.");
  if (user.role === "OWNER") warnings.push("The Owner's device is not reset this way; Fireblocks' support does it.");
  if (user.role === "EDITOR" || user.role === "VIEWER") warnings.push("This role has no mobile device.");
  if (ADMIN_ROLES.includes(user.role ?? "")) {
    warnings.push("While unpaired this admin does not count toward the Admin Quorum.");
  }
  if (user.enabled === false) warnings.push("This user is disabled.");
  if (user.status === "PENDING_ACTIVATION") warnings.push("This user has not finished registering.");
  if (user.status === "PENDING_DEVICE_PAIRING") warnings.push("This user has no paired device now.");
  return warnings;
}

/** One line that names a user. */
export function nameOf(user: ConsoleUser): string {
  const name = [user.firstName, user.lastName].filter(Boolean).join(" ");
  return printable([name, user.email && `<${user.email}>`, user.role, user.status].filter(Boolean).join(" "));
}
