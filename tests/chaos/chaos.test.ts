/**
 * The whole stack in a storm of kills, cuts and failing writes, of another API key, Fireblocks' limit, a slow limiter and a dead
 * sweep, in which some prove by a code who they are; then what is durable, held against what was filed and what was told. From
 * half of the kills on, a second person is required.
 *
 * CHAOS_KILLS: how often workerd is killed, in each of the simulator's two settings. CHAOS_SEED: repeats a run's choices.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "./support/random.ts";
import { AFTER_GAP, COOL_DOWN, givenUp, NO_TIME, OTHER_KEY, report, withCode } from "./support/report.ts";
import { type Calm, calmDown, endStorm, raiseStorm, type Storm } from "./support/storm.ts";
import { kindOf, NO_MATCH, ruleNames, rules } from "./support/verdict.ts";

const kills = Number(process.env.CHAOS_KILLS ?? 5);
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));
const settings = ["worst", "mild"] as const;

const storms: Storm[] = [];
const calms = new Map<string, { storm: Storm; calm: Calm }>();

beforeAll(async () => {
  console.log(`seed ${seed}, ${kills} kills in each setting`);
  const random = new Random(seed);
  // At the same time, since a storm is mostly waiting. Both come to their end, or nobody would end the other's stack.
  const ends = await Promise.allSettled(
    settings.map(async (undocumented) => {
      const storm = await raiseStorm(undocumented, kills, random.fork());
      storms.push(storm);
      const calm = await calmDown(storm);
      calms.set(undocumented, { storm, calm });
      console.log(report(storm, calm));
    }),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
});

afterAll(() => Promise.all(storms.map(endStorm)));

describe.each(settings)("after a storm with the simulator's %s answers", (undocumented) => {
  const result = () => {
    const found = calms.get(undocumented);
    if (found === undefined) throw new Error("the storm did not come to its end");
    return found;
  };

  it.each(ruleNames)("%s", (name) => expect(rules[name](result().calm.found)).toEqual([]));

  it("the database is sound", () => expect(result().calm.integrity).toBe("ok"));

  it("there was a storm", () => {
    const { storm, calm } = result();
    const { resets, events, told, heard } = calm.found;
    expect(storm.kills).toBe(kills);
    expect(storm.faults).toBeGreaterThan(0);
    expect(storm.locks).toBeGreaterThan(0);
    expect(calm.leftBehind).toBeGreaterThan(0);
    expect(resets.filter((reset) => kindOf(reset) === "accepted").length).toBeGreaterThan(kills / 2);
    expect(events.filter((line) => line.event === "released").length).toBeGreaterThan(0);
    expect(events.filter((line) => line.event === "left").length).toBeGreaterThan(0);
    expect(heard.filter((message) => !message.taken).length).toBeGreaterThan(0);
    expect(told.filter((line) => line.status === undefined).length).toBeGreaterThan(0);
  });

  it("the API key was replaced, Fireblocks' limit met, the limiter slow and the sweep dead", () => {
    const { storm, calm } = result();
    const { told, beforeGap } = calm.found;
    expect(storm.rotations).toBe(2);
    expect(givenUp(calm.found, OTHER_KEY)).toBeGreaterThan(0);
    expect(storm.limitStorms).toBeGreaterThan(0);
    expect(withCode(told, COOL_DOWN)).toBeGreaterThan(0);
    expect(withCode(told, NO_TIME)).toBeGreaterThan(0);
    expect(calm.healthOfDead).toBe(503);
    expect(beforeGap.length).toBeGreaterThan(0);
    expect(givenUp(calm.found, AFTER_GAP)).toBe(beforeGap.length);
  });
});

it("people were helped by matches in the storms and denied them, codes were guessed at, and matches given again", () => {
  const found = [...calms.values()].map(({ calm }) => calm.found);
  const events = found.flatMap(({ helpEvents }) => helpEvents);
  for (const name of ["codeWrong", "matched", "confirmed", "denied", "used"]) {
    expect(events.filter(({ event }) => event === name).length, name).toBeGreaterThan(0);
  }
  const told = found.flatMap((line) => line.told);
  expect(withCode(told, NO_MATCH)).toBeGreaterThan(0);
});
