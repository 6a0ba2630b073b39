/** A test in one engine: a browser that knows nothing, the stack that all engines share, and users whom no other one takes. */
import { writeFileSync } from "node:fs";
import { test as base, expect } from "@playwright/test";
import type { UserList, UserRow } from "fireblocks-reset-device/gateway-api";
import type { EngineName } from "../../../../scripts/setup/engines.mjs";
import type { SimulatorLine } from "../../../../scripts/stack.mjs";
import { Simulator } from "../../support/simulator.ts";
import { Engine } from "./engine.ts";
import { Person } from "./person.ts";

export { expect };

export const NOTE = {
  verifiedBy: "Video call, compared with the badge photo",
  reason: "Phone lost on a train",
  reference: "HELP-4711",
};

const AMARA = "amara.lindqvist";

export interface EngineOptions {
  engineName: EngineName;
}

interface WorkerFixtures extends EngineOptions {
  stack: { url: string; simulator: SimulatorLine };
  simulator: Simulator;
  /** The ids of the users that the tests of this process took. */
  taken: Set<string>;
}

interface Fixtures {
  /** The engine's driver. Each test has one of its own: WebKit's does not always take a second session. */
  engine: Engine;
  person: Person;
  /** Signs somebody in by the cookie that Access would set. The browser is on the page's origin afterwards. */
  signIn: (who?: string) => Promise<void>;
  /** A user who may be reset and has no open reset. */
  freshUser: () => Promise<UserRow>;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engineName: ["Chromium", { option: true, scope: "worker" }],
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => use(JSON.parse(process.env.ENGINES_STACK ?? "")),
    { scope: "worker" },
  ],
  simulator: [async ({ stack }, use) => use(new Simulator(stack.simulator)), { scope: "worker" }],
  taken: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => use(new Set()),
    { scope: "worker" },
  ],
  engine: async ({ engineName }, use) => {
    const engine = await Engine.start(engineName);
    await use(engine);
    await engine.stop();
  },
  person: async ({ engine }, use, testInfo) => {
    const driver = await engine.open();
    await use(new Person(driver));
    if (testInfo.status !== testInfo.expectedStatus) {
      const picture = await driver.takeScreenshot().catch(() => undefined);
      if (picture) writeFileSync(testInfo.outputPath("failed.png"), picture, "base64");
    }
  },
  signIn: async ({ person, stack, simulator }, use) =>
    use(async (who = AMARA) => {
      const value = await simulator.accessToken(`${who}@northwind.example`);
      // A cookie can be set for the page that is open alone.
      await person.driver.get(`${stack.url}/favicon.svg`);
      await person.driver
        .manage()
        .addCookie({ name: "CF_Authorization", value, path: "/", httpOnly: true, sameSite: "Lax" });
    }),
  freshUser: async ({ stack, simulator, taken }, use, { config, parallelIndex }) =>
    use(async () => {
      const token = await simulator.accessToken(`${AMARA}@northwind.example`);
      const headers = { Cookie: `CF_Authorization=${token}`, Origin: stack.url };
      const response = await fetch(`${stack.url}/api/users`, { headers });
      const { users } = (await response.json()) as UserList;
      const isFree = ({ id, blocked, warning, openReset, status, email }: UserRow) =>
        !taken.has(id) && !blocked && !warning && !openReset && status === "READY" && !email?.startsWith("jonas.");
      // Tests that run at the same time have users of their own, those of one engine too.
      const free = users.filter((user, index) => index % config.workers === parallelIndex && isFree(user));
      for (const user of free) {
        taken.add(user.id);
        // A test that failed took its worker with it, and what that one knew of the users it had taken.
        if ((await simulator.approvals(user.id)).length === 0) return user;
      }
      throw new Error("No user is left who can be reset.");
    }),
});

export const nameOf = ({ firstName, lastName }: UserRow): string => `${firstName} ${lastName}`;
