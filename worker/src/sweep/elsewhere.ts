/**
 * Resets that were made elsewhere: by somebody in the Console, by another tool, or by whoever has our key. Fireblocks' audit log
 * and the users' statuses are held against our own records in every run, also while nothing is open here.
 *
 * @module
 */
import { type AuditLogData, FireblocksError } from "fireblocks-reset-device";
import { CoolingDown } from "../fireblocks/cool-down";
import type { WaitUntil } from "../fireblocks/shared";
import {
  halfEntries,
  type Mark,
  readAccounts,
  readMark,
  type SentReset,
  usersOfOwnResets,
  writeFindings,
} from "../records/elsewhere";
import type { ElsewhereRow } from "../records/row";
import { LEASE_MS } from "../resets/attempt";
import type { Services } from "../services";
import { accountFor, fallen, type OwnRequest, readyNow, type Submission } from "./unaccounted";

/** What files a request, in the words of Fireblocks' list "Audit Log Events". */
const SUBMITTED = { subject: ["Re-enroll mobile device", "Device reset"], event: ["Submitted request"] };
/** Pages of the audit log, 500 rows each, that one run reads. What is left is read by the next. */
const PAGES = 2;
/** A row may be written this long after the time that it bears. As the mark's first row in the migration has it. */
const LATE_MS = 15 * 60_000;
/** How much our clock and Fireblocks' may differ. */
const CLOCKS_MS = 2 * 60_000;
/** A request waits for its approvers no longer than this, and then the device is reset at once. */
const LONGEST_WAIT_MS = 8 * 86_400_000;
/** The log reaches a year back; a little less is asked for. */
const OLDEST_MS = 360 * 86_400_000;

/**
 * @param oldest when the list of users must have begun at the earliest
 * @returns how many were found
 */
export async function findElsewhere(
  services: Services,
  waitUntil: WaitUntil,
  oldest = Number.NEGATIVE_INFINITY,
): Promise<number> {
  const { bindings, configuration, log, now } = services;
  const db = bindings.DB;
  const before = await readMark(db);
  // One that lies further ahead than the first mark of all is of a clock that has gone back.
  const isAhead = before.audit_until > now() + LATE_MS + CLOCKS_MS;
  const readUntil = isAhead ? now() : before.audit_until;
  const since = Math.max(readUntil - LATE_MS, now() - OLDEST_MS);
  // Another isolate may have looked since this one's list was read: by that, whoever has fallen would be ready once more.
  const users = await services.fireblocks
    .users(waitUntil, Math.max(oldest, (before.ready_at ?? 0) + 1))
    .catch(withoutUsers);
  const read = await readSubmissions(services, since, waitUntil);
  const half = await halfEntries(db, now() - LONGEST_WAIT_MS);

  const { rowIds, sent } = await readAccounts(db, since);
  const news = read.submissions.filter(({ id }) => !rowIds.has(id));
  const sentAs = await services.fireblocks.fingerprint;
  const { ours, elsewhere } = accountFor(
    news,
    sent.map((reset) => ownRequest(reset, sentAs, configuration.resendWithinMs)),
  );
  const found = new Found(half, now());
  const elsewhereIds = new Map(
    elsewhere.map((row) => [row.id, found.addRequest(row, row.actorId === configuration.apiKey)]),
  );

  const readyBefore = new Set<string>(before.ready_users === null ? [] : (JSON.parse(before.ready_users) as string[]));
  const falls = users === undefined ? [] : fallen(users.value, readyBefore);
  const own = await usersOfOwnResets(
    db,
    falls.map(({ id }) => id),
    now() - LONGEST_WAIT_MS,
  );
  const fellAt = users?.startedAt ?? now();
  for (const user of falls) {
    if (!own.has(user.id)) found.addFall(user, before.ready_at ?? fellAt, fellAt);
  }

  const { ready_users, ready_at } = before;
  const mark: Mark = {
    audit_until: Math.max(read.until, readUntil),
    ...(users === undefined
      ? { ready_users, ready_at }
      : { ready_users: JSON.stringify(readyNow(users.value, readyBefore)), ready_at: users.startedAt }),
  };
  const rows = news.map(({ id, at }) => {
    const [reset_id, elsewhere_id] = [ours.get(id), elsewhereIds.get(id)];
    return { id, at, ...(reset_id && { reset_id }), ...(elsewhere_id && { elsewhere_id }) };
  });
  const { entries, completed } = found;
  // A row that stands for one of ours is known for as long as that one can account for another.
  const forget = since - LATE_MS - configuration.resendWithinMs;
  const written = await writeFindings(db, configuration, before, { rows, entries, completed, mark }, forget);
  if (!written) return 0;
  for (const entry of entries) {
    log({ level: "warn", event: "elsewhere", elsewhereId: entry.id, byOurKey: entry.by_our_key === 1 });
  }
  return entries.length;
}

/** Where the users cannot be read the audit log is all that is looked at: who has fallen is seen by a later run. */
function withoutUsers(error: unknown): undefined {
  if (!isOfFireblocks(error)) throw error;
}

function isOfFireblocks(error: unknown): boolean {
  return error instanceof FireblocksError || error instanceof CoolingDown;
}

interface Read {
  submissions: Submission[];
  /** Up to where nothing is left to be read. */
  until: number;
}

