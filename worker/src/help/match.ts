/**
 * A helper types the code that the person reads out.
 *
 * @module
 */
import { type Person, possibleUsersOf } from "../access/people";
import { foldEmail } from "../email";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import type { WaitUntil } from "../fireblocks/shared";
import type { Bound, HelpChange, HelpRow } from "../records/help-requests";
import { requireEligible } from "../resets/eligibility";
import type { Services } from "../services";
import { isAlive, matches, NO_CODE } from "./code";
import { nameOf } from "./own-user";
import { actorOf, requireState } from "./requests";
import { newWord } from "./words";

/** Wrong codes of one person within an hour, over all requests. */
const WRONG_AN_HOUR = 10;
const HOUR_MS = 3_600_000;

/**
 * Each try is written down before anybody learns whether it was right, by compare-and-set, so that those made at once count
 * one by one.
 *
 * @throws {@link GatewayError} where the code is not this request's, or this person may not help here
 */
export async function matchCode(
  services: Services,
  person: Person,
  known: HelpRow,
  digits: string,
  waitUntil: WaitUntil,
): Promise<HelpRow> {
  await services.burst.take(person, "decision");
  const name = await requireHelper(services, person, known, waitUntil);
  let isWrong = false;
  const { row } = await services.help.change(known, async (current) => {
    const now = services.now();
    isWrong = false;
    // The match was written before, and only its answer was lost.
    if (current.state === "matched" && current.helper_id === person.id) return undefined;
    requireState(current, ["open"], now);
    if (!isAlive(current, now)) throw noCode(current);
    const bound = wrongWithin(person, now);
    if (await matches(services.configuration, current, digits))
      return { ...matched(person, name, now, current), bound };
    isWrong = true;
    const triesLeft = current.tries_left - 1;
    const detail = { code: current.code_number, triesLeft };
    return { set: { tries_left: triesLeft }, events: [{ event: "codeWrong", actor: actorOf(person), detail }], bound };
  });
  if (isWrong) throw wrongCode(row);
  return row;
}

function matched(person: Person, name: string | undefined, now: number, { code_number }: HelpRow): HelpChange {
  const helper = { helper: person.name, helper_id: person.id, helper_name: name ?? null };
  return {
    set: { state: "matched", ...helper, word: newWord(), matched_at: now, ...NO_CODE },
    events: [{ event: "matched", actor: actorOf(person), detail: { code: code_number } }],
  };
}

/**
 * Whoever could ask for this user's reset, and is neither the user nor whoever asked for help, however they sign in. A
 * service token speaks with nobody.
 *
 * @returns their name in the workspace
 * @throws {@link GatewayError}
 */
async function requireHelper(
  { fireblocks, configuration }: Services,
  person: Person,
  row: HelpRow,
  waitUntil: WaitUntil,
): Promise<string | undefined> {
  if (person.kind === "service") {
    throw new GatewayError(403, CODES.serviceToken, "A code is typed by a person, not by a service token.");
  }
  const { value: users } = await fireblocks.users(waitUntil).catch((error: unknown) => {
    throw readingFailed(error, "The list of users, without which nobody can tell who may help,");
  });
  requireEligible(row.user_id, person, users, configuration);
  const own = possibleUsersOf(person, users, configuration.userMap);
  const theirs = new Set(possibleUsersOf({ kind: "person", name: row.person }, users, configuration.userMap));
  const isSame = row.person_id === person.id || foldEmail(row.person) === foldEmail(person.name);
  if (isSame || own.some((user) => theirs.has(user))) {
    throw new GatewayError(403, CODES.self, "This request for help is your own: somebody else must type its code.");
  }
  return own.map(nameOf).find((name) => name !== undefined);
}

function noCode({ code_until, tries_left }: HelpRow): GatewayError {
  const why =
    code_until === null
      ? "No code is shown for this request now."
      : tries_left === 0
        ? "Three wrong codes were typed, so this code serves no more."
        : "The code has run out.";
  return new GatewayError(409, CODES.noCode, `${why} Nothing was tried. Ask the person to have a new one shown.`);
}

function wrongCode({ tries_left }: HelpRow): GatewayError {
  const message =
    tries_left === 0
      ? "This is not the code, and it was the third wrong one: this code serves no more. The person sees it too. Ask them to have a new one shown."
      : `This is not the code. ${tries_left === 1 ? "One try is" : `${tries_left} tries are`} left for it.`;
  return new GatewayError(422, CODES.wrongCode, message);
}

function wrongWithin({ id }: Person, now: number): Bound {
  return {
    ...{ event: "codeWrong", actorId: id, since: now - HOUR_MS, below: WRONG_AN_HOUR },
    refusal: () =>
      new GatewayError(
        429,
        CODES.rateLimited,
        `You have typed ${WRONG_AN_HOUR} wrong codes within an hour. Nothing was tried. Somebody else must help, or another proof must do.`,
        { retryAfterSeconds: 600 },
      ),
  };
}
