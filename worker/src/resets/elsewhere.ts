/**
 * What somebody says of a reset that was possibly made elsewhere: it is known, or it is not.
 *
 * @module
 */
import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { possibleUsersOf } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import { decideElsewhere, getElsewhere } from "../records/elsewhere";
import type { ElsewhereRow } from "../records/row";
import type { Services } from "../services";
import type { Asking } from "./asking";

/** @throws {@link GatewayError} */
export async function decide(
  services: Services,
  id: string,
  asking: Asking,
  { verdict, reason }: Pick<NonNullable<ElsewhereReset["decision"]>, "verdict" | "reason">,
): Promise<void> {
  const { bindings, burst, now } = services;
  const { person } = asking;
  await burst.take(person, "decision");
  const row = await getElsewhere(bindings.DB, id);
  if (row === null) throw new GatewayError(404, CODES.notFound, "There is no entry with this id.");
  await requireOnlooker(services, row, asking);
  if (await decideElsewhere(bindings.DB, id, { verdict, reason, at: now(), by: person.name })) return;
  const after = await getElsewhere(bindings.DB, id);
  // The same person's own decision, whose answer was lost.
  if (after?.decided_by === person.name && after.verdict === verdict && after.reason === reason) return;
  throw new GatewayError(409, CODES.wrongState, "Somebody has decided this already. Nothing was changed.");
}

/** Whoever made the request says nothing of it, nor does a token: it is in anybody's hands, and waits for a person's word. @throws {@link GatewayError} */
async function requireOnlooker(
  { configuration, fireblocks }: Services,
  row: ElsewhereRow,
  { person, waitUntil }: Asking,
): Promise<void> {
  if (person.kind === "service") {
    throw new GatewayError(403, CODES.serviceToken, "This is for a person who has signed in. Nothing was changed.");
  }
  if (row.actor_id === null) return;
  const { value: users } = await fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell who decides,");
  });
  if (!possibleUsersOf(person, users, configuration.userMap).some((user) => user.id === row.actor_id)) return;
  throw new GatewayError(
    403,
    CODES.secondPerson,
    "By Fireblocks' audit log this request is yours: somebody else must say whether it is known.",
  );
}