/** Where the log cannot be read the users' statuses are all that is looked at. */
async function readSubmissions(services: Services, since: number, waitUntil: WaitUntil): Promise<Read> {
  const { fireblocks, now } = services;
  const submissions: Submission[] = [];
  const known = new KnownRows();
  const startedAt = now();
  let pageCursor: string | undefined;
  try {
    for (let page = 0; page < PAGES; page++) {
      const params = { ...SUBMITTED, startTime: since, order: "ASC" as const, pageSize: 500 };
      const answer = await fireblocks.auditLogs({ ...params, ...(pageCursor && { pageCursor }) }, waitUntil);
      const rows = await Promise.all(answer.data.flatMap(known.add).map((row) => submissionIn(services, row)));
      submissions.push(...rows);
      if (!answer.next) return { submissions, until: startedAt };
      pageCursor = answer.next;
    }
  } catch (error) {
    if (!isOfFireblocks(error)) throw error;
    if (submissions.length === 0) return { submissions, until: since + LATE_MS };
  }
  // The rest is read by the next run.
  return { submissions, until: Math.max(since, submissions.at(-1)?.at ?? since) + LATE_MS };
}

/** A row of the log that tells of a request. */
interface RequestRow {
  id: string;
  at: number;
  actorId: string;
  actor: string;
}

/** The rows of one look, each once: where a row is written while pages are read, the next page may begin with one of before. */
class KnownRows {
  readonly #ids = new Set<string>();

  /** A row without a time is nobody's. One without an id is known by what stands in it, and by how many were like it before. */
  readonly add = ({ id = "", timestamp, createdAt, userId = "", user = "" }: AuditLogData): RequestRow[] => {
    const at = timestamp ?? createdAt;
    // As the database gives it back: half a character would come back as another, and the row as a new one.
    const own = id.toWellFormed();
    if (at === undefined || (own !== "" && this.#ids.has(own))) return [];
    const known = own === "" ? this.#next(`${at} ${userId.toWellFormed()}`) : own;
    this.#ids.add(known);
    return [{ id: known, at, actorId: userId, actor: user }];
  };

  #next(like: string): string {
    let name = like;
    for (let count = 2; this.#ids.has(name); count++) name = `${like} ${count}`;
    return name;
  }
}

async function submissionIn({ fireblocks }: Services, row: RequestRow): Promise<Submission> {
  return { ...row, sentAs: await fireblocks.fingerprintOf(row.actorId) };
}

/** When a request of this reset can have been filed: not later than its last attempt, however long nobody knows what became of it. */
function ownRequest(
  { id, requested_at, answered_at, lease_until, closed_at, sent_as }: SentReset,
  sentAs: string,
  resendWithinMs: number,
): OwnRequest {
  const last = requested_at + resendWithinMs + LEASE_MS;
  const until = Math.min(answered_at ?? closed_at ?? lease_until ?? last, last);
  return { resetId: id, from: requested_at - CLOCKS_MS, until: until + CLOCKS_MS, sentAs: sent_as ?? sentAs };
}

/** The new entries, and older ones that get their other half: a request without a user, or a user without a request. */
class Found {
  readonly entries: ElsewhereRow[] = [];
  readonly completed: ElsewhereRow[] = [];
  /** Entries that may still get their other half, the oldest first. */
  readonly #half: ElsewhereRow[];
  readonly #now: number;

  constructor(half: readonly ElsewhereRow[], now: number) {
    this.#half = [...half];
    this.#now = now;
  }

  /** @returns the id of its entry */
  addRequest({ at, actor, actorId }: Submission, byOurKey: boolean): string {
    const facts = { requested_at: at, actor, actor_id: actorId, by_our_key: Number(byOurKey) as 0 | 1 };
    // The fall may have been seen before the row that belongs to it was written.
    return this.#add(facts, (entry) => entry.requested_at === null && at <= (entry.fell_at ?? 0) + CLOCKS_MS);
  }

  addFall({ id, email }: { id: string; email?: string }, readyAt: number, fellAt: number): void {
    const facts = { user_id: id, user_email: email ?? null, ready_at: readyAt, fell_at: fellAt };
    this.#add(facts, (entry) => entry.user_id === null && (entry.requested_at ?? 0) <= fellAt + CLOCKS_MS);
  }

  #add(facts: Partial<ElsewhereRow>, isOtherHalf: (entry: ElsewhereRow) => boolean): string {
    const index = this.#half.findIndex(isOtherHalf);
    const [half] = index < 0 ? [] : this.#half.splice(index, 1);
    if (half !== undefined) {
      const isNew = this.entries.includes(half);
      Object.assign(half, facts);
      if (!isNew) this.completed.push(half);
      return half.id;
    }
    const entry: ElsewhereRow = { ...EMPTY, id: crypto.randomUUID(), seen_at: this.#now, ...facts };
    this.entries.push(entry);
    this.#half.push(entry);
    return entry.id;
  }
}

const EMPTY: Omit<ElsewhereRow, "id" | "seen_at"> = {
  requested_at: null,
  actor_id: null,
  actor: null,
  by_our_key: 0,
  user_id: null,
  user_email: null,
  ready_at: null,
  fell_at: null,
  verdict: null,
  decided_at: null,
  decided_by: null,
  reason: null,
};
