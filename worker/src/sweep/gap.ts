/**
 * After a gap: what Fireblocks knows of this worker's own requests and its records do not, as after a restored database.
 *
 * @module
 */
import type { ApprovalRequestItem } from "fireblocks-reset-device";
import { requestIn, textsIn } from "../fireblocks/request-payload";
import type { WaitUntil } from "../fireblocks/shared";
import { pendingResets } from "../fireblocks/upstream";
import { beginPause } from "../records/pauses";
import { bounded } from "../records/store";
import { filedByUs, namesUs } from "../resets/first-attempt";
import type { Services } from "../services";

/** Requests that one run looks up in the audit log: those that do not say themselves who filed them. */
const LOOKED_UP_A_RUN = 20;

/** How much our clock and Fireblocks' may differ. */
const CLOCKS_MS = 2 * 60_000;

/** A request that may be a reset of a user. */
interface Waiting {
  item: ApprovalRequestItem;
  id: string;
  at: number;
  userId: string;
}

/** Pauses all resets where a request by this worker's own API user waits that has no record. @returns how many there are */
export async function lookForForgotten(services: Services, waitUntil: WaitUntil): Promise<number> {
  const { bindings, configuration, log, now } = services;
  const unrecorded = await withoutRecord(bindings.DB, await waitingResets(services, waitUntil));
  const said = unrecorded.filter(({ item }) => namesUs(item, configuration.apiKey));
  const others = unrecorded.filter((waiting) => !said.includes(waiting));
  const forgotten = [...said];
  let notLookedUp = Math.max(0, others.length - LOOKED_UP_A_RUN);
  for (const waiting of others.slice(0, LOOKED_UP_A_RUN)) {
    try {
      if (await filedByUs(services, waiting.item, waitUntil)) forgotten.push(waiting);
    } catch {
      // One whose time the log does not take must not hide the others.
      notLookedUp++;
    }
  }
  if (notLookedUp > 0) log({ level: "warn", event: "forgottenNotLookedUp", count: notLookedUp });
  const [first] = forgotten;
  if (first === undefined) return 0;
  log({ level: "error", event: "forgottenRequest", approvalRequestId: first.id, userId: first.userId });
  const more = forgotten.length === 1 ? "" : ` So have ${forgotten.length - 1} others.`;
  const reason = `After a gap: request ${first.id} for user ${first.userId}, filed by this worker's own API user, waits in Fireblocks and has no record here.${more} Was the database restored?`;
  await beginPause(bindings.DB, { at: now(), by: "sweep", reason });
  return forgotten.length;
}

/** Each request with each user of the workspace that it names and may be a reset of. */
async function waitingResets({ fireblocks }: Services, waitUntil: WaitUntil): Promise<Waiting[]> {
  const { items } = await fireblocks.pendingApprovals(waitUntil);
  const { value: users } = await fireblocks.users(waitUntil);
  const ids = new Map(users.flatMap(({ id }) => (id === undefined ? [] : [[id.toLowerCase(), id]])));
  const waiting: Waiting[] = [];
  for (const item of items) {
    const request = requestIn(item);
    if (request === undefined) continue;
    const named = new Set([...textsIn(item)].flatMap((text) => ids.get(text.toLowerCase()) ?? []));
    for (const userId of named) {
      if ((await pendingResets(userId, [item])).length > 0) waiting.push({ item, userId, ...request });
    }
  }
  return waiting;
}

/** Those that no record may have filed: none was asked for before, or it is known to have come to nothing. */
async function withoutRecord(db: D1Database, waiting: Waiting[]): Promise<Waiting[]> {
  const statement = db.prepare(
    `SELECT key FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM resets
       WHERE user_id = value ->> 'userId' AND attempts > 0 AND requested_at <= value ->> 'latest' AND outcome IS NOT 'refused'
         AND (closed_at IS NULL OR closed_at >= value ->> 'at'))`,
  );
  const wanted = JSON.stringify(waiting.map(({ userId, at }) => ({ userId, at, latest: at + CLOCKS_MS })));
  const { results } = await bounded(statement.bind(wanted).all<{ key: number }>());
  const keys = new Set(results.map(({ key }) => Number(key)));
  return waiting.filter((_, index) => keys.has(index));
}
