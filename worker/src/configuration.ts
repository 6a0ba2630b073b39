/**
 * The settings of the worker: read and checked as a whole, so that every problem is named at once.
 *
 * @module
 */
import * as v from "valibot";
import { lowerEmail } from "./access/people";

/** What the worker is given by its runtime: bindings, and settings as text. */
export interface Bindings {
  DB: D1Database;
  /** The admin page. Without it only the API is served. */
  ASSETS?: Fetcher;
  /** Resets for each person in a minute. */
  RESET_LIMIT?: RateLimit;
  /** Reading for each person in a minute. */
  READ_LIMIT?: RateLimit;

  FIREBLOCKS_BASE_PATH?: string;
  /** Secret. */
  FIREBLOCKS_API_KEY?: string;
  /** Secret. PEM. */
  FIREBLOCKS_SECRET_KEY?: string;
  FIREBLOCKS_RELAY_URL?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
  ACCESS_GROUPS?: string;
  ROLES?: string;
  USER_MAP?: string;
  RESETS_BY_UNMAPPED?: string;
  RESETS_BY_SERVICE_TOKENS?: string;
  RESETS_PAUSED?: string;
  REQUIRE_SECOND_PERSON?: string;
  REQUIRE_NOTE?: string;
  PROPOSAL_EXPIRES_HOURS?: string;
  APPROVALS_CHECK?: string;
  DAILY_RESET_LIMIT?: string;
  RATE_LIMITS?: string;
  ALLOWED_ORIGINS?: string;
  UPSTREAM_TIMEOUT_MS?: string;
  RESEND_WITHIN_MINUTES?: string;
  STALE_AFTER_DAYS?: string;
  RETENTION_DAYS?: string;
  NOTIFY_URL?: string;
  /** Secret. `whsec_` and base64, as Standard Webhooks has it. */
  NOTIFY_SECRET?: string;
}

export type Environment = "production" | "sandbox" | "local";

/** Where a person's groups are read from. */
export type GroupSource = { from: "nowhere" } | { from: "identity" } | { from: "claim"; name: string };

export interface Configuration {
  basePath: string;
  apiKey: string;
  secretKey: string;
  /** All calls go to this address in place of the base path's own; they are signed for the base path. */
  relay?: URL;
  environment: Environment;
  /** Origin of the Access team, without a slash at its end. */
  teamDomain: string;
  audience: string;
  groups: GroupSource;
  roles: RoleList;
  /** From sign-in e-mail to the console user's e-mail or id. */
  userMap: ReadonlyMap<string, string>;
  resetsByUnmapped: boolean;
  resetsByServiceTokens: boolean;
  resetsPaused: boolean;
  requireSecondPerson: boolean;
  requireNote: boolean;
  proposalExpiresMs: number;
  checkApprovals: boolean;
  dailyResetLimit: number;
  rateLimits: boolean;
  allowedOrigins: ReadonlySet<string>;
  upstreamTimeoutMs: number;
  resendWithinMs: number;
  staleAfterMs: number;
  /** Undefined: records are kept for ever. */
  retentionDays?: number;
  notify?: { url: URL; secret: Uint8Array<ArrayBuffer> };
}

export type RoleName = "viewer" | "resetter" | "auditor";

/** Who has which role. Each entry is an e-mail (lower case), `group:<name>` or `service:<client id>`. */
export type RoleList = Readonly<Record<RoleName, ReadonlySet<string>>>;

/** The configuration, or every sentence that says why it cannot be used. */
export type Checked = { ok: true; configuration: Configuration } | { ok: false; problems: string[] };

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isLoopback(url: URL): boolean {
  return LOOPBACK.has(url.hostname);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Url = v.pipe(
  v.string("is missing"),
  v.check((text) => URL.canParse(text), "is not an address"),
  v.transform((text) => new URL(text)),
  v.check((url) => url.username === "" && url.password === "", "must not hold a user name or password"),
  v.check((url) => url.search === "" && url.hash === "", "must not have a query or a fragment"),
  v.check(
    (url) => url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)),
    "must be https: (http: is for loopback alone)",
  ),
);

const BasePath = v.pipe(
  Url,
  v.check(
    (url) => isLoopback(url) || url.hostname === "fireblocks.io" || url.hostname.endsWith(".fireblocks.io"),
    "is not an address of Fireblocks. For a relay, keep Fireblocks' own address here and set FIREBLOCKS_RELAY_URL",
  ),
);

const Secret = v.pipe(v.string("is missing"), v.trim(), v.nonEmpty("is missing"));

function isEncrypted(pem: string): boolean {
  return pem.includes("BEGIN ENCRYPTED PRIVATE KEY") || pem.includes("Proc-Type: 4,ENCRYPTED");
}

