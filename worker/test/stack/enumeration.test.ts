/**
 * Time is measured from outside: inside workerd the clock stands still between two requests of its own.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stack, startStack } from "../../../scripts/stack.mjs";

const SAMPLES = 200;
/** A machine under load may spoil a run; what leaks spoils all. */
const RUNS = 4;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ build: false, vars: { RATE_LIMITS: "off" } });
}, 180_000);
afterAll(() => stack?.stop());

async function headersOf(email: string): Promise<Record<string, string>> {
  const response = await fetch(`${stack.simulator.controlUrl}/access/token`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email }),
  });
  const { token } = (await response.json()) as { token: string };
  return { Cookie: `CF_Authorization=${token}`, Origin: stack.url, "Content-Type": "application/json" };
}

const note = JSON.stringify({ reason: "Lost phone", verifiedBy: "Video call" });

async function userId(email: string): Promise<string> {
  const response = await fetch(`${stack.url}/v1/management/users`, {
    headers: await headersOf("amara.lindqvist@northwind.example"),
  });
  const { users } = (await response.json()) as { users: { id: string; email: string }[] };
  return users.find((user) => user.email === email)?.id ?? "";
}

/** How far the medians of known and unknown ids lie apart; in turn, so that the machine's moods meet both alike. */
async function difference(send: (id: string) => Promise<Response>, known: string): Promise<number> {
  const times = { known: [] as number[], unknown: [] as number[] };
  for (let index = 0; index < SAMPLES; index++) {
    for (const which of index % 2 === 0 ? (["known", "unknown"] as const) : (["unknown", "known"] as const)) {
      const id = which === "known" ? known : crypto.randomUUID();
      const started = performance.now();
      await (await send(id)).arrayBuffer();
      times[which].push(performance.now() - started);
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? Number.NaN;
  const [one, other] = [median(times.known), median(times.unknown)];
  return Math.abs(one - other) / Math.max(one, other);
}

async function expectAlike(send: (id: string) => Promise<Response>, known: string): Promise<void> {
  const differences: number[] = [];
  for (let run = 0; run < RUNS && !differences.some((each) => each <= 0.05); run++) {
    differences.push(await difference(send, known));
  }
  expect(Math.min(...differences)).toBeLessThanOrEqual(0.05);
}

describe("whoever has no role learns nothing from the time that an answer takes", () => {
  it("about users", async () => {
    const headers = await headersOf("eli.brandt@northwind.example");
    const known = await userId("noor.haddad@northwind.example");
    await expectAlike(
      (id) => fetch(`${stack.url}/v1/management/users/${id}/reset_device`, { method: "POST", headers, body: note }),
      known,
    );
  }, 120_000);

  it("about records", async () => {
    const amara = await headersOf("amara.lindqvist@northwind.example");
    const noor = await userId("noor.haddad@northwind.example");
    const made = await fetch(`${stack.url}/v1/management/users/${noor}/reset_device`, {
      method: "POST",
      headers: amara,
      body: note,
    });
    const record = made.headers.get("X-Reset-Record") ?? "";
    expect(record).not.toBe("");
    const headers = await headersOf("eli.brandt@northwind.example");
    await expectAlike((id) => fetch(`${stack.url}/api/resets/${id}`, { headers }), record);
  }, 120_000);
});
