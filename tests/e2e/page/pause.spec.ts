import type { Locator, Page } from "@playwright/test";
import {
  confirmButton,
  contentOfDialog,
  expect,
  fillDialog,
  nameOf,
  openDialog,
  personHeaders,
  requestReset,
  test,
} from "./support.ts";

const REASON = "A laptop of one of the admins was stolen.";

/** Opens the dialog of a pause, and says why. */
async function openPause(page: Page): Promise<Locator> {
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("button", { name: "Pause all resets…" }).click();
  const dialog = contentOfDialog(page);
  await dialog.getByLabel("Why are resets paused?").fill(REASON);
  return dialog;
}

test.afterEach(async ({ stack, simulator }) => {
  const headers = await personHeaders(stack.url, simulator, "tomas.herrera");
  await fetch(`${stack.url}/api/resume`, { method: "POST", headers });
});

test("whoever asks for resets can stop them all by the keyboard, and an auditor lets them go on", async ({
  page,
  browser,
  as,
  stack,
  freshUser,
}) => {
  await as("amara.lindqvist");
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).press("Enter");
  await page.getByRole("button", { name: "Pause all resets…" }).press("Enter");
  const dialog = contentOfDialog(page);
  const reason = dialog.getByLabel("Why are resets paused?");
  await expect(page.getByRole("dialog", { name: "Pause all resets?" })).toBeVisible();
  await expect(reason).toBeFocused();
  // Without a reason nothing is paused.
  await dialog.getByRole("button", { name: "Pause all resets" }).press("Enter");
  await expect(dialog).toContainText("Say it in a few words.");
  await expect(reason).toBeFocused();
  await page.keyboard.type(REASON);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("main")).toBeFocused();
  const notice = page.getByRole("status").filter({ hasText: "Resets are paused." });
  await expect(notice).toContainText("By amara.lindqvist@northwind.example, just now.");
  await expect(notice).toContainText(REASON);
  // Whoever has stopped them does not let them go on.
  await expect(notice.getByRole("button")).toHaveCount(0);
  await page.getByRole("button", { name: /^Account/ }).click();
  await expect(page.getByText("not ask for resets: they are paused")).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause all resets…" })).toHaveCount(0);

  // Everybody is told.
  const user = await freshUser();
  const others = await browser.newContext({ baseURL: stack.url });
  const other = await others.newPage();
  await as("priya.nair", others);
  await other.goto("/resets");
  await expect(other.getByRole("status").filter({ hasText: REASON })).toBeVisible();

  await others.clearCookies();
  await as("tomas.herrera", others);
  await other.goto("/");
  await other.getByRole("button", { name: "Resume resets…" }).press("Enter");
  await expect(other.getByRole("dialog", { name: "Resume resets?" })).toBeVisible();
  const going = contentOfDialog(other);
  await expect(going).toContainText("Paused by amara.lindqvist@northwind.example");
  await expect(going).toContainText(REASON);
  const resumed = other.waitForRequest("**/api/resume");
  await going.getByRole("button", { name: "Resume resets" }).press("Enter");
  // The one that was read, and no other.
  expect((await resumed).postDataJSON()).toEqual({ pausedAt: expect.any(Number) });
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await expect(other.getByText("Resets are paused.")).toHaveCount(0);
  await others.close();

  await openDialog(page, user);
  await expect(page.getByText("Resets are paused.")).toHaveCount(0);
  await requestReset(page, user);
});

test("a pause that could not be set is not said to be, nor one that may have been not to be", async ({ page, as }) => {
  await as("tomas.herrera");
  const dialog = await openPause(page);
  const send = dialog.getByRole("button", { name: "Pause all resets" });

  const busy = { message: "You decide faster than is allowed here.", code: 1401, outcome: "refused" };
  await page.route("**/api/pause", (route) =>
    route.fulfill({ status: 429, json: { ...busy, error: { type: "VALIDATION", message: busy.message } } }),
  );
  await send.click();
  await expect(dialog.getByRole("alert")).toContainText("This changed nothing.");
  await page.unroute("**/api/pause");
  await page.route("**/api/pause", (route) => route.abort());
  await send.click();
  await expect(dialog.getByRole("alert")).toContainText("Resets may or may not be paused now.");
  await page.unroute("**/api/pause");
  // What was typed is still there.
  await send.click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: REASON })).toBeVisible();
});

test("whoever learns of a pause only when they ask is told who, when and why", async ({
  page,
  as,
  stack,
  freshUser,
  simulator,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await fillDialog(page, user);
  const paused = await fetch(`${stack.url}/api/pause`, {
    method: "POST",
    headers: { ...(await personHeaders(stack.url, simulator, "jonas.weber")), "Content-Type": "application/json" },
    body: JSON.stringify({ reason: REASON }),
  });
  expect(paused.status).toBe(204);
  await confirmButton(page).click();
  await expect(contentOfDialog(page).getByRole("heading", { name: "Resets are paused" })).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();
  const notice = page.getByRole("status").filter({ hasText: REASON });
  await expect(notice).toContainText("By jonas.weber@northwind.example");
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("while resets are paused a proposal is still taken back, and not released", async ({
  page,
  as,
  stack,
  freshUser,
  simulator,
}) => {
  const user = await freshUser();
  const headers = await personHeaders(stack.url, simulator, "amara.lindqvist");
  await stack.restartWorker({ vars: { REQUIRE_SECOND_PERSON: "true" } });
  try {
    const proposed = await fetch(`${stack.url}/v1/management/users/${user.id}/reset_device`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ reason: "Lost", verifiedBy: "Call" }),
    });
    const id = proposed.headers.get("X-Reset-Record");
    const paused = await fetch(`${stack.url}/api/pause`, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify({ reason: REASON }),
    });
    expect(paused.status).toBe(204);
    await as("jonas.weber");
    await page.goto(`/resets/${id}`);
    await expect(page.getByRole("heading", { name: nameOf(user) }).first()).toBeVisible();
    await expect(page.getByRole("button", { name: "Release…" })).toHaveCount(0);
    await page.getByRole("button", { name: "Withdraw…" }).click();
    await page.getByLabel("Why is it withdrawn?").fill("Not while resets are paused");
    await page.getByRole("button", { name: "Withdraw the request" }).click();
    await expect(page.getByText("Withdrawn").first()).toBeVisible();
  } finally {
    await stack.restartWorker();
  }
});

test("a pause that is on its way is not closed over: what becomes of it is seen", async ({ page, as }) => {
  await as("amara.lindqvist");
  const dialog = await openPause(page);
  await page.route("**/api/pause", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await route.abort("connectionreset");
  });
  const asked = page.waitForRequest("**/api/pause");
  await dialog.getByRole("button", { name: "Pause all resets" }).click();
  await asked;
  await page.keyboard.press("Escape");
  await expect(dialog).toContainText("Resets may or may not be paused now.");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
