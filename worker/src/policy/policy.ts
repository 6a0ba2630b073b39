/**
 * The form of `POLICY`: what is demanded of which resets. Pure.
 *
 * @module
 */
import { type Proof, REMEDIES, STATED_PROOFS, STORIES } from "fireblocks-reset-device/gateway-api";
import * as v from "valibot";

export const PROOFS: readonly Proof[] = ["codeMatched", "managerConfirmed", ...STATED_PROOFS];

/** Stories for which a reset is the way: no rule needs to speak of the others. */
export const RESET_STORIES = STORIES.filter((story) => REMEDIES[story].reset);

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** A week: nobody waits longer for a phone than for the Console. */
export const LONGEST_WAIT_MINUTES = 7 * 24 * 60;
export const LONGEST_DAYS = 365;
export const LONGEST_HOURS = 7 * 24;

const listOf = <const Words extends readonly string[]>(words: Words) =>
  v.pipe(
    v.array(v.picklist(words, `must be one of ${words.join(", ")}`), "must be a list"),
    v.nonEmpty("must not be empty"),
  );

const numberFrom = (min: number, max: number) =>
  v.pipe(
    v.number("must be a number"),
    v.integer("must be a whole number"),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

const Zone = v.pipe(
  v.string("must be a time zone like Europe/Berlin"),
  v.check(isZone, "must be a time zone like Europe/Berlin"),
);

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

const Clock = v.pipe(
  v.string('must be a time like "18:00"'),
  v.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time like "18:00"'),
);

/** Of some days of the week, from one time to another; into the next day where `to` is the earlier one. */
const Window = v.pipe(
  v.strictObject(
    { days: v.optional(listOf(WEEKDAYS)), from: v.optional(Clock), to: v.optional(Clock) },
    'must be like {"days":["sat","sun"]} or {"from":"18:00","to":"08:00"}',
  ),
  v.check(({ from, to }) => (from === undefined) === (to === undefined), "needs from and to, or neither"),
  v.check(({ from, to }) => from === undefined || from !== to, "must not begin when it ends"),
  v.check(({ days, from }) => days !== undefined || from !== undefined, "must name days, or from and to"),
);

const When = v.strictObject(
  {
    /** Fireblocks' role of the person. */
    roles: v.optional(
      v.pipe(
        v.array(v.pipe(v.string("must be a role of Fireblocks'"), v.regex(/^[A-Z_]+$/, "must be a role like ADMIN"))),
        v.nonEmpty("must not be empty"),
      ),
    ),
    because: v.optional(listOf(RESET_STORIES)),
    /** This one is counted. */
    resetsOfPerson: v.optional(v.strictObject({ atLeast: numberFrom(1, 100), days: numberFrom(1, LONGEST_DAYS) })),
    resetsInWorkspace: v.optional(
      v.strictObject({ atLeast: numberFrom(1, 1_000), hours: numberFrom(1, LONGEST_HOURS) }),
    ),
    /** When it is asked for. */
    times: v.optional(
      v.strictObject({
        zone: Zone,
        windows: v.pipe(v.array(Window, "must be a list"), v.nonEmpty("must not be empty")),
      }),
    ),
  },
  "must hold roles, because, resetsOfPerson, resetsInWorkspace and times alone",
);

const Minutes = v.pipe(
  v.number("must be a number of minutes"),
  v.finite("must be a number of minutes"),
  v.minValue(0, "must not be negative"),
  v.maxValue(LONGEST_WAIT_MINUTES, `must be at most ${LONGEST_WAIT_MINUTES} (a week)`),
);

const Wait = v.pipe(
  v.strictObject(
    {
      minutes: Minutes,
      with: v.optional(v.strictObject(Object.fromEntries(PROOFS.map((proof) => [proof, v.optional(Minutes)])))),
    },
    'must be like {"minutes":60,"with":{"inPerson":0}}',
  ),
  v.check(
    (wait) => Object.values(wait.with ?? {}).every((minutes) => minutes === undefined || minutes <= wait.minutes),
    "must not be longer with a proof than without",
  ),
);

const Demand = v.pipe(
  v.strictObject(
    {
      /** One of them must be given. */
      proofs: v.optional(listOf(PROOFS)),
      secondPerson: v.optional(v.literal(true, "must be true, or absent")),
      wait: v.optional(Wait),
      because: v.optional(v.literal(true, "must be true, or absent")),
      forbid: v.optional(v.literal(true, "must be true, or absent")),
    },
    "must hold proofs, secondPerson, wait, because and forbid alone",
  ),
  v.check((demand) => Object.values(demand).some((value) => value !== undefined), "must demand something"),
);

const RuleForm = v.strictObject(
  {
    name: v.pipe(
      v.string("must be a text"),
      v.trim(),
      v.nonEmpty("must not be empty"),
      v.maxLength(80, "must be at most 80 characters"),
      v.regex(/^[^\p{Cc}]*$/u, "must be one line"),
    ),
    /** All of it must hold; absent: always. */
    when: v.optional(When, {}),
    demand: Demand,
  },
  "must hold name, when and demand alone",
);

/** What is demanded of the resets that it is about. */
export type Rule = v.InferOutput<typeof RuleForm>;

const Rules = v.pipe(
  v.array(
    RuleForm,
    'must be a JSON list like [{"name":"Admins","when":{"roles":["ADMIN"]},"demand":{"secondPerson":true}}]',
  ),
  v.check(
    (rules) => new Set(rules.map(({ name }) => name)).size === rules.length,
    "has two rules of the same name: nobody could tell them apart",
  ),
);

/** The rules as text; each problem names the rule by its number, and never what stands in it. */
export const Policy = v.pipe(
  v.optional(v.string(), "[]"),
  v.rawTransform(({ dataset, addIssue, NEVER }): readonly Rule[] => {
    const parsed = v.safeParse(Rules, json(dataset.value));
    if (parsed.success) return parsed.output;
    for (const issue of parsed.issues) addIssue({ message: sentence(issue) });
    return NEVER;
  }),
);

function sentence(issue: v.BaseIssue<unknown>): string {
  const [first, ...path] = (v.getDotPath(issue) ?? "").split(".");
  if (first === undefined || first === "") return issue.message;
  // valibot tells of a member that nobody knows in words that hold what stands there.
  const message = /^Invalid /.test(issue.message) ? "is missing or not known" : issue.message;
  return `rule ${Number(first) + 1}: ${path.length > 0 ? `${path.join(".")} ` : ""}${message}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
