/**
 * Which requests of the audit log, and which falls of a user's status, our own resets account for. Pure.
 *
 * A row of the log names who filed a request and not for whom, so it is accounted for by time and number: each of our resets
 * files one request at most.
 *
 * @module
 */

/** A request as the audit log tells of it. */
export interface Submission {
  /** The row's own id. */
  id: string;
  /** By Fireblocks' clock, epoch milliseconds. */
  at: number;
  actorId: string;
  actor: string;
  /** What an attempt by this actor's key and our address is known by in our records. */
  sentAs: string;
}

/** One of our resets that may have filed a request, and when: by the worker's clock, its error allowed for. */
export interface OwnRequest {
  resetId: string;
  from: number;
  until: number;
  /** By which key it was sent. That may have been replaced since: what it filed is ours all the same. */
  sentAs: string;
}

export interface Accounted {
  /** The reset that each of the others is accounted for by, by the row's id. */
  ours: Map<string, string>;
  elsewhere: Submission[];
}

/**
 * Rows of other actors are nobody's of ours. Of those of an API user that our resets were sent by, as many as can be are given
 * one of these resets each: the earliest row goes to the reset whose time is over first, which leaves the most for the later
 * ones.
 */
export function accountFor(submissions: readonly Submission[], own: readonly OwnRequest[]): Accounted {
  const ours = new Map<string, string>();
  const elsewhere: Submission[] = [];
  const free = new Set([...own].sort((a, b) => a.until - b.until));
  for (const submission of [...submissions].sort((a, b) => a.at - b.at)) {
    const reset = [...free].find(
      ({ from, until, sentAs }) => sentAs === submission.sentAs && from <= submission.at && submission.at <= until,
    );
    if (reset === undefined) elsewhere.push(submission);
    else {
      free.delete(reset);
      ours.set(submission.id, reset.resetId);
    }
  }
  return { ours, elsewhere };
}

/** Statuses of a user who had a device and has none that is set up now. */
const WITHOUT_DEVICE: ReadonlySet<string> = new Set(["PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP"]);

/** Users who had a device at the last look, and have none now. A first pairing is none of these: nobody had one before. */
export function fallen<User extends { id?: string; status?: string }>(
  users: readonly User[],
  readyBefore: ReadonlySet<string>,
): (User & { id: string })[] {
  return users.flatMap((user) =>
    user.id !== undefined && readyBefore.has(user.id) && WITHOUT_DEVICE.has(user.status ?? "")
      ? [{ ...user, id: user.id }]
      : [],
  );
}

/**
 * The ids of users who have a device, and of those who had one and are not seen without: a list may come short, or tell nothing of
 * somebody's status, and be whole again.
 */
export function readyNow(
  users: readonly { id?: string; status?: string }[],
  readyBefore: ReadonlySet<string>,
): string[] {
  const without = new Set(users.flatMap(({ id, status }) => (WITHOUT_DEVICE.has(status ?? "") ? [id] : [])));
  const ready = users.flatMap(({ id, status }) => (status === "READY" && id !== undefined ? [id] : []));
  return [...new Set([...ready, ...[...readyBefore].filter((id) => !without.has(id))])];
}
