/** `users`: lists the console users. */
import type { ConsoleUser } from "../../index.js";
import type { Connection } from "../connection.js";
import { ExitCode } from "../exit-codes.js";
import { type Output, table } from "../output.js";
import { consoleUsers } from "../people.js";

export interface UsersOptions {
  status?: string;
  role?: string;
}

export async function users(
  connection: Connection,
  search: string | undefined,
  options: UsersOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const client = await connection.client();
  const everybody = await consoleUsers(client, signal);
  const found = everybody.filter(
    (user) => matches(user, search) && is(user.status, options.status) && is(user.role, options.role),
  );
  const rows = found.map((user) => [
    user.id ?? "",
    [user.firstName, user.lastName].filter(Boolean).join(" "),
    user.email ?? "",
    user.role ?? "",
    user.enabled === false ? "disabled" : (user.status ?? ""),
  ]);
  output.result(table(["ID", "NAME", "E-MAIL", "ROLE", "STATUS"], rows), { users: found });
  return ExitCode.Done;
}

function matches(user: ConsoleUser, search: string | undefined): boolean {
  if (!search) return true;
  const text = [user.id, user.firstName, user.lastName, user.email].join(" ").toLowerCase();
  return text.includes(search.toLowerCase());
}

function is(value: string | undefined, wanted: string | undefined): boolean {
  return wanted === undefined || value?.toLowerCase() === wanted.toLowerCase();
}
