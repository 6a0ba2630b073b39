/** What whoever releases a reset is told before they do, and what they can state of it themselves. Pure. */
import type { StatedProof } from "fireblocks-reset-device";
import { type Release, type ResetRecord, unmetProofs, waitOf } from "fireblocks-reset-device/gateway-api";
import { type Consequence, consequencesFor } from "./consequences.ts";
import { neededText, waitText } from "./demands.ts";
import { lackingProofs, whom } from "./record.ts";
import { type Answers, CHOSEN, type ChosenProof, givenProofs, statedProofs } from "./reset-form.ts";

/** What whoever releases says that they have verified: as whoever asks does. */
export type Statement = Pick<Answers, "proofs" | "verifiedBy">;

/** What of it counts for what the record lacks. */
export interface Offer {
  lacking: string;
  chosen: readonly ChosenProof[];
  words: boolean;
}

/**
 * Undefined where nothing is lacking.
 *
 * @param demandsMore whether the worker has just said that it takes more than the record tells: then any may count
 */
export function offerOf(record: ResetRecord, demandsMore: boolean): Offer | undefined {
  if (demandsMore) return { lacking: "The policy demands more by now.", chosen: CHOSEN, words: true };
  const lists = lackingProofs(record);
  if (lists.length === 0) return undefined;
  const counts = (proof: StatedProof) => lists.some((list) => list.includes(proof));
  return { lacking: `It lacks ${neededText(lists)}.`, chosen: CHOSEN.filter(counts), words: counts("other") };
}

/** What counts of what was said: it may have been said before somebody else brought a part of it. */
export function countsOf({ proofs = {}, verifiedBy }: Statement, offer: Offer | undefined): Statement {
  if (offer === undefined) return {};
  const chosen = Object.entries(proofs).filter(([proof]) => offer.chosen.some((offered) => offered === proof));
  return {
    ...(chosen.length > 0 && { proofs: Object.fromEntries(chosen) }),
    ...(offer.words && verifiedBy !== undefined && { verifiedBy }),
  };
}

export const STATE = {
  sentence: "State what you have verified yourself. It becomes a part of the record, in your name.",
  problem: "Say first what of it you have verified yourself.",
  words: "Another way, in your own words",
};

/** What of it is still lacking; empty where nothing is, as far as the record tells. */
export function statementProblem(record: ResetRecord, statement: Statement): string {
  const given = givenProofs(statement);
  const unmet = unmetProofs({ proofs: lackingProofs(record) }, given);
  if (unmet.length === 0) return "";
  // What is lacking from the start stands above already.
  return given.length === 0 ? STATE.problem : `Still needed: ${neededText(unmet)}.`;
}

/** As it is sent: nothing of it where nothing was stated. */
export function releaseOf({ proofs, verifiedBy }: Statement): Release {
  const words = verifiedBy?.trim();
  const stated = [...statedProofs(proofs), ...(words ? [{ proof: "other" as const, text: words }] : [])];
  return stated.length === 0 ? {} : { proofs: stated };
}

/** Whoever releases answers for it as the asker does: what is known, and what will happen. */
export function releaseText(
  record: ResetRecord,
  statement: Statement = {},
): { title: string; afterwards?: string; consequences: Consequence[] } {
  const { userId, userName, userRole, demands, proofs } = record;
  const given = [...proofs.map(({ proof }) => proof), ...givenProofs(statement)];
  const wait = demands === undefined ? 0 : waitOf(demands, given);
  const firstName = userName?.split(" ")[0];
  return {
    title: `Release the reset of ${whom(record)}?`,
    ...(wait > 0 && { afterwards: `After your release: ${waitText(wait)}. Until its end it can be withdrawn.` }),
    consequences: consequencesFor({ id: userId, ...(firstName && { firstName }), ...(userRole && { role: userRole }) }),
  };
}
