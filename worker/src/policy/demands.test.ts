import fc from "fast-check";
import { type Demands, type Proof, STORIES, unmetProofs, waitOf } from "fireblocks-reset-device/gateway-api";
import { describe, expect, it } from "vitest";
import { demandsOf, type Facts, rulesOf } from "./demands";
import { PROOFS, RESET_STORIES, type Rule, WEEKDAYS } from "./policy";

const DAY = 86_400_000;
/** A Wednesday, noon in UTC. */
const NOON = Date.UTC(2026, 10, 25, 12);

const facts = (more: Partial<Facts> = {}): Facts => ({
  role: "SIGNER",
  because: "lost",
  askedAt: NOON,
  ofPerson: [],
  inWorkspace: [],
  alarm: false,
  canBeTold: true,
  leavesTooFewAdmins: false,
  ...more,
});
const rule = (when: Rule["when"], demand: Rule["demand"] = { forbid: true }): Rule => ({ name: "R", when, demand });
const matches = (when: Rule["when"], more: Partial<Facts>) => demandsOf([rule(when)], facts(more)).forbidden === true;
const nothing: Demands = { rules: [], proofs: [], secondPerson: false, waits: [], because: false };

describe("which rules match", () => {
  const office = { zone: "Europe/Berlin", windows: [{ days: ["sat" as const] }, { from: "18:00", to: "08:00" }] };
  const night = (day: "fri" | "sun") => ({ zone: "UTC", windows: [{ days: [day], from: "18:00", to: "08:00" }] });
  const [friday, sunday] = [night("fri"), night("sun")];
  it.each<[string, Rule["when"], Partial<Facts>, boolean]>([
    ["always", {}, {}, true],
    ["the role", { roles: ["ADMIN", "SIGNER"] }, {}, true],
    ["another role", { roles: ["ADMIN"] }, {}, false],
    ["a role that is not known", { roles: ["ADMIN"] }, { role: undefined }, true],
    ["the story", { because: ["stolen", "lost"] }, {}, true],
    ["another story", { because: ["stolen"] }, {}, false],
    [
      "the second of this person, of three",
      { resetsOfPerson: { atLeast: 3, days: 90 } },
      { ofPerson: [NOON - DAY] },
      false,
    ],
    ["the third", { resetsOfPerson: { atLeast: 3, days: 90 } }, { ofPerson: [NOON - DAY, NOON - 2 * DAY] }, true],
    [
      "the third, too long ago",
      { resetsOfPerson: { atLeast: 3, days: 90 } },
      { ofPerson: [NOON - DAY, NOON - 90 * DAY] },
      false,
    ],
    ["many today", { resetsInWorkspace: { atLeast: 2, hours: 24 } }, { inWorkspace: [NOON - DAY + 1] }, true],
    ["many yesterday", { resetsInWorkspace: { atLeast: 2, hours: 24 } }, { inWorkspace: [NOON - DAY] }, false],
    [
      "one asked for later counts too",
      { resetsInWorkspace: { atLeast: 2, hours: 24 } },
      { inWorkspace: [NOON + 1] },
      true,
    ],
    ["noon in Berlin is no evening", { times: office }, {}, false],
    ["evening in Berlin is", { times: office }, { askedAt: Date.UTC(2026, 10, 25, 17) }, true],
    ["a minute before is not", { times: office }, { askedAt: Date.UTC(2026, 10, 25, 16, 59) }, false],
    ["after midnight", { times: office }, { askedAt: Date.UTC(2026, 10, 26, 6, 59) }, true],
    ["in the morning", { times: office }, { askedAt: Date.UTC(2026, 10, 26, 7) }, false],
    ["Saturday in Berlin, Friday in UTC", { times: office }, { askedAt: Date.UTC(2026, 10, 27, 23) }, true],
    ["the night that begins on a day", { times: friday }, { askedAt: Date.UTC(2026, 10, 27, 20) }, true],
    ["its hours past midnight", { times: friday }, { askedAt: Date.UTC(2026, 10, 28, 2) }, true],
    ["but not those of the night before", { times: friday }, { askedAt: Date.UTC(2026, 10, 27, 2) }, false],
    ["a Sunday's on a Monday", { times: sunday }, { askedAt: Date.UTC(2026, 10, 30, 2) }, true],
    ["in summer an hour earlier", { times: office }, { askedAt: Date.UTC(2026, 6, 22, 16) }, true],
    ["all conditions together", { roles: ["SIGNER"], because: ["stolen"] }, {}, false],
  ])("%s", (_, when, more, expected) => expect(matches(when, more)).toBe(expected));
});

