/**
 * Every setting: the name that the worker knows it by, the variable that holds it, and its form.
 *
 * @module
 */
import * as v from "valibot";
import { Policy } from "../policy/policy";
import type { SettingName } from "./bindings";
import * as telling from "./destinations";
import * as form from "./forms";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const SETTINGS = {
  basePath: setting("FIREBLOCKS_BASE_PATH", form.BasePath),
  apiKey: setting("FIREBLOCKS_API_KEY", form.Secret),
  /** PEM. What is wrong with a key the package says, when its client is made. */
  secretKey: setting("FIREBLOCKS_SECRET_KEY", form.Secret),
  relayUrl: setting("FIREBLOCKS_RELAY_URL", v.optional(form.Url)),
  relaySecret: setting("FIREBLOCKS_RELAY_SECRET", v.optional(form.RelaySecret)),
  /** None: there is no such route. */
  webhookSecrets: setting("FIREBLOCKS_WEBHOOK_SECRET", form.WebhookSecrets),
  teamDomain: setting("ACCESS_TEAM_DOMAIN", form.Origin),
  audience: setting("ACCESS_AUD", form.Secret),
  groups: setting("ACCESS_GROUPS", form.Groups),
  roles: setting("ROLES", form.Roles),
  userMap: setting("USER_MAP", form.UserMap),
  managers: setting("MANAGERS", form.Managers),
  managerClaim: setting("MANAGER_CLAIM", v.optional(form.Secret)),
  resetsByUnmapped: setting("RESETS_BY_UNMAPPED", form.flag(false)),
  resetsByServiceTokens: setting("RESETS_BY_SERVICE_TOKENS", form.flag(false)),
  resetsPaused: setting("RESETS_PAUSED", form.flag(false)),
  requireSecondPerson: setting("REQUIRE_SECOND_PERSON", form.flag(false)),
  requireNote: setting("REQUIRE_NOTE", form.flag(true)),
  policy: setting("POLICY", Policy),
  breakGlass: setting("BREAK_GLASS", form.Emails),
  proposalExpiresMs: setting("PROPOSAL_EXPIRES_HOURS", v.optional(form.duration(HOUR, 1, 720), "24")),
  checkApprovals: setting("APPROVALS_CHECK", form.either("auto", "off")),
  dailyResetLimit: setting("DAILY_RESET_LIMIT", v.optional(form.whole(1, 1_000_000), "20")),
  /** Undefined: four times the person's. */
  workspaceDailyLimit: setting("WORKSPACE_DAILY_RESET_LIMIT", v.optional(form.whole(4, 4_000_000))),
  rateLimits: setting("RATE_LIMITS", form.either("on", "off")),
  allowedOrigins: setting("ALLOWED_ORIGINS", form.Origins),
  upstreamTimeoutMs: setting("UPSTREAM_TIMEOUT_MS", v.optional(form.whole(500, 18_000), "15000")),
  resendWithinMs: setting("RESEND_WITHIN_MINUTES", v.optional(form.duration(MINUTE, 1, 23 * 60), "15")),
  /** What Fireblocks gives the Owner for the key shares after a pairing, and then the person. */
  keySharesWithinMs: setting("KEY_SHARES_WITHIN_HOURS", v.optional(form.duration(HOUR, 1, 720), "48")),
  setupWithinMs: setting("SETUP_WITHIN_HOURS", v.optional(form.duration(HOUR, 1, 720), "48")),
  /** Undefined: how many admins are left is told, and decides nothing. */
  minReadyAdmins: setting("MIN_READY_ADMINS", v.optional(form.whole(1, 100))),
  staleAfterMs: setting("STALE_AFTER_DAYS", v.optional(form.duration(DAY, 1, 365), "7")),
  /** Undefined: records are kept for ever. */
  retentionDays: setting("RETENTION_DAYS", v.optional(form.whole(90, 36_500))),
  notifyUrl: setting("NOTIFY_URL", v.optional(form.Url)),
  notifySecret: setting("NOTIFY_SECRET", v.optional(form.HookSecret)),
  destinations: setting("DESTINATIONS", telling.Destinations),
  /** Where people open the page: what links in messages begin with. */
  publicUrl: setting("PUBLIC_URL", v.optional(form.Url)),
  mailFrom: setting("MAIL_FROM", v.optional(telling.Mailbox)),
  alertTo: setting("ALERT_TO", telling.Mailboxes),
  escalateTo: setting("ESCALATE_TO", telling.Mailboxes),
};

/** What the settings come to. */
export type Settings = { [K in keyof typeof SETTINGS]: v.InferOutput<(typeof SETTINGS)[K]["form"]> };

function setting<Form extends v.GenericSchema>(variable: SettingName, form: Form) {
  return { variable, form };
}

/** Every setting, or every sentence that says what is wrong with one. Never says what it holds. */
export function readSettings(given: Partial<Record<SettingName, string>>): Settings | string[] {
  const parsed = Object.entries(SETTINGS).map(([name, { variable, form }]) => {
    // A setting that is there but empty is one that was not made.
    const text = given[variable] === "" ? undefined : given[variable];
    return { name, variable, result: v.safeParse(form as v.GenericSchema, text) };
  });
  const problems = parsed.flatMap(({ variable, result }) =>
    (result.issues ?? []).map((issue) => `${variable} ${issue.message}.`),
  );
  if (problems.length > 0) return problems;
  return Object.fromEntries(parsed.map(({ name, result }) => [name, result.output])) as Settings;
}
