/**
 * Passing the policy over in an emergency: who may, and the look that somebody else takes at it afterwards.
 *
 * @module
 */
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import type { Row } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";
import { requireAnotherPerson } from "./second-person";

/** Whether this person may: named for it, and a resetter by name. */
export function mayBreakGlass({ configuration }: Services, person: Person): boolean {
  return (
    person.kind === "person" &&
    configuration.breakGlass.has(person.name) &&
    person.roles.get("resetter") === person.name
  );
}

/** @throws {@link GatewayError} */
export function requireBreakGlass(services: Services, person: Person): void {
  if (mayBreakGlass(services, person)) return;
  throw new GatewayError(
    403,
    CODES.breakGlass,
    "You may not pass the policy over: BREAK_GLASS does not name you. Nothing was sent.",
  );
}

/** Somebody else has looked at it, and says what they found. @throws {@link GatewayError} */
export async function review(services: Services, row: Row, asking: Asking, text: string): Promise<void> {
  const { person } = asking;
  await services.burst.take(person, "decision");
  if (row.break_glass === null) throw notToReview(row, "it did not pass the policy over");
  await requireAnotherPerson(services, row, asking, "review it");
  const { row: after } = await services.records.change(
    row.id,
    (current) =>
      current.reviewed_at !== null
        ? undefined
        : {
            set: { reviewed_at: services.now(), reviewed_by: person.name, review: text },
            event: { event: "reviewed", source: "person", actor: person.name, detail: { reason: text } },
            tells: "reviewed",
          },
    row,
  );
  // Its own write may have been made before, with its answer lost; a second person's is not taken.
  if (after.reviewed_by !== person.name || after.review !== text) throw notToReview(after, "it was reviewed before");
}

function notToReview(row: Row, because: string): GatewayError {
  return new GatewayError(409, CODES.wrongState, `There is nothing to review: ${because}.`, { recordId: row.id });
}
