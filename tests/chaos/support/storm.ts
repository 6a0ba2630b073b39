/** The storm: everything that can fail does, at random moments, while people ask for resets. Then calm, and the sweep. */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { localFolder } from "../../../scripts/base/environment.mjs";
import { type Stack, startStack } from "../../../scripts/stack.mjs";
import { Simulator } from "../../e2e/support/simulator.ts";
import { runClient } from "./clients.ts";
import {
  failWrites,
  holdWriteLock,
  hurryNotifications,
  letSweepBeDead,
  mendWrites,
  proposals,
  readDatabase,
  unfinished,
} from "./database.ts";
import { runFaults, runLimitStorms } from "./faults.ts";
import type { Random } from "./random.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import type { Found, Told } from "./verdict.ts";
import { isBack, killWorkerd } from "./workerd.ts";

/** Which of the simulator's answers to what Fireblocks does not document. */
export type Undocumented = "worst" | "mild";

const USERS = 400;
const RESETTERS = ["amara.lindqvist@northwind.example", "jonas.weber@northwind.example"] as const;
const CLIENTS = 8;
/** Clients beside them that help. Each has one code guessed at: three tries count, and a resetter may be wrong ten times an hour. */
const HELPERS = 4;
/** The sweep takes on fifteen attempts a run; more runs than this mean that it does not get on. */
const CALM_SWEEPS = 60;
/** The sweep delivers ten notifications a run: as many runs as a long storm's need, and half as many again. */
const NOTIFYING_SWEEPS = 3_000;
/** For so long health tells what it has found before. */
const HEALTH_KEPT_MS = 61_000;
/** From half of the kills on: a second person, and a wait of some seconds after that. */
const SECOND_PERSON = {
  REQUIRE_SECOND_PERSON: "true",
  POLICY: JSON.stringify([{ name: "Waits", demand: { wait: { minutes: 0.05 } } }]),
};
/** The worker, whose limiter can be made slow. */
const ENTRY = "worker/test/setup/slow-limiter.ts";
const SLOW_LIMITER = { CHAOS_SLOW_LIMITER: "true" };
/** Longer than the worker keeps anybody waiting, and than its slowest limiter takes. */
const SLOW_MS = 32_000;
/** After these shares of the kills the API user is replaced. */
const ROTATIONS = [0.2, 0.7];
/** Resets that are filed while their answer is lost, just before the API user is replaced, and before the storm ends. */
const CUT_AT_LAST = 4;
const CUTTING_MS = 6_000;
/** For so long the first of them is waited for, where the machine is slow. */
const CUT_WITHIN_MS = 15_000;

export interface Storm {
  undocumented: Undocumented;
  stack: Stack;
  simulator: Simulator;
  receiver: Receiver;
  /** Of a resetter. */
  token: string;
  told: Told[];
  kills: number;
  /** Milliseconds until the worker answered again, for each kill. */
  recoveries: number[];
  /** Times that wrangler had to be started again, since it did not bring its workerd back. */
  restarts: number;
  faults: number;
  /** Times that everything that was asked of Fireblocks met its limit. */
  limitStorms: number;
  /** Times that the API user was replaced. */
  rotations: number;
  locks: number;
  sweeps: number;
  seconds: number;
  /** What the worker runs with now. */
  settings: { vars: Record<string, string>; secrets: Record<string, string> };
}

export interface Calm {
  found: Found;
  integrity: string;
  /** Attempts that the storm left without an answer. */
  leftBehind: number;
  /** What health answered while the sweep was dead. */
  healthOfDead: number;
}

/** Starts a stack and lets the storm go on until workerd was killed `kills` times. */
export async function raiseStorm(undocumented: Undocumented, kills: number, random: Random): Promise<Storm> {
  const receiver = await startReceiver(random.fork());
  const stack = await startStack({
    users: USERS,
    build: false,
    entry: ENTRY,
    log: join(localFolder, "chaos", undocumented),
    vars: { RATE_LIMITS: "on", DAILY_RESET_LIMIT: "1000000", UPSTREAM_TIMEOUT_MS: "4000", ...receiver.vars },
  }).catch((error: unknown) => {
    receiver.close();
    throw error;
  });
  try {
    return await rage(stack, receiver, undocumented, kills, random);
  } catch (error) {
    await stack.stop();
    receiver.close();
    throw error;
  }
}

export async function endStorm({ stack, receiver }: Storm): Promise<void> {
  await stack.stop();
  receiver.close();
}

