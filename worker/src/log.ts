/**
 * Structured logs. An entry holds ids, numbers and words of ours: never an e-mail, a note, a key or a token.
 *
 * @module
 */

/** One line of the log. `requestId` joins the lines of one request with its answer's headers. */
export interface LogEntry {
  level: "info" | "warn" | "error";
  event: string;
  requestId?: string | undefined;
  /** The `sub` of the sign-in, or a service token's client id. */
  actorId?: string | undefined;
  recordId?: string | undefined;
  /** Fireblocks' `X-Request-ID`. */
  fireblocksRequestId?: string | undefined;
  [fact: string]: string | number | boolean | undefined | string[];
}

export type Log = (entry: LogEntry) => void;

/** Workers Logs indexes the fields of an object that is logged. */
export const consoleLog: Log = (entry) => {
  console[entry.level](entry);
};

/** An error's name and nothing else: messages of other people's code may hold anything. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