/** By its label, or in PKCS#8 by the object identifier 1.2.840.10045.2.1. */
function isElliptic(pem: string): boolean {
  if (pem.includes("BEGIN EC PRIVATE KEY")) return true;
  const base64 = pem.replace(/-----[^-]*-----|\\[nr]|\s/g, "");
  try {
    return atob(base64).includes("\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01");
  } catch {
    return false;
  }
}

/** `true` or `false`; anything else is a mistake and is not guessed at. */
const flag = (fallback: boolean) =>
  v.pipe(
    v.optional(v.picklist(["true", "false"], 'must be "true" or "false"'), fallback ? "true" : "false"),
    v.transform((text) => text === "true"),
  );

const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

const RoleEntries = v.optional(
  v.array(
    v.pipe(v.string(), v.regex(/^(group:.+|service:.+|[^\s@:]+@[^\s@]+)$/, "entry is no e-mail, group: or service:")),
  ),
  [],
);
const Roles = v.pipe(
  v.string("is missing: nobody would have a role"),
  v.transform(json),
  v.strictObject(
    { viewer: RoleEntries, resetter: RoleEntries, auditor: RoleEntries },
    'must be JSON like {"resetter":["a@example.com","group:Treasury"],"viewer":[],"auditor":[]}',
  ),
  v.transform(
    (roles): RoleList => ({
      viewer: roleSet(roles.viewer),
      resetter: roleSet(roles.resetter),
      auditor: roleSet(roles.auditor),
    }),
  ),
);

function roleSet(entries: string[]): ReadonlySet<string> {
  // Groups and client ids are compared as they are; an e-mail's case means nothing.
  return new Set(entries.map((entry) => (/^(group|service):/.test(entry) ? entry : lowerEmail(entry))));
}

const UserMap = v.pipe(
  v.optional(v.string(), "{}"),
  v.transform(json),
  v.record(v.string(), v.string(), 'must be JSON like {"sign-in@example.com":"console@example.com"}'),
  v.transform((map) => new Map(Object.entries(map).map(([from, to]) => [lowerEmail(from), to]))),
);

const Groups = v.pipe(
  v.optional(v.string(), ""),
  v.regex(/^(|identity|claim:.+)$/, 'must be empty, "identity" or "claim:<name>"'),
  v.transform((text): GroupSource => {
    if (text === "") return { from: "nowhere" };
    return text === "identity" ? { from: "identity" } : { from: "claim", name: text.slice("claim:".length) };
  }),
);

const Origins = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== "")),
  v.array(
    v.pipe(
      v.string(),
      v.check(
        (text) => URL.canParse(text) && new URL(text).origin === text,
        "entry is no origin like https://a.example",
      ),
      v.check(
        (text) => !URL.canParse(text) || new URL(text).protocol === "https:" || isLoopback(new URL(text)),
        "entry must be https: whoever can change a page of http acts for its visitors",
      ),
    ),
  ),
  v.transform((list): ReadonlySet<string> => new Set(list)),
);

const NotifySecret = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "must be whsec_ and the base64 of at least 24 bytes"),
    v.transform((text) => Uint8Array.from(atob(text.slice("whsec_".length)), (char) => char.charCodeAt(0))),
  ),
);

const Settings = v.object(
  {
    FIREBLOCKS_BASE_PATH: BasePath,
    FIREBLOCKS_API_KEY: Secret,
    FIREBLOCKS_SECRET_KEY: v.pipe(
      Secret,
      v.check((pem) => !isEncrypted(pem), "is encrypted: set it as it is, it is a secret here too"),
      v.check((pem) => !isElliptic(pem), "is not an RSA key"),
      v.regex(/-----BEGIN (?:RSA |ENCRYPTED |EC )?PRIVATE KEY-----/, "is not a private key in PEM"),
    ),
    FIREBLOCKS_RELAY_URL: v.optional(Url),
    ACCESS_TEAM_DOMAIN: v.pipe(
      Url,
      v.check((url) => url.pathname === "/", "must be an origin, like https://team.cloudflareaccess.com"),
    ),
    ACCESS_AUD: Secret,
    ACCESS_GROUPS: Groups,
    ROLES: Roles,
    USER_MAP: UserMap,
    RESETS_BY_UNMAPPED: flag(false),
    RESETS_BY_SERVICE_TOKENS: flag(false),
    RESETS_PAUSED: flag(false),
    REQUIRE_SECOND_PERSON: flag(false),
    REQUIRE_NOTE: flag(true),
    PROPOSAL_EXPIRES_HOURS: v.optional(whole(1, 720), "24"),
    APPROVALS_CHECK: v.optional(v.picklist(["auto", "off"], 'must be "auto" or "off"'), "auto"),
    DAILY_RESET_LIMIT: v.optional(whole(1, 1_000_000), "20"),
    RATE_LIMITS: v.optional(v.picklist(["on", "off"], 'must be "on" or "off"'), "on"),
    ALLOWED_ORIGINS: Origins,
    UPSTREAM_TIMEOUT_MS: v.optional(whole(500, 18_000), "15000"),
    RESEND_WITHIN_MINUTES: v.optional(whole(1, 23 * 60), "15"),
    STALE_AFTER_DAYS: v.optional(whole(1, 365), "7"),
    RETENTION_DAYS: v.optional(whole(90, 36_500)),
    NOTIFY_URL: v.optional(Url),
    NOTIFY_SECRET: NotifySecret,
  },
  // The message for a setting that is not there at all.
  "is missing",
);