async function rage(
  stack: Stack,
  receiver: Receiver,
  undocumented: Undocumented,
  kills: number,
  random: Random,
): Promise<Storm> {
  const simulator = new Simulator(stack.simulator);
  await simulator.change({
    undocumented,
    // Approved and paired soon, so that the same user is asked for again and the sweep has much to follow.
    approveAfterSeconds: 1,
    pairAfterSeconds: 1,
    setupAfterSeconds: 1,
    rateLimitPerMinute: { write: 100_000, query: 100_000, read: 100_000 },
  });
  const tokens = await Promise.all(RESETTERS.map((email) => simulator.accessToken(email)));
  const emails = await eligibleUsers(stack, tokens[0] ?? "");
  const userIds = [...emails.keys()];
  failWrites(stack);

  const storm: Storm = {
    undocumented,
    stack,
    simulator,
    receiver,
    token: tokens[0] ?? "",
    told: [],
    kills: 0,
    recoveries: [],
    restarts: 0,
    faults: 0,
    limitStorms: 0,
    rotations: 0,
    locks: 0,
    sweeps: 0,
    seconds: 0,
    settings: { vars: {}, secrets: {} },
  };
  const began = Date.now();
  const end = new AbortController();
  const raging = Promise.all([
    ...Array.from({ length: CLIENTS + HELPERS }, (_, index) =>
      runClient(
        {
          url: stack.url,
          token: tokens[index % tokens.length] ?? "",
          secondToken: tokens[(index + 1) % tokens.length] ?? "",
          userIds,
          tokenOf: (userId) => simulator.accessToken(emails.get(userId) ?? ""),
          random: random.fork(),
          helps: index >= CLIENTS,
          reference: `client ${index}`,
        },
        storm.told,
        end.signal,
      ),
    ),
    runFaults(simulator, random.fork(), end.signal).then((ordered) => {
      storm.faults = ordered;
    }),
    runLimitStorms(simulator, random.fork(), end.signal).then((storms) => {
      storm.limitStorms = storms;
    }),
    runLocks(storm, random.fork(), end.signal),
    runSweeps(storm, random.fork(), end.signal),
  ]);
  // Whatever fails in the storm itself must end it at once, not when all kills are done.
  const phases = runKills(storm, kills, random.fork()).then(() => slowLimiter(storm));
  await Promise.race([phases, raging]).finally(() => end.abort());
  await raging;
  // What was ordered last.
  await simulator.clearFaults();
  mendWrites(stack);
  storm.seconds = (Date.now() - began) / 1_000;
  return storm;
}

/** By id, with the e-mail that each signs in with. */
async function eligibleUsers(stack: Stack, token: string): Promise<Map<string, string>> {
  const response = await fetch(`${stack.url}/api/users`, {
    headers: { "Cf-Access-Jwt-Assertion": token, Origin: stack.url },
  });
  if (!response.ok) throw new Error(`the worker does not tell its users: ${response.status} ${await response.text()}`);
  const { users } = (await response.json()) as { users: { id: string; email?: string; blocked?: object }[] };
  return new Map(users.filter((user) => user.blocked === undefined).map(({ id, email = "" }) => [id, email]));
}

async function runKills(storm: Storm, kills: number, random: Random): Promise<void> {
  const { stack, simulator } = storm;
  const half = Math.floor(kills / 2);
  const rotations = ROTATIONS.map((share) => Math.ceil(kills * share));
  while (storm.kills < kills) {
    if (storm.kills >= half && !("REQUIRE_SECOND_PERSON" in storm.settings.vars)) {
      storm.settings.vars = SECOND_PERSON;
      await stack.restartWorker(storm.settings);
    }
    if (storm.kills >= (rotations[storm.rotations] ?? Number.POSITIVE_INFINITY)) await rotateKey(storm);
    // Half of the kills fall where they fall; the others while a reset is surely on its way or on its way back.
    if (random.chance(0.5)) {
      const side = random.chance(0.5) ? "delayMs" : "delayAfterMs";
      await simulator.order({ match: { operation: "resetDevice" }, [side]: 1_500 });
    }
    await pause(random.between(50, 2_000));
    const killed = killWorkerd(stack);
    if (killed === undefined) continue;
    storm.kills += 1;
    // A runtime that is killed while it starts is given up by wrangler, so the next kill waits for this one's end.
    const recovery = await isBack(stack, killed);
    if (recovery === undefined) {
      storm.restarts += 1;
      await stack.restartWorker(storm.settings);
    } else {
      storm.recoveries.push(recovery);
    }
  }
}

