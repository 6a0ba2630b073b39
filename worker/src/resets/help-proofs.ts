/**
 * The proof that a request for help gives, once its code was typed by the asker and the person has confirmed it.
 *
 * @module
 */
import type { ProofGiven } from "fireblocks-reset-device/gateway-api";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import type { HelpRow } from "../records/help-requests";
import { servedBy } from "../records/help-use";
import { bounded } from "../records/store";
import type { Services } from "../services";

/** @throws {@link GatewayError} 422 where it proves nothing of this user to this person, or not any more */
export async function proofsOfHelp(
  { help, bindings, now }: Services,
  helpRequestId: string,
  userId: string,
  person: Person,
): Promise<ProofGiven[]> {
  const row = await help.get(helpRequestId);
  const why =
    row === null || row.user_id !== userId
      ? "There is no such request for help of this user."
      : whyNot(row, person, now());
  if (row === null || why !== undefined) throw refused(why ?? "");
  const served = await bounded(servedBy(bindings.DB, helpRequestId).first<{ id: string }>());
  if (served !== null) throw refused("This request for help has served a reset already.", served.id);
  return [{ proof: "codeMatched", at: row.confirmed_at ?? row.updated_at, by: person.name }];
}

function whyNot(row: HelpRow, person: Person, now: number): string | undefined {
  if (row.state === "cancelled") return "The person has taken this request for help back.";
  if (row.state === "expired" || now >= row.expires_at)
    return "This request for help has ended, as each does after a day.";
  if (row.helper_id === null) return "Nobody has typed the code of this request for help.";
  if (row.helper_id !== person.id) return "Somebody else has typed the code of this request for help: they can ask.";
  if (row.confirmed_at === null) return "The person has not confirmed yet that it is you whom they talk to.";
  return undefined;
}

function refused(why: string, recordId?: string): GatewayError {
  const details = recordId === undefined ? {} : { recordId };
  return new GatewayError(422, CODES.unknownHelpRequest, `${why} Nothing was sent.`, details);
}
