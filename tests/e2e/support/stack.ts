/** A running stack, and a person at the page. */
import { DatabaseSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import type { ResetEvent, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { callAsOwnPage } from "../../../scripts/screenshots/own-page.mjs";
import { type Stack, type StackOptions, startStack } from "../../../scripts/stack.mjs";
import { Simulator } from "./simulator.ts";

/** How long the worker's scheduled handler rests at least between two runs; on Cloudflare it is run once a minute. */
const SCHEDULE_MS = 500;

interface WorkerFixtures {
  stackOptions: StackOptions;
  /** Whether the sweep runs by itself. */
  scheduled: boolean;
  stack: Stack;
  simulator: Simulator;
}

export const test = base.extend<object, WorkerFixtures>({
  baseURL: async ({ stack }, use) => use(stack.url),
  stackOptions: [
    { users: 60, approveAfter: null },
    { option: true, scope: "worker" },
  ],
  scheduled: [true, { option: true, scope: "worker" }],
  stack: [
    async ({ stackOptions, scheduled }, use) => {
      const { stack, stop } = await startTestStack(stackOptions, scheduled);
      await use(stack);
      await stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  simulator: [async ({ stack }, use) => use(new Simulator(stack.simulator)), { scope: "worker" }],
  context: async ({ context, stack }, use) => {
    callAsOwnPage(context, stack.url);
    await use(context);
    // The page may have asked again since: what still waits for the answer is not to fail a test that is over.
    await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
  },
});

export { expect };

/** Starts a stack; `scheduled`: its sweep runs by itself. */
export async function startTestStack(
  options: StackOptions,
  scheduled = true,
): Promise<{ stack: Stack; stop: () => Promise<void> }> {
  // The test run has built everything before.
  const stack = await startStack({ build: false, ...options });
  const endSchedule = scheduled ? runSchedule(stack) : undefined;
  const stop = async () => {
    await endSchedule?.();
    await stack.stop();
  };
  return { stack, stop };
}

/** Returns what ends it. */
function runSchedule(stack: Stack): () => Promise<void> {
  let ended = false;
  // One after the other, as on Cloudflare: on a busy machine they would pile up.
  const schedule = (async () => {
    while (!ended) {
      const began = performance.now();
      await stack.runScheduled().catch(() => undefined);
      // A sweep of many records on a slow machine leaves the page most of its time.
      await setTimeout(Math.max(SCHEDULE_MS, 2 * (performance.now() - began)));
    }
  })();
  return () => {
    ended = true;
    return schedule;
  };
}

/** Signs in as one of the seeded people, the way a person does. */
export async function signIn(page: Page, stack: Stack, person: string): Promise<void> {
  await page.goto(stack.url);
  await page
    .getByRole("link", { name: "Sign in" })
    .or(page.getByRole("button", { name: "Sign in" }))
    .first()
    .click();
  await page.getByText(`${person}@northwind.example`).first().click();
  await page.waitForURL(`${stack.url}/**`);
}

/** What an open dialog holds: slotted into the element with the role, and so no descendant of it. */
export function contentOfDialog(page: Page): Locator {
  return page.locator("wa-dialog");
}

/** What the worker tells this person about a reset. */
export async function recordOf(page: Page, id: string): Promise<ResetRecord> {
  const response = await page.request.get(`/api/resets/${id}`);
  expect(response.status()).toBe(200);
  return response.json();
}

/** What D1 holds about a reset, read from its file, past the worker. */
export function storedReset(
  stack: Stack,
  id: string,
): { row: Record<string, unknown>; events: Record<string, unknown>[] } {
  const database = new DatabaseSync(stack.databaseFile(), { readOnly: true });
  try {
    const row = database.prepare("SELECT * FROM resets WHERE id = ?").get(id) as Record<string, unknown>;
    const events = database.prepare("SELECT * FROM events WHERE reset_id = ? ORDER BY seq").all(id) as Record<
      string,
      unknown
    >[];
    return { row, events };
  } finally {
    database.close();
  }
}

/**
 * Lets hours pass for one reset: in the workspace, and by what D1 holds of its ends, past the worker, whose clock is the
 * machine's.
 */
export async function letTimePass(stack: Stack, simulator: Simulator, id: string, hours: number): Promise<void> {
  const database = new DatabaseSync(stack.databaseFile(), { timeout: 10_000 });
  try {
    database
      .prepare(
        `UPDATE resets SET proposal_expires_at = proposal_expires_at - :passed, request_expires_at = request_expires_at - :passed,
           statuses = (SELECT json_group_array(json_set(value, '$.at', json_extract(value, '$.at') - :passed))
                       FROM json_each(statuses))
         WHERE id = :id`,
      )
      .run({ passed: hours * 3_600_000, id });
  } finally {
    database.close();
  }
  await simulator.letPass(hours);
}

/** The names of a record's events, oldest first. */
export function eventNames(events: ResetEvent[] = []): string[] {
  return events.map(({ event }) => event);
}
