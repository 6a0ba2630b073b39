/**
 * From a policy and the facts of one reset to what is demanded of it. Pure.
 *
 * All rules that match count together, so that one rule more never demands less, and their order means nothing.
 *
 * @module
 */
import type { PhoneStory } from "fireblocks-reset-device";
import type { Demands, Proof } from "fireblocks-reset-device/gateway-api";
import { PROOFS, type Rule, WEEKDAYS } from "./policy";

/** What the rules look at. Times are epoch milliseconds. */
export interface Facts {
  /** The person's role in Fireblocks. */
  role: string | undefined;
  because: PhoneStory | undefined;
  /** When it was asked for. */
  askedAt: number;
  /** When other resets of this person were asked for. */
  ofPerson: readonly number[];
  /** When other resets were asked for in the workspace. */
  inWorkspace: readonly number[];
  /** Whether an alarm about this person is open. */
  alarm: boolean;
  /** Whether the person can be told before it leaves. */
  canBeTold: boolean;
  /** Whether it is an admin's, and leaves fewer admins than are to be left. */
  leavesTooFewAdmins: boolean;
}

/** The settings that are older than the policy, as rules that always match. */
export function rulesOf(settings: {
  policy: readonly Rule[];
  requireNote: boolean;
  requireSecondPerson: boolean;
}): readonly Rule[] {
  return [
    ...(settings.requireNote ? [{ name: "REQUIRE_NOTE", when: {}, demand: { proofs: [...PROOFS] } }] : []),
    ...(settings.requireSecondPerson
      ? [{ name: "REQUIRE_SECOND_PERSON", when: {}, demand: { secondPerson: true as const } }]
      : []),
    ...settings.policy,
  ];
}

const ALARM = "An alarm about this person is open";
const CANNOT_BE_TOLD = "The person cannot be told while it waits";
const TOO_FEW_ADMINS = "Few admins would be left";

export function demandsOf(rules: readonly Rule[], facts: Facts): Demands {
  const matching = rules.filter(({ when }) => matches(when, facts));
  const waits = matching.flatMap(({ demand }) => (demand.wait === undefined ? [] : [waitIn(demand.wait)]));
  // Whoever waits is to be told, so that they can stop it; where nobody can tell them, a second person looks in their place.
  const blind = !facts.canBeTold && waits.some(({ minutes }) => minutes > 0);
  const names = [
    ...matching.map(({ name }) => name),
    ...(facts.alarm ? [ALARM] : []),
    ...(blind ? [CANNOT_BE_TOLD] : []),
    ...(facts.leavesTooFewAdmins ? [TOO_FEW_ADMINS] : []),
  ];
  const forbidden = matching.some(({ demand }) => demand.forbid === true);
  return {
    rules: names.sort(),
    proofs: shortest(matching.flatMap(({ demand }) => (demand.proofs === undefined ? [] : [demand.proofs]))),
    secondPerson:
      facts.alarm || blind || facts.leavesTooFewAdmins || matching.some(({ demand }) => demand.secondPerson === true),
    waits: unique(waits),
    because: matching.some(({ demand }) => demand.because === true) || rules.some((rule) => hidesBehind(rule, facts)),
    ...(forbidden && { forbidden }),
  };
}

/** A rule about what happened to the phone matches nothing while that is not said: so it must be said. */
function hidesBehind({ when }: Rule, facts: Facts): boolean {
  if (facts.because !== undefined || when.because === undefined) return false;
  const { because: _, ...others } = when;
  return matches(others, facts);
}

function matches(when: Rule["when"], facts: Facts): boolean {
  const { roles, because, resetsOfPerson, resetsInWorkspace, times } = when;
  return (
    // Whose role is not known may have any.
    (roles === undefined || facts.role === undefined || roles.includes(facts.role)) &&
    (because === undefined || because.some((story) => story === facts.because)) &&
    (resetsOfPerson === undefined ||
      counted(facts.ofPerson, facts.askedAt - resetsOfPerson.days * DAY) >= resetsOfPerson.atLeast) &&
    (resetsInWorkspace === undefined ||
      counted(facts.inWorkspace, facts.askedAt - resetsInWorkspace.hours * HOUR) >= resetsInWorkspace.atLeast) &&
    (times === undefined || isWithin(times, facts.askedAt))
  );
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How many there were since, and this one. */
function counted(others: readonly number[], since: number): number {
  return others.filter((at) => at > since).length + 1;
}

function isWithin({ zone, windows }: NonNullable<Rule["when"]["times"]>, at: number): boolean {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  const today = (WEEKDAYS as readonly string[]).indexOf(part("weekday").toLowerCase());
  const clock = `${part("hour")}:${part("minute")}`;
  return windows.some(({ days, from, to }) => {
    const isOn = (day: number) => days === undefined || days.some((name) => name === WEEKDAYS.at(day));
    if (from === undefined || to === undefined) return isOn(today);
    if (from < to) return isOn(today) && clock >= from && clock < to;
    // Past midnight the day is still the one on which the window began.
    return (isOn(today) && clock >= from) || (isOn(today - 1) && clock < to);
  });
}

type Wait = Demands["waits"][number];

function waitIn({ minutes, with: shorter }: NonNullable<Rule["demand"]["wait"]>): Wait {
  const given = Object.entries(shorter ?? {}).filter(([, value]) => value !== undefined) as [Proof, number][];
  return { minutes, ...(given.length > 0 && { with: Object.fromEntries(given.sort()) }) };
}

/** A list that another one implies says nothing more: whoever gives one of the shorter gives one of the longer. */
function shortest(lists: readonly (readonly Proof[])[]): Proof[][] {
  const sorted = unique(lists.map((list) => PROOFS.filter((proof) => list.includes(proof))));
  return sorted.filter(
    (list) => !sorted.some((other) => other !== list && other.every((proof) => list.includes(proof))),
  );
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values.map((value) => JSON.stringify(value)))].sort().map((text) => JSON.parse(text) as T);
}

/** The counts that some rule asks for and that are not reached: how many others since then would reach each. */
export function notReached(rules: readonly Rule[], { askedAt, ofPerson, inWorkspace }: Facts) {
  const counts = rules.flatMap(({ when: { resetsOfPerson: person, resetsInWorkspace: all } }) => [
    ...(person ? [{ ofPerson: true, since: askedAt - person.days * DAY, others: person.atLeast - 1 }] : []),
    ...(all ? [{ ofPerson: false, since: askedAt - all.hours * HOUR, others: all.atLeast - 1 }] : []),
  ]);
  return counts.filter((count) => counted(count.ofPerson ? ofPerson : inWorkspace, count.since) <= count.others);
}

/** How far back the rules look; 0 where none does. */
export function horizonOf(rules: readonly Rule[]): { personMs: number; workspaceMs: number } {
  return {
    personMs: Math.max(0, ...rules.map(({ when }) => (when.resetsOfPerson?.days ?? 0) * DAY)),
    workspaceMs: Math.max(0, ...rules.map(({ when }) => (when.resetsInWorkspace?.hours ?? 0) * HOUR)),
  };
}
