/**
 * The configuration of the worker: read and checked as a whole, so that every problem is named at once.
 *
 * @module
 */
import type { Environment } from "fireblocks-reset-device/gateway-api";
import type { Bindings } from "./bindings";
import { type Destination, destinationsOf } from "./destinations";
import { isOnThisMachine, type RoleList } from "./forms";
import { policyProblems } from "./policy-problems";
import { readSettings, type Settings } from "./settings";

export type Configuration = Omit<
  Settings,
  | "relayUrl"
  | "relaySecret"
  | "notifyUrl"
  | "notifySecret"
  | "workspaceDailyLimit"
  | "destinations"
  | "publicUrl"
  | "mailFrom"
  | "alertTo"
> & {
  environment: Environment;
  workspaceDailyLimit: number;
  /** All calls go there in place of the base path's own address; they are signed for the base path. */
  relay?: { url: URL; secret: string };
  /** Where changes are told, if anywhere. */
  destinations: readonly Destination[];
  /** Where people open the page; without a slash at its end. */
  publicUrl?: string;
  /** The e-mails of those who may reset and are named by one. */
  resetters: readonly string[];
  /** From whom mail comes; absent where none can be sent. */
  mailFrom?: string;
};

/** One person alone must not be able to use up what the workspace has for a day. */
const PERSONS_PER_WORKSPACE = 4;

/** The configuration, or every sentence that says why it cannot be used. */
export type Checked = { ok: true; configuration: Configuration } | { ok: false; problems: string[] };

export function readConfiguration(bindings: Bindings): Checked {
  const read = readSettings(bindings);
  const problems = [
    ...(Array.isArray(read) ? read : []),
    ...missingBindings(bindings),
    ...(Array.isArray(read) ? [] : [...contradictions(read), ...untellable(read, bindings)]),
    ...(Array.isArray(read) ? [] : policyProblems(read, environmentOf(read.basePath))),
  ];
  if (Array.isArray(read) || problems.length > 0) return { ok: false, problems };
  const { relayUrl, relaySecret, notifyUrl, notifySecret, publicUrl, mailFrom, alertTo, ...settings } = read;
  const resetters = [...settings.roles.resetter].filter((entry) => !/^(group|group-id|service):/.test(entry));
  const given = { destinations: settings.destinations, notifyUrl, notifySecret, alertTo, resetters };
  return {
    ok: true,
    configuration: {
      ...settings,
      environment: environmentOf(settings.basePath),
      workspaceDailyLimit: settings.workspaceDailyLimit ?? settings.dailyResetLimit * PERSONS_PER_WORKSPACE,
      ...(relayUrl && relaySecret && { relay: { url: relayUrl, secret: relaySecret } }),
      resetters,
      destinations: destinationsOf({ ...given, canMail: mailFrom !== undefined }),
      ...(publicUrl && { publicUrl: publicUrl.href.replace(/\/$/, "") }),
      ...(mailFrom !== undefined && { mailFrom }),
    },
  };
}

function missingBindings(bindings: Bindings): string[] {
  const limits = bindings.RATE_LIMITS === "off" ? [] : (["RESET_LIMIT", "READ_LIMIT"] as const);
  return [
    ...(bindings.DB === undefined ? ["DB is missing: bind a D1 database to it."] : []),
    ...limits
      .filter((name) => bindings[name] === undefined)
      .map((name) => `${name} is missing: bind a rate limit to it.`),
  ];
}

/** What is wrong with settings that are right one by one. */
function contradictions(settings: Settings): string[] {
  const problems: string[] = [];
  if (environmentOf(settings.basePath) !== "local") {
    if (isOnThisMachine(settings.teamDomain)) {
      problems.push("ACCESS_TEAM_DOMAIN is a local stand-in, but FIREBLOCKS_BASE_PATH is a real Fireblocks.");
    }
    if (!settings.rateLimits) problems.push("RATE_LIMITS may be off only with a local FIREBLOCKS_BASE_PATH.");
  }
  if (hasGroups(settings.roles) && settings.groups.from === "nowhere") {
    problems.push("ROLES names groups, but ACCESS_GROUPS does not say where groups are read from.");
  }
  const { dailyResetLimit, workspaceDailyLimit } = settings;
  if (workspaceDailyLimit !== undefined && dailyResetLimit * PERSONS_PER_WORKSPACE > workspaceDailyLimit) {
    problems.push(
      "DAILY_RESET_LIMIT is more than a quarter of WORKSPACE_DAILY_RESET_LIMIT: one person could use up everybody's.",
    );
  }
  if ((settings.relayUrl === undefined) !== (settings.relaySecret === undefined)) {
    problems.push("FIREBLOCKS_RELAY_URL and FIREBLOCKS_RELAY_SECRET go together: one of them is missing.");
  }
  if ((settings.notifyUrl === undefined) !== (settings.notifySecret === undefined)) {
    problems.push("NOTIFY_URL and NOTIFY_SECRET go together: one of them is missing.");
  }
  return problems;
}

/** What is missing for the messages that the settings ask for. */
function untellable(settings: Settings, { EMAIL }: Bindings): string[] {
  const { destinations, alertTo, escalateTo, mailFrom, publicUrl } = settings;
  const problems: string[] = [];
  const mails = destinations.some(({ kind }) => kind === "email");
  if (mails && mailFrom === undefined) {
    problems.push("DESTINATIONS has one of kind email, but MAIL_FROM does not say from whom mail comes.");
  }
  for (const [name, people] of Object.entries({ ALERT_TO: alertTo, ESCALATE_TO: escalateTo })) {
    if (people.length > 0 && mailFrom === undefined) {
      problems.push(`${name} names people, but MAIL_FROM does not say from whom mail comes.`);
    }
  }
  if (mailFrom !== undefined && EMAIL === undefined) {
    problems.push("MAIL_FROM is set, but EMAIL is missing: bind a send_email to it.");
  }
  const links = mailFrom !== undefined || destinations.some(({ kind }) => kind === "text");
  if (links && publicUrl === undefined) {
    problems.push("PUBLIC_URL is missing: messages for people link to the page.");
  }
  return problems;
}

/** Whether any role is given to a group. */
export function hasGroups(roles: RoleList): boolean {
  return entriesOf(roles).some((entry) => /^group(-id)?:/.test(entry));
}

/** What is no mistake, but should be looked at. */
export function warningsOf({
  roles,
  breakGlass,
  destinations,
}: Pick<Configuration, "roles" | "breakGlass" | "destinations">): string[] {
  const untold =
    breakGlass.size > 0 && !destinations.some(({ wants }) => wants("reset.breakGlass"))
      ? ["BREAK_GLASS lets somebody pass the policy over, and nobody is told of it: no destination is set."]
      : [];
  return [...untold, ...warningsOfGroups(roles)];
}

function warningsOfGroups(roles: RoleList): string[] {
  const byText = entriesOf(roles).filter((entry) => entry.startsWith("group:"));
  if (byText.length === 0) return [];
  return [
    `ROLES gives roles to ${byText.length} group(s) by a text (group:). It is compared where the identity provider tells of groups as plain texts, and never with the name of a group that has an id: name such a group as group-id:<id>.`,
  ];
}

function entriesOf(roles: RoleList): string[] {
  return Object.values(roles).flatMap((entries) => [...entries]);
}

function environmentOf(basePath: URL): Environment {
  if (isOnThisMachine(basePath)) return "local";
  return basePath.hostname.startsWith("sandbox") ? "sandbox" : "production";
}