describe("what is demanded", () => {
  it("is nothing without rules", () => expect(demandsOf([], facts())).toEqual(nothing));

  it("is all of what matches, the longest wait included", () => {
    const rules: Rule[] = [
      {
        name: "A",
        when: {},
        demand: { proofs: ["inPerson", "videoCall"], wait: { minutes: 60, with: { inPerson: 0 } } },
      },
      { name: "B", when: {}, demand: { proofs: ["calledBack"], wait: { minutes: 10 }, secondPerson: true } },
      { name: "C", when: { roles: ["ADMIN"] }, demand: { forbid: true } },
    ];
    const demands = demandsOf(rules, facts());
    expect(demands).toEqual({
      rules: ["A", "B"],
      proofs: [["calledBack"], ["inPerson", "videoCall"]],
      secondPerson: true,
      waits: [{ minutes: 10 }, { minutes: 60, with: { inPerson: 0 } }],
      because: false,
    });
    expect(unmetProofs(demands, ["videoCall"])).toEqual([["calledBack"]]);
    expect(waitOf(demands, ["videoCall"])).toBe(60 * 60_000);
    expect(waitOf(demands, ["inPerson"])).toBe(10 * 60_000);
    // The database knows whole milliseconds alone.
    expect(waitOf({ waits: [{ minutes: 0.33333 }] }, [])).toBe(20_000);
  });

  it("says that the story is missing where a rule asks for one, and leaves the rule no way around", () => {
    const rules = [rule({ because: ["stolen"], roles: ["SIGNER"] })];
    expect(demandsOf(rules, facts({ because: undefined }))).toMatchObject({ because: true });
    expect(demandsOf(rules, facts({ because: undefined, role: "ADMIN" }))).toMatchObject({ because: false });
  });

  it("is a second person while an alarm is open, whatever the policy", () =>
    expect(demandsOf([], facts({ alarm: true }))).toMatchObject({ secondPerson: true }));

  it("is a second person where it leaves too few admins, and says so", () => {
    const demands = demandsOf([], facts({ leavesTooFewAdmins: true }));
    expect(demands).toMatchObject({ secondPerson: true, rules: ["Few admins would be left"] });
  });

  it("is a second person where somebody waits whom nobody can tell", () => {
    const wait = (minutes: number) => [rule({}, { wait: { minutes } })];
    expect(demandsOf(wait(1), facts({ canBeTold: false })).secondPerson).toBe(true);
    expect(demandsOf(wait(0), facts({ canBeTold: false })).secondPerson).toBe(false);
    expect(demandsOf(wait(1), facts({ canBeTold: true })).secondPerson).toBe(false);
  });

  it("is what the older settings say, as rules that always match", () => {
    const rules = rulesOf({ policy: [], requireNote: true, requireSecondPerson: true });
    expect(demandsOf(rules, facts())).toEqual({
      ...nothing,
      rules: ["REQUIRE_NOTE", "REQUIRE_SECOND_PERSON"],
      proofs: [[...PROOFS]],
      secondPerson: true,
    });
    expect(demandsOf(rulesOf({ policy: [], requireNote: false, requireSecondPerson: false }), facts())).toEqual(
      nothing,
    );
  });
});

const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
const clock = fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map((n) => String(n).padStart(2, "0")).join(":"));
const anyRule = fc
  .record({
    name: fc.string(),
    when: fc
      .record({
        roles: maybe(some(["ADMIN", "SIGNER", "APPROVER"])),
        because: maybe(some(RESET_STORIES)),
        resetsOfPerson: maybe(
          fc.record({ atLeast: fc.integer({ min: 1, max: 4 }), days: fc.integer({ min: 1, max: 30 }) }),
        ),
        resetsInWorkspace: maybe(
          fc.record({ atLeast: fc.integer({ min: 1, max: 4 }), hours: fc.integer({ min: 1, max: 48 }) }),
        ),
        times: maybe(
          fc.record({
            zone: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata"),
            windows: fc.array(fc.record({ days: some(WEEKDAYS), from: clock, to: clock }), {
              minLength: 1,
              maxLength: 2,
            }),
          }),
        ),
      })
      .map(present),
    demand: fc
      .record({
        proofs: maybe(some(PROOFS)),
        secondPerson: maybe(fc.constant(true as const)),
        wait: maybe(
          fc.nat(600).chain((minutes) =>
            fc.record({
              minutes: fc.constant(minutes),
              with: fc.dictionary(fc.constantFrom(...PROOFS), fc.nat(minutes)).map((given) => ({ ...given })),
            }),
          ),
        ),
        because: maybe(fc.constant(true as const)),
        forbid: maybe(fc.constant(true as const)),
      })
      .map(present),
  })
  .map((made) => made as Rule);
