/** A signed-in person at the page, and what they do there. */
import { AxeBuilder } from "@axe-core/playwright";
import type { BrowserContext, Page } from "@playwright/test";
import type { ResetRecord, UserRow } from "fireblocks-reset-device/gateway-api";
import { confirmButton, fillDialog as fill, USERS_LIST } from "../../../scripts/screenshots/states.mjs";
import type { Simulator } from "../support/simulator.ts";
import { expect, test as stackTest } from "../support/stack.ts";

export { contentOfDialog, recordOf } from "../support/stack.ts";
export { confirmButton, expect, USERS_LIST };

export const NOTE = {
  verifiedBy: "Video call, compared with the badge photo",
  reason: "Phone lost on a train",
  reference: "HELP-4711",
};

/** In the workspace: enough that one is left for each test. */
export const USERS = 160;

interface Fixtures {
  /** Users of the workspace, of any role or of one, who may be reset and have no open reset; each call gives another one. */
  freshUser: (role?: string) => Promise<UserRow>;
  /** Signs a person in, in a context of the test's own or in another. */
  as: (person: string, context?: BrowserContext) => Promise<void>;
  /** Violations of the Content-Security-Policy so far, in every page of the test's context. */
  cspReports: string[];
}

interface WorkerFixtures {
  /** The ids that earlier tests took. */
  taken: Set<string>;
}

export const test = stackTest.extend<Fixtures, WorkerFixtures>({
  taken: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => use(new Set()),
    { scope: "worker" },
  ],
  stackOptions: [
    { users: USERS, approveAfter: null, vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000" } },
    { scope: "worker" },
  ],
  as: async ({ context, stack, simulator }, use) => {
    // People pair when the test says so.
    await simulator.change({ pairAfterSeconds: null, setupAfterSeconds: null });
    await use(async (person, other = context) => {
      const value = await simulator.accessToken(`${person}@northwind.example`);
      await other.addCookies([
        { name: "CF_Authorization", value, domain: "127.0.0.1", path: "/", httpOnly: true, sameSite: "Lax" },
      ]);
      expect(stack.url).toContain("127.0.0.1");
    });
  },
  freshUser: async ({ stack, simulator, taken }, use) =>
    use(async (wanted) => {
      const headers = await personHeaders(stack.url, simulator, "amara.lindqvist");
      const response = await fetch(`${stack.url}/api/users`, { headers });
      const { users } = (await response.json()) as { users: UserRow[] };
      const free = users.find(
        ({ id, blocked, warning, openReset, status, email, role }) =>
          !taken.has(id) &&
          (wanted === undefined || role === wanted) &&
          !blocked &&
          !warning &&
          !openReset &&
          status === "READY" &&
          !/^(jonas|margaret|noor)\./.test(email ?? ""),
      );
      if (!free) throw new Error("No user is left who can be reset.");
      taken.add(free.id);
      return free;
    }),
  cspReports: [
    async ({ context }, use) => {
      const reports = await cspReportsOf(context);
      await use(reports);
      expect(reports, "violations of the Content-Security-Policy").toEqual([]);
    },
    { auto: true },
  ],
});

/** Where the violations of each context are told; a context may serve many tests. */
const reportsOf = new WeakMap<BrowserContext, string[]>();

async function cspReportsOf(context: BrowserContext): Promise<string[]> {
  const known = reportsOf.get(context);
  if (known) {
    known.length = 0;
    return known;
  }
  const reports: string[] = [];
  reportsOf.set(context, reports);
  await context.exposeFunction("cspReported", (report: string) => reports.push(report));
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
      (window as unknown as { cspReported: (report: string) => void }).cspReported(
        `${violatedDirective} ${blockedURI} ${sourceFile}`,
      ),
    );
  });
  return reports;
}

export const nameOf = ({ firstName, lastName }: UserRow): string => `${firstName} ${lastName}`;

/** Opens the dialog of a user by its address, as a link that was sent would. */
export async function openDialog(page: Page, user: UserRow): Promise<void> {
  await page.goto(`/?reset=${user.id}`);
  await expect(page.getByRole("dialog", { name: `Reset the mobile device of ${nameOf(user)}?` })).toBeVisible();
}

/** Fills what the dialog asks for with {@link NOTE}. */
export const fillDialog = (page: Page, user: UserRow): Promise<void> => fill(page, user, NOTE);

export async function onRecord(page: Page): Promise<string> {
  await page.waitForURL(/\/resets\/[0-9a-f-]{36}$/);
  return page.url().split("/").at(-1) ?? "";
}

/** Asks for a reset through the page, up to its record. */
export async function requestReset(page: Page, user: UserRow): Promise<string> {
  await openDialog(page, user);
  await fillDialog(page, user);
  await confirmButton(page).click();
  return onRecord(page);
}

/** What a person's page sends along by itself. */
export async function personHeaders(
  stackUrl: string,
  simulator: Simulator,
  person: string,
): Promise<Record<string, string>> {
  const token = await simulator.accessToken(`${person}@northwind.example`);
  return { Cookie: `CF_Authorization=${token}`, Origin: stackUrl };
}

/** Asks for a reset past the page, as another person's page would. */
export async function resetAs(
  stackUrl: string,
  simulator: Simulator,
  person: string,
  userId: string,
): Promise<{ status: number; recordId: string }> {
  const response = await fetch(`${stackUrl}/v1/management/users/${userId}/reset_device`, {
    method: "POST",
    headers: {
      ...(await personHeaders(stackUrl, simulator, person)),
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify(NOTE),
  });
  return { status: response.status, recordId: response.headers.get("X-Reset-Record") ?? "" };
}

/** The records of one user. */
export async function recordsOf(page: Page, userId: string): Promise<ResetRecord[]> {
  const response = await page.request.get(`/api/resets?userId=${userId}`);
  return ((await response.json()) as { resets: ResetRecord[] }).resets;
}

/** The rules whose verdict the theme can change. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** Whoever looks, in either theme. The page is left in the dark one. */
export async function expectAccessible(page: Page): Promise<void> {
  await test.step("light", async () => {
    await page.emulateMedia({ colorScheme: "light" });
    await expectNoAxeViolations(page);
  });
  await test.step("dark", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await expectNoAxeViolations(page, OF_COLOURS);
  });
}

/** `rules`: those alone; without, all that axe has on. */
export async function expectNoAxeViolations(page: Page, rules?: string[]): Promise<void> {
  // Without the second page that axe opens for frames of other origins: there are none. What has passed is not written down.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`)).toEqual(
    [],
  );
}
