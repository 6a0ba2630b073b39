import {
  confirmButton,
  contentOfDialog,
  expect,
  fillDialog,
  nameOf,
  openDialog,
  requestReset,
  test,
} from "./support.ts";

// A person may ask for one reset a day.
const SETTINGS = { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1" };

test.use({ stackOptions: { users: 40, approveAfter: null, vars: SETTINGS } });

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("resets are paused: said as such, nobody is offered one, and everything stays readable", async ({
  page,
  stack,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await stack.restartWorker({ vars: { RESETS_PAUSED: "true" } });
  try {
    // The dialog was open before.
    await confirmButton(page).click();
    await expect(contentOfDialog(page).getByRole("heading", { name: "Resets are paused" })).toBeVisible();
    await expect(contentOfDialog(page)).toContainText("Nothing was filed. No device was reset.");

    await page.goto(`/?q=${user.email}`);
    await expect(page.getByRole("status").filter({ hasText: "Resets are paused." })).toBeVisible();
    await expect(page.getByRole("row", { name: nameOf(user) })).toBeVisible();
    await expect(page.getByRole("button", { name: /^Reset the device/ })).toHaveCount(0);
    await page.getByRole("button", { name: /^Account/ }).click();
    await expect(page.getByText("not ask for resets: they are paused")).toBeVisible();
    await page.goto("/resets");
    await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "Resets are paused." })).toBeVisible();
  } finally {
    await stack.restartWorker();
  }
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("too many requests: said as such, with the time to wait", async ({ page, simulator, freshUser }) => {
  await requestReset(page, await freshUser());
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await confirmButton(page).click();
  const dialog = contentOfDialog(page);
  await expect(dialog.getByRole("heading", { name: "Too many requests" })).toBeVisible();
  await expect(dialog).toContainText("You have asked for as many resets today as one person may.");
  await expect(dialog).toContainText("Nothing was filed. No device was reset.");
  // The day ends at midnight of UTC.
  const hours = Math.ceil((86_400_000 - (Date.now() % 86_400_000)) / 3_600_000);
  const wait = hours > 2 ? `Try again in ${hours} hours.` : /Try again in \d+ (hours|minutes|seconds)\./;
  await expect(dialog).toContainText(wait);
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("the session ends while the page is open: what is seen stays, and signing in leads back to it", async ({
  page,
  context,
}) => {
  await page.goto("/?q=noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
  await context.clearCookies();
  await page.getByRole("button", { name: "Read again" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "Your session has ended." });
  await expect(notice).toContainText("Nothing that you do here is sent until you sign in again.");
  // It is told once.
  await expect(page.locator("problem-panel")).toHaveCount(0);
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
  await notice.getByRole("link", { name: "Sign in again" }).click();
  await page.getByText("amara.lindqvist@northwind.example").first().click();
  await expect(page).toHaveURL("/?q=noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
  await expect(notice).toHaveCount(0);
});
