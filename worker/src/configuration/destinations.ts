/**
 * Where changes are told: the form of `DESTINATIONS` and of what belongs to it, and the list that they come to.
 *
 * @module
 */
import * as v from "valibot";
import { lowerEmail } from "../email";
import { HookSecret, json, Url } from "./forms";

/**
 * What somebody can be told of. `reset.` and a state: a record has come into it. `reset.contested`: the affected person said
 * that an open reset is not theirs. `reset.due`: somebody is awaited, and the time runs out. `confirmation.asked`: their manager
 * is asked. `alarm.…`: somebody is said to pretend to be them, and what became of that. `elsewhere.found`: a reset was possibly
 * made elsewhere.
 */
export const MESSAGE_TYPES = [
  ...(
    [
      ...["proposed", "waiting", "recorded", "sending", "approvalRequested", "approved", "awaitingPairing"],
      ...["awaitingSetup", "completed", "rejected", "cancelled", "expired", "failed", "refused", "unknown"],
      ...["settled", "stopped", "withdrawn", "contested", "breakGlass", "needsPress", "reviewed", "managerConfirmed"],
      "due",
    ] as const
  ).map((state) => `reset.${state}` as const),
  "alarm.raised",
  "alarm.closed",
  "elsewhere.found",
  "confirmation.asked",
] as const;

export type MessageType = (typeof MESSAGE_TYPES)[number];

/** Of which messages a destination is told. */
export type Filter = (type: string) => boolean;

/** What nobody should learn of an hour late. */
const ALERTS: readonly string[] = [
  "reset.stopped",
  "reset.contested",
  "reset.breakGlass",
  "alarm.raised",
  "alarm.closed",
  "elsewhere.found",
];

export type Destination = { name: string; wants: Filter } & (
  | { kind: "standard-webhook"; url: URL; secret: Uint8Array<ArrayBuffer> }
  /** `{ "text": "…" }`, as Slack and others take it. The address itself is what lets a message in. */
  | { kind: "text"; url: URL }
  | { kind: "email"; to: readonly string[] }
);

/** The destinations that the other settings make; no name of `DESTINATIONS` may be one of them. */
const RESERVED = ["notify", "alerts", "person", "manager", "awaited"];
/** A binding takes fifty; each gets a mail, and so a row, of their own. */
const MOST_RECIPIENTS = 20;
const MOST_DESTINATIONS = 10;

/** One address, without a name: what a header could be smuggled in with is no part of it. */
export const Mailbox = v.pipe(
  v.string("must be an e-mail"),
  v.regex(/^[^\s@<>,;:"()[\]\\\p{Cc}]+@[^\s@<>,;:"()[\]\\\p{Cc}]+$/u, "must be an e-mail alone, without a name"),
  v.maxLength(254, "must be an e-mail of at most 254 characters"),
);

export const Mailboxes = v.pipe(
  v.optional(v.string(), ""),
  v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== "")),
  v.array(Mailbox),
  v.maxLength(MOST_RECIPIENTS, `must name at most ${MOST_RECIPIENTS} people`),
  v.transform((list): readonly string[] => [...new Set(list.map(lowerEmail))]),
);

const Events = v.pipe(
  v.optional(
    v.array(
      v.pipe(
        v.string("entry has events that are no texts"),
        v.check(
          (pattern) =>
            /^(reset|alarm|confirmation|elsewhere)\.\*$/.test(pattern) ||
            (MESSAGE_TYPES as readonly string[]).includes(pattern),
          'entry names events that do not exist: they are like "reset.contested", "reset.*" or "alarm.*"',
        ),
      ),
      "entry has events that are no list",
    ),
    ["reset.*", "alarm.*", "confirmation.*", "elsewhere.*"],
  ),
  v.transform((patterns): Filter => {
    const rooms = patterns.filter((pattern) => pattern.endsWith("*")).map((pattern) => pattern.slice(0, -1));
    return (type) => patterns.includes(type) || rooms.some((room) => type.startsWith(room));
  }),
);

const Name = v.pipe(
  v.string("entry has no name"),
  v.regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "entry has a name other than 1 to 32 small letters, digits and -"),
  v.check((name) => !RESERVED.includes(name), `entry has a name that is taken: ${RESERVED.join(", ")}`),
);
/** Chat tools put their secret into the path or the query. */
const HookUrl = v.pipe(
  v.string("entry has no url"),
  v.check((text) => URL.canParse(text), "entry has a url that is no address"),
  v.transform((text) => new URL(text)),
  v.check((url) => url.username === "" && url.password === "", "entry has a url with a user name or password"),
  v.check((url) => v.is(Url, url.origin), "entry has a url that is not https: (http: is for loopback alone)"),
);

const Recipients = v.pipe(
  v.array(Mailbox, "entry has no list of addresses in to"),
  v.minLength(1, "entry has nobody in to"),
  v.maxLength(MOST_RECIPIENTS, `entry has more than ${MOST_RECIPIENTS} addresses in to`),
  v.transform((list): readonly string[] => [...new Set(list.map(lowerEmail))]),
);

/** valibot's own sentences would say what the setting holds. */
const PARTS = "entry lacks a part that its kind needs, or has one that its kind does not have";

export const Destinations = v.pipe(
  v.optional(v.string(), "[]"),
  v.transform(json),
  v.array(
    v.variant(
      "kind",
      [
        v.strictObject(
          { kind: v.literal("standard-webhook"), name: Name, url: HookUrl, secret: HookSecret, events: Events },
          PARTS,
        ),
        v.strictObject({ kind: v.literal("text"), name: Name, url: HookUrl, events: Events }, PARTS),
        v.strictObject({ kind: v.literal("email"), name: Name, to: Recipients, events: Events }, PARTS),
      ],
      'entry is none of the kinds "standard-webhook", "text" and "email"',
    ),
    'must be JSON like [{"kind":"text","name":"chat","url":"https://…","events":["reset.*"]}]',
  ),
  v.maxLength(MOST_DESTINATIONS, `must have at most ${MOST_DESTINATIONS} entries`),
  v.check((list) => new Set(list.map(({ name }) => name)).size === list.length, "has two entries of the same name"),
  v.transform((list) => list.map(({ events: wants, ...rest }): Destination => ({ ...rest, wants }))),
);

interface Given {
  destinations: readonly Destination[];
  notifyUrl?: URL | undefined;
  notifySecret?: Uint8Array<ArrayBuffer> | undefined;
  alertTo: readonly string[];
  /** Whoever may reset and is known by an e-mail: they are told where `ALERT_TO` is. */
  resetters: readonly string[];
  canMail: boolean;
}

/** All destinations: those of the list, that of `NOTIFY_URL`, and whoever has to know at once. */
export function destinationsOf(given: Given): Destination[] {
  const { notifyUrl: url, notifySecret: secret, alertTo, resetters } = given;
  const everything: Filter = () => true;
  const alerted = [...new Set([...alertTo, ...resetters])];
  return [
    ...(url && secret ? [{ kind: "standard-webhook" as const, name: "notify", url, secret, wants: everything }] : []),
    ...given.destinations,
    ...(given.canMail && alerted.length > 0
      ? [{ kind: "email" as const, name: "alerts", to: alerted, wants: (type: string) => ALERTS.includes(type) }]
      : []),
  ];
}
