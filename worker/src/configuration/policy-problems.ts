/**
 * What is wrong with a policy that has the right form: demands that nobody could meet, and emergencies that nobody would
 * look at.
 *
 * @module
 */
import { type Environment, type Proof, STATED_PROOFS } from "fireblocks-reset-device/gateway-api";
import { foldEmail } from "../email";
import type { MessageType } from "./destinations";
import type { Settings } from "./settings";

export function policyProblems(settings: Settings, environment: Environment): string[] {
  return [
    ...settings.policy.flatMap((rule, index) => ruleProblems(rule, settings, environment).map(numbered(index))),
    ...secondPersonProblems(settings),
    ...breakGlassProblems(settings, environment),
  ];
}

/** The proofs that can be given at all. What only the worker sees needs what lets it see. */
export function reachableProofs({ managers, managerClaim }: Settings): ReadonlySet<Proof> {
  const hasManagers = managers.size > 0 || managerClaim !== undefined;
  return new Set<Proof>([...STATED_PROOFS, "codeMatched", ...(hasManagers ? (["managerConfirmed"] as const) : [])]);
}

const numbered = (index: number) => (problem: string) => `POLICY rule ${index + 1}: ${problem}.`;

function ruleProblems({ demand }: Settings["policy"][number], settings: Settings, environment: Environment): string[] {
  const problems: string[] = [];
  const reachable = reachableProofs(settings);
  if (demand.proofs !== undefined && !demand.proofs.some((proof) => reachable.has(proof))) {
    problems.push(`nobody could give ${demand.proofs.join(" or ")} here`);
  }
  const minutes = [demand.wait?.minutes, ...Object.values(demand.wait?.with ?? {})];
  if (environment !== "local" && minutes.some((value) => value !== undefined && !Number.isInteger(value))) {
    problems.push("parts of a minute are for trying out, with a local FIREBLOCKS_BASE_PATH alone");
  }
  return problems;
}

function secondPersonProblems(settings: Settings): string[] {
  if (hasSecondPerson(settings)) return [];
  const { policy, mailFrom, requireSecondPerson, minReadyAdmins } = settings;
  const asked = policy.some(({ demand }) => demand.secondPerson === true);
  const waits = policy.some(({ demand }) => demand.wait !== undefined && demand.wait.minutes > 0);
  const demanding = [
    ...(requireSecondPerson ? ["REQUIRE_SECOND_PERSON demands a second person"] : []),
    ...(asked ? ["POLICY demands a second person"] : []),
    ...(waits && mailFrom === undefined
      ? ["POLICY demands a wait, which needs a second person where MAIL_FROM is not set"]
      : []),
    ...(minReadyAdmins !== undefined ? ["MIN_READY_ADMINS demands a second person where fewer would be left"] : []),
  ];
  return demanding.map((why) => `${why}, but ROLES has one resetter alone, who cannot be their own second.`);
}

/** Whether one can ask and another release. A group is taken to have several members. */
function hasSecondPerson({ roles, userMap, resetsByServiceTokens }: Settings): boolean {
  const entries = [...roles.resetter];
  if (entries.some((entry) => /^group(-id)?:/.test(entry))) return true;
  const persons = entries.filter((entry) => !entry.startsWith("service:"));
  const users = usersAmong(persons, userMap);
  const asksByToken = resetsByServiceTokens && persons.length < entries.length;
  return users.size + Number(asksByToken) > 1 && users.size > 0;
}

/** Two sign-ins of one console user are one person. */
function usersAmong(emails: readonly string[], userMap: Settings["userMap"]): ReadonlySet<string> {
  return new Set(emails.map((email) => foldEmail(userMap.get(email) ?? email)));
}

function breakGlassProblems(settings: Settings, environment: Environment): string[] {
  const { breakGlass, roles, userMap } = settings;
  if (breakGlass.size === 0) return [];
  const problems: string[] = [];
  if ([...breakGlass].some((email) => !roles.resetter.has(email))) {
    problems.push("BREAK_GLASS names somebody who is no resetter by e-mail in ROLES.");
  }
  const reviewers = [...roles.resetter, ...roles.auditor].filter((entry) => !entry.startsWith("service:"));
  if (usersAmong(reviewers, userMap).size < 2 && !reviewers.some((entry) => /^group(-id)?:/.test(entry))) {
    problems.push(
      "BREAK_GLASS needs somebody else in ROLES, a resetter or an auditor, who reviews what was done by it.",
    );
  }
  if (environment !== "local" && !isTold(settings, "reset.breakGlass")) {
    problems.push("BREAK_GLASS needs NOTIFY_URL, DESTINATIONS or MAIL_FROM: nobody would be told at once.");
  }
  return problems;
}

/** Whether there is anybody to whom messages of this type go. */
function isTold({ notifyUrl, destinations, mailFrom }: Settings, type: MessageType): boolean {
  return notifyUrl !== undefined || mailFrom !== undefined || destinations.some(({ wants }) => wants(type));
}
