/**
 * What a person does on their own screen: ask for help, have a code shown, say whether it is whom they talk to.
 *
 * @module
 */
import type { HelpRequest } from "fireblocks-reset-device/gateway-api";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import {
  type Bound,
  type HelpChange,
  type HelpEventDraft,
  type HelpRow,
  toHelpRequest,
} from "../records/help-requests";
import { refused, refuseTarget } from "../resets/eligibility";
import type { Services } from "../services";
import type { parseAsked } from "./bodies";
import { NO_CODE, newCode, newDigits } from "./code";
import { nameOf, type OwnUser } from "./own-user";

/** A request for help ends by itself after a day. */
const LASTS_MS = 86_400_000;
const CODES_AN_HOUR = 20;
const HOUR_MS = 3_600_000;

/** What somebody was given: the request, and the only sight of its code. */
export interface Given {
  row: HelpRow;
  digits: string;
}

/** @throws {@link GatewayError} 409 where one is open, 422 where this user's device cannot be reset at all */
export async function askForHelp(
  services: Services,
  person: Person,
  user: OwnUser,
  asked: ReturnType<typeof parseAsked>,
  manager: string | null,
): Promise<Given> {
  await services.burst.take(person, "decision");
  const refusal = refuseTarget(user, false);
  if (refusal !== undefined) throw refused(refusal);
  const { help, configuration, now } = services;
  const before = await help.newestOf(user.id, now());
  if (before !== null) await endOverdue(services, before);

  const at = now();
  const digits = newDigits();
  const id = crypto.randomUUID();
  const row: HelpRow = {
    ...{ id, version: 2, created_at: at, updated_at: at, expires_at: at + LASTS_MS, closed_at: null },
    ...{ state: "open", open: 1, user_id: user.id, user_email: user.email ?? null, user_name: nameOf(user) ?? null },
    ...{ person: person.name, person_id: person.id, manager },
    ...{ because: asked.because ?? null, text: asked.text ?? null },
    ...(await newCode(configuration, { id, user_id: user.id, code_number: 0 }, digits, at)),
    ...{ helper: null, helper_id: null, helper_name: null, word: null, matched_at: null, confirmed_at: null },
  };
  const actor = actorOf(person);
  const story: HelpEventDraft[] = [{ event: "asked", actor }, codeGiven(person, 1)];
  if (await help.insert(row, story, codesWithin(person, at))) return { row, digits };
  throw new GatewayError(409, CODES.helpOpen, "Your request for help is open already. Reload to see it.");
}

/** A new code; the one before matches nothing from then on. @throws {@link GatewayError} */
export async function renewCode(services: Services, person: Person, userId: string): Promise<Given> {
  await services.burst.take(person, "decision");
  const digits = newDigits();
  const { row } = await services.help.change(await requireOpen(services, userId), async (current) => {
    const now = services.now();
    requireState(current, ["open"], now);
    const code = await newCode(services.configuration, current, digits, now);
    return { set: code, events: [codeGiven(person, code.code_number)], bound: codesWithin(person, now) };
  });
  return { row, digits };
}

/**
 * "This is whom I talk to."
 *
 * @param matchedAt when the code was typed by whom the person has seen: somebody else may have typed one since
 * @throws {@link GatewayError}
 */
export function confirmHelper(
  services: Services,
  person: Person,
  userId: string,
  matchedAt?: number,
): Promise<HelpRow> {
  return decide(services, person, userId, (current, now) => {
    requireState(current, ["matched", "confirmed"], now);
    if (matchedAt !== undefined && matchedAt !== current.matched_at) {
      throw new GatewayError(
        409,
        CODES.wrongState,
        "Another code was typed since you looked. Nothing was changed. Look who has typed it, and ask them for the words.",
      );
    }
    if (current.state === "confirmed") return undefined;
    return {
      set: { state: "confirmed", confirmed_at: now },
      events: [{ event: "confirmed", actor: actorOf(person), detail: helperOf(current) }],
    };
  });
}

