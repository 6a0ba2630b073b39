/** A person's manager says on a screen of their own, by the keyboard alone, whether the person asked for the reset. */
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { clippings } from "./clippings.ts";
import { press, typeInto } from "./keys.ts";
import { expect, expectAccessible, recordOf, resetAs, test } from "./support.ts";

const MANAGER = "kai.boss";
const NOOR = "noor.haddad@northwind.example";

test.use({
  stackOptions: {
    users: 60,
    approveAfter: null,
    vars: {
      RATE_LIMITS: "off",
      DAILY_RESET_LIMIT: "1000",
      MANAGERS: JSON.stringify({ [NOOR]: `${MANAGER}@northwind.example` }),
      POLICY: JSON.stringify([{ name: "The manager knows", when: {}, demand: { proofs: ["managerConfirmed"] } }]),
    },
  },
});

test("the manager says no, and then yes to another: only then it is sent", async ({
  page,
  as,
  stack,
  simulator,
  browser,
}) => {
  await as("amara.lindqvist");
  const { users } = (await (await page.request.get("/api/users")).json()) as { users: UserRow[] };
  const noor = users.find(({ email }) => email === NOOR)?.id ?? "";
  const context = await browser.newContext({
    baseURL: stack.url,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
  });
  await as(MANAGER, context);
  const manager = await context.newPage();

  const first = await resetAs(stack.url, simulator, "amara.lindqvist", noor);
  expect(first.status).toBe(202);
  await manager.goto(`/confirm/${first.recordId}`);
  await expect(manager.getByRole("heading", { name: "Did Noor Haddad ask for a device reset?" })).toBeVisible();
  await expect(manager.getByText("amara.lindqvist@northwind.example").first()).toBeVisible();
  await expectAccessible(manager);
  await manager.setViewportSize({ width: 360, height: 780 });
  expect(await clippings(manager)).toEqual([]);
  await press(manager, "button", "No, stop this request");
  await expect(manager.getByText("Say it in a few words.")).toBeVisible();
  await typeInto(manager, "How do you know?", "She has not asked for anything.");
  await press(manager, "button", "No, stop this request");
  await expect(manager.getByRole("heading", { name: "You have said no" })).toBeFocused();
  expect(await recordOf(page, first.recordId)).toMatchObject({ state: "withdrawn", open: false });
  expect(await simulator.approvals(noor)).toEqual([]);

  const second = await resetAs(stack.url, simulator, "amara.lindqvist", noor);
  await manager.goto(`/confirm/${second.recordId}`);
  await typeInto(manager, "How do you know?", "I met her at the office.");
  await press(manager, "button", "Yes, Noor Haddad asked for it");
  await expect(manager.getByRole("heading", { name: "You have confirmed it" })).toBeVisible();
  await expect.poll(async () => (await recordOf(page, second.recordId)).state).toBe("approvalRequested");
  expect(await simulator.approvals(noor)).toHaveLength(1);
  const { proofs } = await recordOf(page, second.recordId);
  expect(proofs.at(-1)).toMatchObject({ proof: "managerConfirmed", by: `${MANAGER}@northwind.example` });
  await context.close();
});

test("nobody else is told that anything is asked", async ({ page, as }) => {
  await as("jonas.weber");
  await page.goto(`/confirm/${crypto.randomUUID()}`);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
});