/** Another API user takes over, while resets of the one before are filed and their answers lost. */
async function rotateKey(storm: Storm): Promise<void> {
  const { stack, simulator } = storm;
  await cutAnswers(storm, 1_500);
  const { apiKey, secretKey } = await simulator.makeApiKey("NON_SIGNING_ADMIN");
  storm.settings.secrets = { FIREBLOCKS_API_KEY: apiKey, FIREBLOCKS_SECRET_KEY: secretKey };
  await stack.restartWorker(storm.settings);
  storm.rotations += 1;
}

/** People go on asking, while the limiter keeps some of them waiting until they were told that the checks take too long. */
async function slowLimiter(storm: Storm): Promise<void> {
  const { stack, settings } = storm;
  await stack.restartWorker({ ...settings, vars: { ...settings.vars, ...SLOW_LIMITER } });
  await pause(SLOW_MS - CUTTING_MS);
  await cutAnswers(storm, CUTTING_MS);
}

/** The next answers are lost, with their effect done: of one at least, and of whatever comes within the time. */
async function cutAnswers(storm: Storm, milliseconds: number): Promise<void> {
  await storm.simulator.order({ match: { operation: "resetDevice" }, cut: "afterEffect", times: CUT_AT_LAST });
  await pause(milliseconds);
  for (const until = Date.now() + CUT_WITHIN_MS; Date.now() < until && !(await isCutTaken(storm)); ) await pause(250);
}

async function isCutTaken({ simulator }: Storm): Promise<boolean> {
  return !(await simulator.orderedFaults()).some(({ times }) => times === CUT_AT_LAST);
}

async function runLocks(storm: Storm, random: Random, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await pause(random.between(500, 4_000));
    if (await holdWriteLock(storm.stack, random.between(50, 1_500))) storm.locks += 1;
  }
}

async function runSweeps(storm: Storm, random: Random, stopped: AbortSignal): Promise<void> {
  while (!stopped.aborted) {
    await pause(random.between(500, 5_000));
    // The worker may be away.
    await storm.stack.runScheduled().then(
      () => {
        storm.sweeps += 1;
      },
      () => undefined,
    );
  }
}

/** Waits until no lease runs any more, and lets the sweep run until nothing is unfinished. Then reads what is durable. */
export async function calmDown(storm: Storm): Promise<Calm> {
  const { stack, simulator } = storm;
  // A request that the storm left on its way may still arrive; nothing else fails from here on.
  await stack.restartWorker(storm.settings);
  const { count: leftBehind } = unfinished(stack);
  const beforeGap = letSweepBeDead(stack);
  // Leases run out meanwhile.
  await pause(HEALTH_KEPT_MS);
  const { status: healthOfDead } = await fetch(`${stack.url}/api/health`);
  // Somebody's wait begins when they were told of it, and what a killed worker was about to tell is claimed for minutes.
  await tellAll(stack);
  for (let run = 0; run < CALM_SWEEPS; run++) {
    const { count, until } = unfinished(stack);
    if (count === 0) break;
    await pause(Math.max(0, until - Date.now()) + 100);
    await stack.runScheduled();
  }
  await stack.runScheduled();
  await withdrawProposals(storm);
  await tellAll(stack);
  const { integrity, ...durable } = readDatabase(stack);
  const approvals = await simulator.approvals();
  const found = { ...durable, approvals, told: storm.told, heard: storm.receiver.heard, beforeGap };
  return { found, integrity, leftBehind, healthOfDead };
}

async function tellAll(stack: Stack): Promise<void> {
  for (let run = 0; run < NOTIFYING_SWEEPS && hurryNotifications(stack) > 0; run++) await stack.runScheduled();
}

async function withdrawProposals({ stack, token }: Storm): Promise<void> {
  for (const id of proposals(stack)) {
    const response = await fetch(`${stack.url}/api/resets/${id}/withdraw`, {
      method: "POST",
      headers: { "Cf-Access-Jwt-Assertion": token, "Content-Type": "application/json", Origin: stack.url },
      body: JSON.stringify({ reason: "Nobody released it" }),
    });
    if (response.status !== 204)
      throw new Error(`a proposal is not withdrawn: ${response.status} ${await response.text()}`);
  }
}
