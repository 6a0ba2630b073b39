/** What the button finds out before anything can be confirmed: who the user is, and whether this person may ask. */

import { GatewayError } from "../gateway.js";
import type { ConsoleUser, FireblocksError } from "../index.js";
import type { Findings } from "./confirmation.js";
import type { ButtonClient } from "./events.js";
import { gatewayFor, hintFor } from "./page-gateway.js";

const NOTHING_SENT = / ?\bnothing was (sent|filed)\b\.?/i;

/** Why nothing can be confirmed. */
export class Blocked {
  /** @param signInUrl - where to sign in, where that would help. */
  constructor(
    readonly message: string,
    readonly signInUrl?: string,
  ) {}

  /**
   * The message, and what was sent.
   * @param earlier - whether an earlier request for the same user may have arrived.
   */
  told(earlier: boolean): string {
    if (earlier) {
      const message = this.message.replace(NOTHING_SENT, "");
      return `${message} Nothing more was sent. Whether the earlier request has arrived is still not known.`;
    }
    // Said once, where the message says it already.
    return NOTHING_SENT.test(this.message) ? this.message : `${this.message} Nothing was sent.`;
  }
}

/** Asks the gateway, and the client for the user. Never rejects; what it resolves with after an abort means nothing. */
export async function lookUp(
  userId: string,
  basePath: string,
  client: Promise<ButtonClient>,
  signal: AbortSignal,
): Promise<Findings | Blocked> {
  try {
    const finding = find(userId, client, signal);
    // Of two failures the session's is told, since it may know where to sign in.
    finding.catch(() => undefined);
    const session = await gatewayFor(basePath).session(signal);
    const found = await finding;
    if (found.missing) return new Blocked("This workspace has no console user with this id.");
    if (session?.resetsPaused) return new Blocked("Resets are paused at the gateway.");
    if (session && !session.can.reset) return new Blocked("You may not reset devices here.");
    return { ...found, session };
  } catch (problem) {
    const known = problem instanceof GatewayError ? problem : undefined;
    const hint = known && hintFor(basePath, known.status);
    return new Blocked([messageOf(problem), hint].filter(Boolean).join(" "), known?.signInUrl);
  }
}

/** The user's name, where the caller may read it. A gateway that keeps its list to itself still decides. */
async function find(
  userId: string,
  client: Promise<ButtonClient>,
  signal: AbortSignal,
): Promise<{ user?: ConsoleUser; missing?: boolean; warning?: string }> {
  const connected = await client;
  try {
    const { users } = await connected.getConsoleUsers({ signal });
    const user = users.find((one) => one.id === userId);
    return user ? { user } : { missing: true };
  } catch (error) {
    const { kind } = error as FireblocksError;
    if (kind === "forbidden" || kind === "notFound") {
      return { warning: "The user's name could not be read. Check the id." };
    }
    throw error;
  }
}

export function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
