import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { expect, nameOf, recordOf, requestReset, test } from "./support.ts";

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("follows to the end, with the message for the affected user and the numbers for support", async ({
  page,
  context,
  simulator,
  freshUser,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const user = await freshUser();
  const recordId = await requestReset(page, user);
  const record = await recordOf(page, recordId);
  await expect(page.getByText("The device is not reset yet.")).toBeVisible();

  await page.getByRole("button", { name: "Copy message" }).click();
  const message = await page.evaluate(() => navigator.clipboard.readText());
  expect(message).toContain(`Hello ${user.firstName},`);
  expect(message).toContain("Scan the QR code");
  expect(message).toContain("The workspace's approvers have to approve it first.");
  await page.getByRole("button", { name: "Copy fireblocks request id" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(record.requestId);
  await page.getByRole("button", { name: "Copy idempotency key at fireblocks" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(record.upstreamKey);

  const [approval] = await simulator.approvals(user.id);
  await simulator.approve(approval?.id ?? "");
  const current = page.locator("[aria-current=step]");
  await expect(current).toContainText(`${nameOf(user)} signs in to the Fireblocks Console and scans the QR code.`);
  await simulator.advance(user.id);
  await simulator.advance(user.id);
  await expect(page.getByText("This reset has ended. Nothing more will change.")).toBeVisible();
  await expect(page.getByText("Done: Ready again")).toBeVisible();
});

test("a record in a state that this page does not know is shown with it", async ({ page, freshUser }) => {
  const recordId = await requestReset(page, await freshUser());
  await page.route(`**/api/resets/${recordId}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      json: { ...(await response.json()), state: "a state of tomorrow", open: false },
    });
  });
  await page.reload();
  await expect(page.getByText("This page does not know this state yet.")).toBeVisible();
  await expect(page.locator("tone-badge").first()).toHaveText("A state of tomorrow");
});

test("a refusal is told as one, and nothing was filed", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await simulator.order({
    match: { operation: "resetDevice", userId: user.id },
    status: 403,
    body: JSON.stringify({ error: { type: "AUTHORIZATION", message: "Lacking permissions." } }),
  });
  await requestReset(page, user);
  await expect(
    page.getByText("The request was refused. Nothing was filed, and the device was not reset."),
  ).toBeVisible();
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("an unknown outcome has its calm screen, and is settled with what was found", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await simulator.order({
    match: { operation: "resetDevice", userId: user.id },
    times: 3,
    status: 500,
    effect: true,
    body: "",
  });
  await requestReset(page, user);
  await expect(page.getByRole("heading", { name: "Nothing is broken. One answer is missing." })).toBeVisible();
  await expect(page.getByText("Do not ask for another reset.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy details for support" })).toBeVisible();

  // The user is held back until it is settled.
  const list = await (await page.request.get("/api/users")).json();
  expect(list.users.find(({ id }: UserRow) => id === user.id).openReset.state).toBe("unknown");

  await page.getByRole("button", { name: "Settle this record" }).click();
  await expect(page.getByText("Say it in a few words.")).toBeVisible();
  await page.getByLabel("What did you find?").fill("The approval request is in the Console and was rejected there.");
  await page.getByRole("button", { name: "Settle this record" }).click();
  await expect(page.getByText("A person has looked and closed this record.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeFocused();
});

test("looks politely: pauses in a hidden tab, looks at once when it is back, says when a look fails", async ({
  page,
  context,
  freshUser,
}) => {
  const user = await freshUser();
  const recordId = await requestReset(page, user);
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  let looks = 0;
  await page.route(`**/api/resets/${recordId}`, async (route) => {
    looks += 1;
    await route.fallback();
  });
  const hide = (hidden: boolean) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  await page.waitForTimeout(500);
  looks = 0;
  await page.waitForTimeout(9000);
  expect(looks).toBe(0);
  await hide(false);
  await expect.poll(() => looks).toBeGreaterThan(0);

  await context.setOffline(true);
  await expect(page.getByText("Not up to date. The connection failed.")).toBeVisible({
    timeout: 45_000,
  });
  await context.setOffline(false);
  await expect(page.getByText("Not up to date")).toHaveCount(0, { timeout: 60_000 });
});