/** "This is not whom I talk to": the match ends, and the request goes on without a code. @throws {@link GatewayError} */
export function denyHelper(services: Services, person: Person, userId: string): Promise<HelpRow> {
  return decide(services, person, userId, (current, now) => {
    const isDenied = current.state === "open" && current.code_until === null;
    requireState(current, isDenied ? ["open"] : ["matched", "confirmed"], now);
    if (isDenied) return undefined;
    const nobody = {
      helper: null,
      helper_id: null,
      helper_name: null,
      word: null,
      matched_at: null,
      confirmed_at: null,
    };
    return {
      set: { state: "open", ...NO_CODE, ...nobody },
      events: [{ event: "denied", actor: actorOf(person), detail: helperOf(current) }],
    };
  });
}

/** @throws {@link GatewayError} */
export function cancelHelp(services: Services, person: Person, userId: string): Promise<HelpRow> {
  return decide(services, person, userId, (current, now) => {
    // Nobody else takes it back: it was written before, and only its answer was lost.
    if (current.state === "cancelled") return undefined;
    requireState(current, ["open", "matched", "confirmed"], now);
    return {
      set: { state: "cancelled", open: 0, closed_at: now, ...NO_CODE },
      events: [{ event: "cancelled", actor: actorOf(person) }],
    };
  });
}

/** Ends a request whose day is over, unless somebody was faster. @returns whether this did */
export async function endOverdue(services: Services, known: HelpRow): Promise<boolean> {
  const { changed } = await services.help.change(known, (current) => {
    const now = services.now();
    if (current.open === 0 || now < current.expires_at) return undefined;
    return { set: { state: "expired", open: 0, closed_at: now, ...NO_CODE }, events: [{ event: "expired" }] };
  });
  return changed;
}

/** The person's own, with its word and its story. */
export async function ownHelp(services: Services, row: HelpRow): Promise<HelpRequest> {
  return toHelpRequest(shownNow(row, services.now()), await services.help.events(row.id), true);
}

/** One whose day is over is over, whether or not anybody has written it down. */
export function shownNow(row: HelpRow, now: number): HelpRow {
  return row.open === 1 && now >= row.expires_at ? { ...row, ...NO_CODE, state: "expired", open: 0 } : row;
}

/** @throws {@link GatewayError} where the request is not in one of these states, or its day is over */
export function requireState(row: HelpRow, states: HelpRow["state"][], now: number): void {
  const { state } = shownNow(row, now);
  if (states.includes(state)) return;
  throw new GatewayError(409, CODES.wrongState, `This is not possible now: ${STATE_WORDS[state]} Nothing was changed.`);
}

const STATE_WORDS: Readonly<Record<HelpRow["state"], string>> = {
  open: "nobody has typed the code of this request for help yet.",
  matched: "the code of this request for help was typed already, and the person has not said yet whom they talk to.",
  confirmed: "the person has confirmed already whom they talk to.",
  used: "a reset was recorded for this request for help.",
  cancelled: "the person has taken this request for help back.",
  expired: "this request for help has ended, as each does after a day.",
};

async function decide(
  services: Services,
  person: Person,
  userId: string,
  change: (row: HelpRow, now: number) => HelpChange | undefined,
): Promise<HelpRow> {
  await services.burst.take(person, "decision");
  const known = await requireOpen(services, userId);
  return (await services.help.change(known, (current) => change(current, services.now()))).row;
}

async function requireOpen({ help, now }: Services, userId: string): Promise<HelpRow> {
  const row = await help.newestOf(userId, now());
  if (row !== null) return row;
  throw new GatewayError(409, CODES.wrongState, "You have no open request for help. Nothing was changed.");
}

/** How records name somebody, and by which sign-in. */
export function actorOf({ name, id }: Person): NonNullable<HelpEventDraft["actor"]> {
  return { name, id };
}

function helperOf({ helper }: HelpRow): { helper: string } | undefined {
  return helper === null ? undefined : { helper };
}

function codeGiven(person: Person, code: number): HelpEventDraft {
  return { event: "codeGiven", actor: actorOf(person), detail: { code } };
}

function codesWithin({ id }: Person, now: number): Bound {
  return {
    ...{ event: "codeGiven", actorId: id, since: now - HOUR_MS, below: CODES_AN_HOUR },
    refusal: () =>
      new GatewayError(
        429,
        CODES.rateLimited,
        `You have had ${CODES_AN_HOUR} codes within an hour. Nothing was changed. Take another way to prove who you are, or wait.`,
        { retryAfterSeconds: 600 },
      ),
  };
}
