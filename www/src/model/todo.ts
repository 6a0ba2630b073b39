/** What needs whoever looks, in words and in order of urgency. Pure. */
import type { ResetRecord, Session } from "fireblocks-reset-device/gateway-api";
import { mayReview } from "./decision.ts";
import { seesElsewhere } from "./elsewhere.ts";
import { isOwn } from "./session.ts";
import { list } from "./time.ts";
import { capital } from "./user.ts";

/** What is said where nothing is listed: no more than what this person's lists could have shown. */
export function nothingToDo(session: Session): { title: string; sentence: string } {
  const unseen = [
    ...(session.can.settle ? [] : ["requests for help"]),
    ...(seesElsewhere(session) ? [] : ["resets made elsewhere"]),
  ];
  return {
    title: "Nothing waits",
    sentence:
      unseen.length === 0
        ? "No alarm, no open question, and nothing for you or anybody else to decide."
        : `No alarm, and no reset that waits for a decision. ${capital(list("conjunction", unseen))} are for others to see.`,
  };
}

/** The lists of resets, the most urgent first. */
export const SECTIONS = {
  contested: "Contested by the person, and still open",
  unknown: "Outcome unknown, until somebody settles it",
  review: "For you to review",
  decide: "For you to decide",
  reviewByOthers: "For somebody else to review",
  own: "Yours, waiting for somebody else",
  others: "For others to decide",
  waiting: "Waiting for their time",
} as const;

export type Section = keyof typeof SECTIONS;

/** What the worker was asked for, by what it was asked. */
export interface Fetched {
  open: readonly ResetRecord[];
  unknown: readonly ResetRecord[];
  reviews: readonly ResetRecord[];
  proposals: readonly ResetRecord[];
  waiting: readonly ResetRecord[];
}

/** Each list with what stands in it, without those that are empty. A reset stands in the first that it belongs to. */
export function sectionsOf(
  { open, unknown, reviews, proposals, waiting }: Fetched,
  session: Session,
): { list: Section; resets: ResetRecord[] }[] {
  const candidates: [Section, readonly ResetRecord[]][] = [
    ["contested", [...open, ...unknown].filter(({ contested }) => contested !== undefined)],
    ["unknown", unknown],
    ["review", reviews.filter((record) => mayReview(record, session))],
    [session.can.settle ? "decide" : "others", proposals.filter((record) => !isOwn(record, session))],
    ["reviewByOthers", reviews.filter((record) => !mayReview(record, session))],
    ["own", proposals.filter((record) => isOwn(record, session))],
    ["waiting", waiting],
  ];
  const placed = new Set<string>();
  return candidates.flatMap(([list, records]) => {
    const resets: ResetRecord[] = [];
    for (const record of records) {
      if (placed.has(record.id)) continue;
      placed.add(record.id);
      resets.push(record);
    }
    return resets.length === 0 ? [] : [{ list, resets }];
  });
}
