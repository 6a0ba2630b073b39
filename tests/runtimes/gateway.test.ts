// `./worker` in a Worker of a consumer's: mounted under a path, with another name for its database, in the bundle of
// wrangler, on the packaged migrations.

import { afterAll, beforeAll, expect, test } from "vitest";
import { Workshop } from "./support/consumer.ts";
import { serveGateway } from "./support/gateway-worker.ts";
import { Simulator, type Task } from "./support/simulator.ts";
import type { RunningWorker } from "./support/workerd.ts";

const ASKER = "amara.lindqvist@northwind.example";

let workshop: Workshop;
let simulator: Simulator;
let worker: RunningWorker;
let task: Task;

beforeAll(async () => {
  workshop = new Workshop();
  await workshop.pack();
  simulator = await Simulator.start();
  task = await simulator.task();
  const folder = await workshop.consumer("gateway", ["gateway.ts"]);
  worker = await serveGateway(folder, {
    FIREBLOCKS_BASE_PATH: task.basePath,
    FIREBLOCKS_API_KEY: task.apiKey,
    FIREBLOCKS_SECRET_KEY: task.secretKey,
    ACCESS_TEAM_DOMAIN: simulator.line.teamDomain,
    ACCESS_AUD: simulator.line.audience,
    ROLES: JSON.stringify({ resetter: [ASKER] }),
    RATE_LIMITS: "off",
  });
});

afterAll(async () => {
  await worker?.stop();
  await simulator?.stop();
  workshop?.remove();
});

test("the Worker keeps its own paths", async () => {
  expect(await (await fetch(worker.url)).text()).toBe("the Worker's own");
});

test("the gateway makes a signed reset, records it, and its sweep learns how it goes on", async () => {
  const headers = {
    Cookie: `CF_Authorization=${await simulator.accessToken(ASKER)}`,
    Origin: new URL(worker.url).origin,
    "Content-Type": "application/json",
    "Idempotency-Key": task.idempotencyKey,
  };
  const asked = await fetch(`${worker.url}fireblocks/v1/management/users/${task.userId}/reset_device`, {
    method: "POST",
    headers,
    body: JSON.stringify({ reason: "Phone lost", verifiedBy: "Video call" }),
  });
  expect(asked.status, await asked.text()).toBe(200);
  expect(await simulator.resetsOf(task)).toMatchObject([{ status: 200, effect: true, jwt: { verified: true } }]);

  const record = asked.headers.get("X-Reset-Record");
  const stateOf = async () => {
    const response = await fetch(`${worker.url}fireblocks/api/resets/${record}`, { headers });
    return ((await response.json()) as { state: string }).state;
  };
  expect(await stateOf()).toBe("approvalRequested");

  await simulator.rejectReset(task);
  // It was rejected before the sweep saw it wait, so the audit log alone tells, once no row of it can be late any more.
  await expect
    .poll(
      async () => {
        expect((await fetch(`${worker.url}cdn-cgi/handler/scheduled`)).ok).toBe(true);
        return stateOf();
      },
      { timeout: 180_000, interval: 1_000 },
    )
    .toBe("rejected");
}, 240_000);
