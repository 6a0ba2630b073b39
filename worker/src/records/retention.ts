/**
 * The one way out for records, requests for help and refused attempts: closed ones, past the age that is set. The database's own triggers hold to it.
 *
 * @module
 */
import { bounded } from "./store";

/** What one run of the sweep removes at most. */
const BATCH = 200;
/** Delivered notifications hold e-mails, and are of no use for long. */
const DELIVERED_KEPT_MS = 30 * 86_400_000;

/** Removes what is past its age. @returns how many records were removed */
export async function applyRetention(db: D1Database, days: number | undefined, now: number): Promise<number> {
  await bounded(
    db
      .prepare(
        `DELETE FROM outbox WHERE id IN (SELECT id FROM outbox
           WHERE created_at < ? AND (delivered_at IS NOT NULL OR given_up_at IS NOT NULL) LIMIT ?)`,
      )
      .bind(now - DELIVERED_KEPT_MS, BATCH)
      .run(),
  );
  const setting =
    days === undefined
      ? db.prepare("DELETE FROM retention")
      : db
          .prepare(
            "INSERT INTO retention (only_row, days) VALUES (1, ?) ON CONFLICT (only_row) DO UPDATE SET days = excluded.days WHERE days <> excluded.days",
          )
          .bind(days);
  await bounded(setting.run());
  if (days === undefined) return 0;

  await bounded(
    db
      .prepare("DELETE FROM refused_attempts WHERE id IN (SELECT id FROM refused_attempts WHERE last_at < ? LIMIT ?)")
      .bind(now - days * 86_400_000, BATCH)
      .run(),
  );
  await bounded(
    db
      .prepare("DELETE FROM elsewhere WHERE id IN (SELECT id FROM elsewhere WHERE decided_at < ? LIMIT ?)")
      .bind(now - days * 86_400_000, BATCH)
      .run(),
  );
  await bounded(
    db
      .prepare("DELETE FROM alarms WHERE id IN (SELECT id FROM alarms WHERE closed_at < ? LIMIT ?)")
      .bind(now - days * 86_400_000, BATCH)
      .run(),
  );
  await removeHelp(db, now - days * 86_400_000);
  const due = db
    .prepare("SELECT id FROM resets WHERE open = 0 AND closed_at < ? ORDER BY closed_at LIMIT ?")
    .bind(now - days * 86_400_000, BATCH);
  const ids = JSON.stringify((await bounded(due.all<{ id: string }>())).results.map((row) => row.id));
  if (ids === "[]") return 0;
  const [, , records] = await bounded(
    db.batch([
      db.prepare("DELETE FROM outbox WHERE reset_id IN (SELECT value FROM json_each(?))").bind(ids),
      db.prepare("DELETE FROM events WHERE reset_id IN (SELECT value FROM json_each(?))").bind(ids),
      db.prepare("DELETE FROM resets WHERE id IN (SELECT value FROM json_each(?))").bind(ids),
    ]),
  );
  return records?.meta.changes ?? 0;
}

async function removeHelp(db: D1Database, closedBefore: number): Promise<void> {
  const due = db.prepare("SELECT id FROM help_requests WHERE open = 0 AND closed_at < ? ORDER BY closed_at LIMIT ?");
  const { results } = await bounded(due.bind(closedBefore, BATCH).all<{ id: string }>());
  if (results.length === 0) return;
  const ids = JSON.stringify(results.map(({ id }) => id));
  await bounded(
    db.batch([
      db.prepare("DELETE FROM help_events WHERE help_id IN (SELECT value FROM json_each(?))").bind(ids),
      db.prepare("DELETE FROM help_requests WHERE id IN (SELECT value FROM json_each(?))").bind(ids),
    ]),
  );
}
