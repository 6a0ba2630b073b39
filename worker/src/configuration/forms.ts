/**
 * The forms that settings have: what each takes as text, and what it becomes.
 *
 * @module
 */
import { isLoopback, type Role } from "fireblocks-reset-device/gateway-api";
import * as v from "valibot";
import { lowerEmail } from "../email";

export function isOnThisMachine(url: URL): boolean {
  return isLoopback(url.hostname);
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const Url = v.pipe(
  v.string("is missing"),
  v.check((text) => URL.canParse(text), "is not an address"),
  v.transform((text) => new URL(text)),
  v.check((url) => url.username === "" && url.password === "", "must not hold a user name or password"),
  v.check((url) => url.search === "" && url.hash === "", "must not have a query or a fragment"),
  v.check(
    (url) => url.protocol === "https:" || (url.protocol === "http:" && isOnThisMachine(url)),
    "must be https: (http: is for loopback alone)",
  ),
);

/** Fireblocks, or a stand-in for it on this machine. */
export const BasePath = v.pipe(
  Url,
  v.check(
    (url) => isOnThisMachine(url) || url.hostname === "fireblocks.io" || url.hostname.endsWith(".fireblocks.io"),
    "is not an address of Fireblocks. For a relay, keep Fireblocks' own address here and set FIREBLOCKS_RELAY_URL",
  ),
);

/** An address without a path. */
export const Origin = v.pipe(
  Url,
  v.check((url) => url.pathname === "/", "must be an origin, like https://team.cloudflareaccess.com"),
);

export const Secret = v.pipe(v.string("is missing"), v.trim(), v.nonEmpty("is missing"));

/** `true` or `false`; anything else is a mistake and is not guessed at. */
export const flag = (fallback: boolean) =>
  v.pipe(
    v.optional(v.picklist(["true", "false"], 'must be "true" or "false"'), fallback ? "true" : "false"),
    v.transform((text) => text === "true"),
  );

/** A whole number, as text. */
export const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, `must be a whole number from ${min} to ${max}`),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

/**
 * Who has which role. Each entry is an e-mail (lower case), `group-id:<id>` for a group that the identity provider tells of
 * as an object, `group:<text>` for one that is a plain text, or `service:<client id>`.
 */
export type RoleList = Readonly<Record<Role, ReadonlySet<string>>>;

const RoleEntries = v.optional(
  v.array(
    v.pipe(
      v.string(),
      v.regex(/^((group|group-id|service):.+|[^\s@:]+@[^\s@]+)$/, "entry is no e-mail, group-id:, group: or service:"),
    ),
  ),
  [],
);
export const Roles = v.pipe(
  v.string("is missing: nobody would have a role"),
  v.transform(json),
  v.strictObject(
    { viewer: RoleEntries, resetter: RoleEntries, auditor: RoleEntries },
    'must be JSON like {"resetter":["a@example.com","group-id:8a1c"],"viewer":[],"auditor":[]}',
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
  return new Set(entries.map((entry) => (/^(group|group-id|service):/.test(entry) ? entry : lowerEmail(entry))));
}

/** Of two that differ in case alone one would be lost. */
const namesEachOnce = v.check((map: unknown) => {
  const names = Object.keys(map ?? {});
  return new Set(names.map(lowerEmail)).size === names.length;
}, "names an e-mail twice, in other letters");

/** From sign-in e-mail to the console user's e-mail or id. */
export const UserMap = v.pipe(
  v.optional(v.string(), "{}"),
  v.transform(json),
  namesEachOnce,
  v.record(v.string(), v.string(), 'must be JSON like {"sign-in@example.com":"console@example.com"}'),
  v.transform(
    (map): ReadonlyMap<string, string> => new Map(Object.entries(map).map(([from, to]) => [lowerEmail(from), to])),
  ),
);

const Email = v.pipe(v.string(), v.regex(/^[^\s@:]+@[^\s@:]+$/, "entry is no e-mail"), v.transform(lowerEmail));

/** From a person's e-mail to the e-mail that their manager signs in with. */
export const Managers = v.pipe(
  v.optional(v.string(), "{}"),
  v.transform(json),
  namesEachOnce,
  v.record(Email, Email, 'must be JSON like {"person@example.com":"manager@example.com"}'),
  v.transform((map): ReadonlyMap<string, string> => new Map(Object.entries(map))),
);

/** Where a person's groups are read from. */
export type GroupSource = { from: "nowhere" } | { from: "identity" } | { from: "claim"; name: string };

export const Groups = v.pipe(
  v.optional(v.string(), ""),
  v.regex(/^(|identity|claim:.+)$/, 'must be empty, "identity" or "claim:<name>"'),
  v.transform((text): GroupSource => {
    if (text === "") return { from: "nowhere" };
    return text === "identity" ? { from: "identity" } : { from: "claim", name: text.slice("claim:".length) };
  }),
);

export const Origins = v.pipe(
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
        (text) => !URL.canParse(text) || new URL(text).protocol === "https:" || isOnThisMachine(new URL(text)),
        "entry must be https: whoever can change a page of http acts for its visitors",
      ),
    ),
  ),
  v.transform((list): ReadonlySet<string> => new Set(list)),
);

/** E-mails, in lower case. */
export const Emails = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== "")),
  v.array(v.pipe(v.string(), v.regex(/^[^\s@:]+@[^\s@]+$/, "entry is no e-mail"), v.transform(lowerEmail))),
  v.transform((list): ReadonlySet<string> => new Set(list)),
);

const HexSecret = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 hex digits in lower case"));

/** What shows a relay that it is this worker who calls. */
export const RelaySecret = HexSecret;

/** What shows that a notification comes from Fireblocks: one, or the old and the new during a rotation. */
export const WebhookSecrets = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== "")),
  v.array(HexSecret),
  v.maxLength(2, "must be one secret, or two during a rotation"),
);

/** As Standard Webhooks has it. */
export const HookSecret = v.pipe(
  v.string("must be whsec_ and the base64 of at least 24 bytes"),
  v.regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, "must be whsec_ and the base64 of at least 24 bytes"),
  v.transform((text) => Uint8Array.from(atob(text.slice("whsec_".length)), (char) => char.charCodeAt(0))),
);

/** A time in whole units, which becomes milliseconds. */
export const duration = (unitMs: number, min: number, max: number) =>
  v.pipe(
    whole(min, max),
    v.transform((count) => count * unitMs),
  );

/** One of two words, of which the first becomes true. */
export const either = (yes: string, no: string) =>
  v.pipe(
    v.optional(v.picklist([yes, no], `must be "${yes}" or "${no}"`), yes),
    v.transform((text) => text === yes),
  );
