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
  mendWrites,
  proposals,
  readDatabase,
  unfinished,
} from "./database.ts";
import { runFaults } from "./faults.ts";
import type { Random } from "./random.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import type { Found, Told } from "./verdict.ts";
import { isBack, killWorkerd } from "./workerd.ts";

/** Which of the simulator's answers to what Fireblocks does not document. */
export type Undocumented = "worst" | "mild";

const USERS = 400;
const RESETTERS = ["amara.lindqvist@northwind.example", "jonas.weber@northwind.example"] as const;
const CLIENTS = 4;
/** The sweep takes on twenty attempts a run; more runs than this mean that it does not get on. */
const CALM_SWEEPS = 60;
/** The sweep delivers twenty notifications a run: as many runs as a long storm's need, and half as many again. */
const NOTIFYING_SWEEPS = 1_500;
/** From half of the kills on. */
const SECOND_PERSON = { REQUIRE_SECOND_PERSON: "true" };

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
  locks: number;
  sweeps: number;
  seconds: number;
}

export interface Calm {
  found: Found;
  integrity: string;
  /** Attempts that the storm left without an answer. */
  leftBehind: number;
}

/** Starts a stack and lets the storm go on until workerd was killed `kills` times. */
export async function raiseStorm(undocumented: Undocumented, kills: number, random: Random): Promise<Storm> {
  const receiver = await startReceiver(random.fork());
  const stack = await startStack({
    users: USERS,
    build: false,
    log: join(localFolder, "chaos", undocumented),
    vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000000", UPSTREAM_TIMEOUT_MS: "4000", ...receiver.vars },
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
  const userIds = await eligibleUsers(stack, tokens[0] ?? "");
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
    locks: 0,
    sweeps: 0,
    seconds: 0,
  };
  const began = Date.now();
  const end = new AbortController();
  const raging = Promise.all([
    ...Array.from({ length: CLIENTS }, (_, index) =>
      runClient(
        {
          url: stack.url,
          token: tokens[index % tokens.length] ?? "",
          secondToken: tokens[(index + 1) % tokens.length] ?? "",
          userIds,
          random: random.fork(),
          reference: `client ${index}`,
        },
        storm.told,
        end.signal,
      ),
    ),
    runFaults(simulator, random.fork(), end.signal).then((ordered) => {
      storm.faults = ordered;
    }),
    runLocks(storm, random.fork(), end.signal),
    runSweeps(storm, random.fork(), end.signal),
  ]);
  // Whatever fails in the storm itself must end it at once, not when all kills are done.
  await Promise.race([runKills(storm, kills, random.fork()), raging]).finally(() => end.abort());
  await raging;
  mendWrites(stack);
  storm.seconds = (Date.now() - began) / 1_000;
  return storm;
}

async function eligibleUsers(stack: Stack, token: string): Promise<string[]> {
  const response = await fetch(`${stack.url}/api/users`, {
    headers: { "Cf-Access-Jwt-Assertion": token, Origin: stack.url },
  });
  if (!response.ok) throw new Error(`the worker does not tell its users: ${response.status} ${await response.text()}`);
  const { users } = (await response.json()) as { users: { id: string; blocked?: object }[] };
  return users.filter((user) => user.blocked === undefined).map((user) => user.id);
}

async function runKills(storm: Storm, kills: number, random: Random): Promise<void> {
  const { stack, simulator } = storm;
  const half = Math.floor(kills / 2);
  let vars: Record<string, string> = {};
  while (storm.kills < kills) {
    if (storm.kills >= half && vars !== SECOND_PERSON) {
      vars = SECOND_PERSON;
      await stack.restartWorker({ vars });
    }
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
      await stack.restartWorker({ vars });
    } else {
      storm.recoveries.push(recovery);
    }
  }
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
  await stack.restartWorker();
  const { count: leftBehind } = unfinished(stack);
  for (let run = 0; run < CALM_SWEEPS; run++) {
    const { count, leaseUntil } = unfinished(stack);
    if (count === 0) break;
    await pause(Math.max(0, leaseUntil - Date.now()) + 100);
    await stack.runScheduled();
  }
  await stack.runScheduled();
  await withdrawProposals(storm);
  for (let run = 0; run < NOTIFYING_SWEEPS && hurryNotifications(stack) > 0; run++) await stack.runScheduled();
  const { integrity, ...durable } = readDatabase(stack);
  const found = { ...durable, approvals: await simulator.approvals(), told: storm.told, heard: storm.receiver.heard };
  return { found, integrity, leftBehind };
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
