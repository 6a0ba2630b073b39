/**
 * What a new reset's record has to do with the request for help that it answers: both are written in one transaction.
 *
 * @module
 */
import type { Row } from "./row";

/** What of a new record tells of its request for help. */
export type Use = Pick<Row, "id" | "help_request_id" | "user_id" | "asker_id" | "asked_by" | "created_at" | "state">;

/**
 * A condition on a new record's columns: the request for help is this user's, its code was typed by this asker, the person has
 * confirmed it, its day is not over, and it has served no reset that may have been sent.
 */
export function fitsHelp(its: (column: keyof Use) => string): string {
  const help = its("help_request_id");
  return `(${help} IS NULL OR ${its("state")} = 'refused' OR EXISTS (
      SELECT 1 FROM help_requests WHERE id = ${help} AND user_id = ${its("user_id")} AND helper_id = ${its("asker_id")}
        AND state IN ('confirmed', 'used') AND expires_at > ${its("created_at")})
    AND NOT EXISTS (SELECT 1 FROM resets
      WHERE help_request_id = ${help} AND state <> 'refused' AND state <> 'withdrawn'))`;
}

/** Ends the request for help where the record was written; nothing where it answers none. */
export function usingHelp(db: D1Database, use: Use): D1PreparedStatement[] {
  const { id, help_request_id: help, asker_id, asked_by, created_at: at, state } = use;
  if (help === null || state === "refused") return [];
  return [
    db
      .prepare(
        `UPDATE help_requests SET state = 'used', open = 0, closed_at = coalesce(closed_at, ?2), version = version + 1,
           updated_at = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM resets WHERE id = ?3 AND help_request_id = ?1)`,
      )
      .bind(help, at, id),
    db
      .prepare(
        `INSERT INTO help_events (help_id, seq, at, event, actor, actor_id, detail)
         SELECT id, version, ?2, 'used', ?4, ?5, ?6 FROM help_requests
         WHERE id = ?1 AND EXISTS (SELECT 1 FROM resets WHERE id = ?3 AND help_request_id = ?1)`,
      )
      .bind(help, at, id, asked_by, asker_id, JSON.stringify({ recordId: id })),
  ];
}

/** The record that a request for help has served and that may have been sent. */
export function servedBy(db: D1Database, help: string): D1PreparedStatement {
  return db
    .prepare("SELECT id FROM resets WHERE help_request_id = ? AND state <> 'refused' AND state <> 'withdrawn'")
    .bind(help);
}