const anyFacts = fc.record({
  role: maybe(fc.constantFrom("ADMIN", "SIGNER", "APPROVER", "NEW")),
  because: maybe(fc.constantFrom(...STORIES)),
  askedAt: fc.integer({ min: NOON - 7 * DAY, max: NOON + 7 * DAY }),
  ofPerson: fc.array(fc.integer({ min: NOON - 40 * DAY, max: NOON + 8 * DAY }), { maxLength: 4 }),
  inWorkspace: fc.array(fc.integer({ min: NOON - 10 * DAY, max: NOON + 8 * DAY }), { maxLength: 4 }),
  alarm: fc.boolean(),
  canBeTold: fc.boolean(),
  leavesTooFewAdmins: fc.boolean(),
});
const anyProofs = fc.uniqueArray(fc.constantFrom<Proof>(...PROOFS));
const rules = fc.array(anyRule, { maxLength: 6 });

/** Whether whoever has met the first has met the second. */
function demandsNoLess(more: Demands, less: Demands, given: Proof[]): boolean {
  const met = (demands: Demands) => unmetProofs(demands, given).length === 0;
  return (
    (!met(more) || met(less)) &&
    (more.secondPerson || !less.secondPerson) &&
    (more.because || !less.because) &&
    (more.forbidden === true || less.forbidden !== true) &&
    waitOf(more, given) >= waitOf(less, given)
  );
}

describe("whatever the rules", () => {
  it("one more never demands less", () =>
    fc.assert(
      fc.property(rules, anyRule, fc.nat(), anyFacts, anyProofs, (some, added, at, now, given) => {
        const more = some.toSpliced(at % (some.length + 1), 0, added);
        expect(demandsNoLess(demandsOf(more, now), demandsOf(some, now), given)).toBe(true);
      }),
      { numRuns: 2_000 },
    ));

  it("their order means nothing", () =>
    fc.assert(
      fc.property(
        rules.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        anyFacts,
        ([list, shuffled], now) => {
          expect(demandsOf(shuffled, now)).toEqual(demandsOf(list, now));
        },
      ),
      { numRuns: 2_000 },
    ));

  it("what is demanded is met by what each of them alone would take, and by nothing else", () =>
    fc.assert(
      fc.property(rules, anyFacts, anyProofs, (list, now, given) => {
        const together = unmetProofs(demandsOf(list, now), given).length === 0;
        const each = list.every((one) => unmetProofs(demandsOf([one], now), given).length === 0);
        expect(together).toBe(each);
        const alone = list.map((one) => waitOf(demandsOf([one], now), given));
        expect(waitOf(demandsOf(list, now), given)).toBe(Math.max(0, ...alone));
      }),
      { numRuns: 2_000 },
    ));

  it("another proof is never in the way", () =>
    fc.assert(
      fc.property(rules, anyFacts, anyProofs, fc.constantFrom(...PROOFS), (list, now, given, one) => {
        const demands = demandsOf(list, now);
        expect(unmetProofs(demands, [...given, one]).length).toBeLessThanOrEqual(unmetProofs(demands, given).length);
        expect(waitOf(demands, [...given, one])).toBeLessThanOrEqual(waitOf(demands, given));
      }),
      { numRuns: 1_000 },
    ));

  it("saying nothing of the phone is never a way around one of them", () =>
    fc.assert(
      fc.property(rules, anyFacts, (list, now) => {
        const silent = demandsOf(list, { ...now, because: undefined });
        const speaks = RESET_STORIES.map((because) => demandsOf(list, { ...now, because }));
        if (!silent.because) for (const said of speaks) expect({ ...said, because: false }).toEqual(silent);
      }),
      { numRuns: 2_000 },
    ));
});
