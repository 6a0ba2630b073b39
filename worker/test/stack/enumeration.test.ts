/**
 * Time is measured from outside: inside workerd the clock stands still between two requests of its own.
 *
 * Measured are those who must not learn which ids exist: whoever has not signed in, has no role, or may not reset. A
 * resetter is told, in so many words, whether a user exists and why one may not be reset, and reads the whole list.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../../../scripts/stack.mjs";

/** Of known ids, and as many of unknown ones. */
const SAMPLES = 200;
const MOST_SAMPLES = 2_000;
const ROUND = 20;
const TIME_LIMIT_MS = 240_000;
/** How far the medians may lie apart, as a part of the greater one. */
const TOLERANCE = 0.05;

let stack: Stack;
/** Ids that exist: of users, and of records. */
const users: string[] = [];
const records: string[] = [];

beforeAll(async () => {
  stack = await startStack({ build: false, vars: { RATE_LIMITS: "off" } });
  const amara = await headersOf("amara.lindqvist");
  const response = await fetch(`${stack.url}/api/users`, { headers: amara });
  const list = (await response.json()) as { users: { id: string; blocked?: object }[] };
  users.push(...list.users.map(({ id }) => id));
  for (const { id } of list.users.filter(({ blocked }) => blocked === undefined).slice(0, 8)) {
    const asked = await fetch(resetOf(id), { method: "POST", headers: amara, body: NOTE });
    records.push(asked.headers.get("X-Reset-Record") ?? "");
  }
  expect(records).toHaveLength(8);
  expect(records).not.toContain("");
}, 180_000);
afterAll(() => stack?.stop());

const NOTE = JSON.stringify({ reason: "Lost phone", verifiedBy: "Video call" });

const resetOf = (id: string) => `${stack.url}/v1/management/users/${id}/reset_device`;

/** What a person's page sends along; without a person, what one sends who has not signed in. */
async function headersOf(person?: string): Promise<Record<string, string>> {
  const headers = { Origin: stack.url, "Content-Type": "application/json" };
  if (person === undefined) return headers;
  const response = await fetch(`${stack.simulator.controlUrl}/access/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: `${person}@northwind.example` }),
  });
  const { token } = (await response.json()) as { token: string };
  return { ...headers, Cookie: `CF_Authorization=${token}` };
}

type Send = (id: string) => Promise<Response>;

/** Milliseconds until the whole answer is there. */
async function timeOf(send: Send, id: string, status: number): Promise<number> {
  const began = performance.now();
  const response = await send(id);
  await response.arrayBuffer();
  const time = performance.now() - began;
  expect(response.status).toBe(status);
  return time;
}

function median(list: number[]): number {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
}

/** How far the medians lie apart, as a part of the greater one; negative where known ids are answered faster. */
function apart(known: number[], unknown: number[]): number {
  const [one, other] = [median(known), median(unknown)];
  return (one - other) / Math.max(one, other);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The standard error of the mean. */
function uncertainty(values: number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * How far the medians of known and unknown ids lie apart: asked for in turn, so that the machine's moods meet both
 * alike, compared within each short round, since a busy machine changes its pace, and decided once, by all rounds. How
 * many rounds that takes is told by how much they differ among themselves, never by what comes out.
 */
async function difference(send: Send, known: string[], status: number): Promise<number> {
  const rounds: number[] = [];
  let samples = 0;
  do {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (const end = samples + ROUND; samples < end; samples++) {
      const id = known[samples % known.length] ?? "";
      for (const which of samples % 2 === 0 ? (["known", "unknown"] as const) : (["unknown", "known"] as const)) {
        times[which].push(await timeOf(send, which === "known" ? id : crypto.randomUUID(), status));
      }
    }
    rounds.push(apart(times.known, times.unknown));
  } while (samples < SAMPLES || (samples < MOST_SAMPLES && uncertainty(rounds) > TOLERANCE / 4));
  return Math.abs(mean(rounds));
}

describe("the time of an answer tells nothing of which ids exist", () => {
  const asking = async (person?: string): Promise<Send> => {
    const headers = await headersOf(person);
    return (id) => fetch(resetOf(id), { method: "POST", headers, body: NOTE });
  };
  const reading = async (person?: string): Promise<Send> => {
    const headers = await headersOf(person);
    return (id) => fetch(`${stack.url}/api/resets/${id}`, { headers });
  };

  it.each([
    ["whoever is not signed in", undefined, 401],
    ["whoever has no role", "eli.brandt", 403],
    ["a viewer", "priya.nair", 403],
  ])(
    "of users, to %s who asks for a reset",
    async (_, person, status) => {
      expect(await difference(await asking(person), users, status)).toBeLessThanOrEqual(TOLERANCE);
    },
    TIME_LIMIT_MS,
  );

  it.each([
    ["whoever is not signed in", undefined, 401],
    ["whoever has no role", "eli.brandt", 403],
  ])(
    "of records, to %s who reads one",
    async (_, person, status) => {
      expect(await difference(await reading(person), records, status)).toBeLessThanOrEqual(TOLERANCE);
    },
    TIME_LIMIT_MS,
  );

  it(
    "and the measure is fine enough to see a fifth more for an id that exists",
    async () => {
      const send = await reading("eli.brandt");
      const usual: number[] = [];
      for (let index = 0; index < SAMPLES; index++) usual.push(await timeOf(send, crypto.randomUUID(), 403));
      const fifth = median(usual) / 5;
      const known = new Set(records);
      const slower: Send = async (id) => {
        const response = await send(id);
        const until = performance.now() + (known.has(id) ? fifth : 0);
        while (performance.now() < until);
        return response;
      };
      expect(await difference(slower, records, 403)).toBeGreaterThan(TOLERANCE);
    },
    TIME_LIMIT_MS,
  );
});
