/**
 * The requests for help in the export: whole, with their stories.
 *
 * @module
 */
import { pagesBy, type Span } from "./export-pages";
import { type HelpEventRow, type HelpRow, toHelpRequest } from "./help-requests";
import { bounded } from "./store";

export interface HelpLine {
  row: HelpRow;
  events: HelpEventRow[];
}

/** Those that were asked for in a time, oldest first. */
export async function* helpPages(db: D1Database, span: Span): AsyncGenerator<HelpLine[], undefined> {
  for await (const rows of pagesBy<"created_at", HelpRow>(db, "help_requests", "created_at", span)) {
    const ids = JSON.stringify(rows.map(({ id }) => id));
    const story = db.prepare(
      "SELECT * FROM help_events WHERE help_id IN (SELECT value FROM json_each(?)) ORDER BY help_id, seq",
    );
    const { results } = await bounded(story.bind(ids).all<HelpEventRow>());
    const events = Map.groupBy(results, ({ help_id }) => help_id);
    yield rows.map((row) => ({ row, events: events.get(row.id) ?? [] }));
  }
  return undefined;
}

/** One object, with the person's own sign-in and the manager that it named. */
export function helpObject({ row, events }: HelpLine): object {
  const { person, person_id, manager } = row;
  return {
    helpRequest: {
      ...toHelpRequest(row, events, false),
      ...{ person, personId: person_id, ...(manager !== null && { manager }) },
    },
  };
}

/** What stands in the export's columns, an event a line. */
export function helpCells({ row, events }: HelpLine): Record<string, string | number | null>[] {
  return events.map(({ at, event, actor, actor_id, detail }) => ({
    helpRequestId: row.id,
    state: row.state,
    userId: row.user_id,
    userEmail: row.user_email,
    userName: row.user_name,
    because: row.because,
    askedBy: row.person,
    askedAt: new Date(row.created_at).toISOString(),
    askerId: actor_id,
    eventAt: new Date(at).toISOString(),
    event: `help.${event}`,
    eventSource: actor === null ? "sweep" : "person",
    eventActor: actor,
    eventDetail: detail,
  }));
}