/** Reads and checks the settings. Says of each what is wrong with it, never what it holds. */
export function readConfiguration(bindings: Bindings): Checked {
  // A setting that is there but empty is one that was not made.
  const given = Object.fromEntries(Object.entries(bindings).filter(([, value]) => value !== ""));
  const parsed = v.safeParse(Settings, given);
  const problems = (parsed.issues ?? []).map((issue) => `${v.getDotPath(issue)?.split(".")[0]} ${issue.message}.`);

  if (bindings.DB === undefined) problems.push("DB is missing: bind a D1 database to it.");
  if (bindings.RATE_LIMITS !== "off") {
    for (const name of ["RESET_LIMIT", "READ_LIMIT"] as const) {
      if (bindings[name] === undefined) problems.push(`${name} is missing: bind a rate limit to it.`);
    }
  }
  if (!parsed.success) return { ok: false, problems };

  const settings = parsed.output;
  const environment = environmentOf(settings.FIREBLOCKS_BASE_PATH);
  if (environment !== "local") {
    if (isLoopback(settings.ACCESS_TEAM_DOMAIN)) {
      problems.push("ACCESS_TEAM_DOMAIN is a local stand-in, but FIREBLOCKS_BASE_PATH is a real Fireblocks.");
    }
    if (settings.RATE_LIMITS === "off") {
      problems.push("RATE_LIMITS may be off only with a local FIREBLOCKS_BASE_PATH.");
    }
  }
  if (hasGroups(settings.ROLES) && settings.ACCESS_GROUPS.from === "nowhere") {
    problems.push("ROLES names groups, but ACCESS_GROUPS does not say where groups are read from.");
  }
  if ((settings.NOTIFY_URL === undefined) !== (settings.NOTIFY_SECRET === undefined)) {
    problems.push("NOTIFY_URL and NOTIFY_SECRET go together: one of them is missing.");
  }
  if (problems.length > 0) return { ok: false, problems };

  return {
    ok: true,
    configuration: {
      basePath: settings.FIREBLOCKS_BASE_PATH.href,
      apiKey: settings.FIREBLOCKS_API_KEY,
      secretKey: settings.FIREBLOCKS_SECRET_KEY,
      ...(settings.FIREBLOCKS_RELAY_URL && { relay: settings.FIREBLOCKS_RELAY_URL }),
      environment,
      teamDomain: settings.ACCESS_TEAM_DOMAIN.origin,
      audience: settings.ACCESS_AUD,
      groups: settings.ACCESS_GROUPS,
      roles: settings.ROLES,
      userMap: settings.USER_MAP,
      resetsByUnmapped: settings.RESETS_BY_UNMAPPED,
      resetsByServiceTokens: settings.RESETS_BY_SERVICE_TOKENS,
      resetsPaused: settings.RESETS_PAUSED,
      requireSecondPerson: settings.REQUIRE_SECOND_PERSON,
      requireNote: settings.REQUIRE_NOTE,
      proposalExpiresMs: settings.PROPOSAL_EXPIRES_HOURS * 3_600_000,
      checkApprovals: settings.APPROVALS_CHECK === "auto",
      dailyResetLimit: settings.DAILY_RESET_LIMIT,
      rateLimits: settings.RATE_LIMITS === "on",
      allowedOrigins: settings.ALLOWED_ORIGINS,
      upstreamTimeoutMs: settings.UPSTREAM_TIMEOUT_MS,
      resendWithinMs: settings.RESEND_WITHIN_MINUTES * 60_000,
      staleAfterMs: settings.STALE_AFTER_DAYS * 86_400_000,
      ...(settings.RETENTION_DAYS !== undefined && { retentionDays: settings.RETENTION_DAYS }),
      ...(settings.NOTIFY_URL &&
        settings.NOTIFY_SECRET && {
          notify: { url: settings.NOTIFY_URL, secret: settings.NOTIFY_SECRET },
        }),
    },
  };
}

/** Whether any role is given to a group. */
export function hasGroups(roles: RoleList): boolean {
  return Object.values(roles).some((entries) => [...entries].some((entry) => entry.startsWith("group:")));
}

function environmentOf(basePath: URL): Environment {
  if (isLoopback(basePath)) return "local";
  return basePath.hostname.startsWith("sandbox") ? "sandbox" : "production";
}
