import {
  confirmButton,
  contentOfDialog,
  expect,
  fillDialog,
  NOTE,
  nameOf,
  onRecord,
  openDialog,
  recordOf,
  recordsOf,
  requestReset,
  resetAs,
  test,
  USERS_LIST,
} from "./support.ts";

// Each test here takes a user or two: a workspace of their own, with enough of them.
test.use({
  stackOptions: { users: 80, approveAfter: null, vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000" } },
});

const RESETS = "**/v1/management/users/*/reset_device";

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("shows whom and what, and sends nothing until everything is given", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await openDialog(page, user);
  const dialog = contentOfDialog(page);
  for (const fact of [nameOf(user), user.email ?? "", user.id, "Ready", "Local: Northwind Treasury"]) {
    await expect(dialog).toContainText(fact);
  }
  await expect(dialog).toContainText("Nothing changes until they approve it");
  await expect(dialog).toContainText("authenticator app (2FA)");
  await expect(dialog).toContainText("Other workspaces and users on the same phone");

  await confirmButton(page).click();
  await expect(dialog).toContainText("Say how you made sure that it is really them.");
  await expect(dialog).toContainText("Say why the reset is needed.");
  await expect(page.getByLabel(/in your own words/i)).toBeFocused();

  await fillDialog(page, user);
  await page.getByLabel(`Type ${user.email} to confirm`).fill("somebody.else@northwind.example");
  await confirmButton(page).click();
  await expect(dialog).toContainText("This is not the e-mail of the user above.");
  expect(await simulator.approvals(user.id)).toEqual([]);

  // Escape gives up; the focus returns to the user's row.
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("row", { name: nameOf(user) })).toBeFocused();
});

test("a signer's and an admin's consequences are told", async ({ page }) => {
  const response = await page.request.get("/api/users");
  const { users } = await response.json();
  const signer = users.find(({ role, blocked }: { role: string; blocked?: unknown }) => role === "SIGNER" && !blocked);
  await openDialog(page, signer);
  await expect(contentOfDialog(page)).toContainText("the Owner must approve the MPC key shares again");
  const admin = users.find(({ email }: { email: string }) => email.startsWith("jonas.weber"));
  await openDialog(page, admin);
  await expect(contentOfDialog(page)).toContainText("does not count toward the Admin Quorum");
});

test("a double click and a held Enter make one request", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 800 });
  await openDialog(page, user);
  await fillDialog(page, user);
  let sent = 0;
  page.on("request", (request) => {
    if (request.url().includes("reset_device")) sent += 1;
  });
  await confirmButton(page).dblclick();
  for (let press = 0; press < 5; press++) await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await onRecord(page);
  expect(sent).toBe(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("a reload in flight finds the request again", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 2500 });
  await openDialog(page, user);
  await fillDialog(page, user);
  const leaving = page.waitForRequest(RESETS);
  await confirmButton(page).click();
  await leaving;
  await page.waitForTimeout(500);
  await page.reload();
  const recordId = await onRecord(page);
  // The list, which may hold the same words, stays until the record is there.
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeVisible();
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  expect(await recordsOf(page, user.id)).toHaveLength(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
  expect((await recordOf(page, recordId)).reason).toBe(NOTE.reason);
});

test("going back while it is sent loses nothing", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 2000 });
  await page.goto(USERS_LIST);
  await page.getByRole("searchbox", { name: /search users/i }).fill(user.email ?? "");
  await page.getByRole("button", { name: `Reset the device of ${nameOf(user)}` }).click();
  await fillDialog(page, user);
  await confirmButton(page).click();
  await page.goBack();
  await expect(page.getByText(`Sending the reset request for ${nameOf(user)}`)).toBeVisible();
  await page
    .getByRole("button", { name: "Follow it" })
    .or(page.getByRole("link", { name: "Follow it" }))
    .click();
  await onRecord(page);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("two tabs make one request", async ({ page, context, simulator, freshUser }) => {
  const user = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 1500 });
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openDialog(tab, user);
    await fillDialog(tab, user);
  }
  // Not by the mouse, which waits for the button: the slower tab may know of the request before it has pressed.
  const buttons = await Promise.all([page, other].map((tab) => confirmButton(tab).elementHandle()));
  await Promise.all(buttons.map((button) => button?.evaluate((element) => (element as HTMLElement).click())));
  // The tab that did not send ends up at the same record.
  expect(await onRecord(page)).toBe(await onRecord(other));
  expect(await recordsOf(page, user.id)).toHaveLength(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("the tab that sends is closed: the other one takes the request up", async ({
  page,
  context,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 3000 });
  const other = await context.newPage();
  await openDialog(other, user);
  await openDialog(page, user);
  await fillDialog(page, user);
  const leaving = page.waitForRequest(RESETS);
  await confirmButton(page).click();
  await leaving;
  await expect(contentOfDialog(other)).toContainText("Another tab of this browser is sending the request.");
  await page.close();
  await onRecord(other);
  // Fireblocks is still at it: the record is found before the approval is there.
  await expect.poll(async () => (await simulator.approvals(user.id)).length).toBe(1);
});

test("a request that the worker takes up late is still found", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  let held = false;
  await page.route(RESETS, async (route) => {
    const request = route.request();
    const headers = await request.allHeaders();
    await route.abort("connectionreset");
    if (held) return;
    held = true;
    setTimeout(() => void page.request.fetch(request, { headers }), 15_000);
  });
  await confirmButton(page).click();
  await onRecord(page);
  expect(await recordsOf(page, user.id)).toHaveLength(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("after a reload an earlier reset with another reason is not taken for the one under way", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await simulator.order({
    match: { operation: "resetDevice", userId: user.id },
    status: 403,
    body: JSON.stringify({ error: { type: "AUTHORIZATION", message: "Lacking permissions." } }),
  });
  const refused = await requestReset(page, user);

  await page.clock.install();
  await openDialog(page, user);
  await fillDialog(page, user);
  const reason = "The first request was refused, its cause is mended";
  await page.getByLabel(/why is the reset needed/i).fill(reason);
  await page.route(RESETS, (route) => route.abort("connectionreset"));
  const leaving = page.waitForRequest(RESETS);
  await confirmButton(page).click();
  await leaving;
  await page.reload();
  await expect(contentOfDialog(page)).toContainText("Looking for the record of the request.");
  // Past the time in which the worker can still record it.
  await page.clock.fastForward("00:40");
  await expect(contentOfDialog(page)).toContainText("The request did not arrive.");

  await page.unroute(RESETS);
  await page.getByRole("button", { name: "Send it again" }).click();
  const recordId = await onRecord(page);
  expect(recordId).not.toBe(refused);
  expect((await recordOf(page, recordId)).reason).toBe(reason);
});

test("a browser that stores nothing: nothing is sent, and that is said", async ({ page, simulator, freshUser }) => {
  const user = await freshUser();
  await page.addInitScript(() => {
    for (const area of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, area, {
        get: () => {
          throw new DOMException("Access is denied for this document.", "SecurityError");
        },
      });
    }
  });
  await openDialog(page, user);
  await fillDialog(page, user);
  await confirmButton(page).click();
  await expect(contentOfDialog(page)).toContainText("This browser keeps nothing for this page");
  await expect(contentOfDialog(page)).toContainText("Nothing was sent to Fireblocks.");
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("a browser without WebAssembly: nothing is sent, and the network is not blamed", async ({
  page,
  simulator,
  freshUser,
}) => {
  // As iOS' Lockdown Mode has it.
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly"));
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await confirmButton(page).click();
  const dialog = contentOfDialog(page);
  await expect(dialog).toContainText("This browser cannot run a part of this page");
  await expect(dialog).toContainText("Nothing was sent to Fireblocks.");
  await expect(dialog).toContainText("Lockdown Mode");
  await expect(dialog).not.toContainText("Check your network connection");
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("the network is lost before the request leaves: nothing was sent, and sending again files one", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  const keys: (string | undefined)[] = [];
  await page.route(RESETS, async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    await route.abort("internetdisconnected");
  });
  await confirmButton(page).click();
  await expect(contentOfDialog(page)).toContainText("The request did not arrive.", { timeout: 60_000 });
  await expect(contentOfDialog(page)).toContainText("nothing was sent to Fireblocks");
  expect(await simulator.approvals(user.id)).toEqual([]);

  await page.unroute(RESETS);
  page.on("request", (request) => {
    if (request.url().includes("reset_device")) keys.push(request.headers()["idempotency-key"]);
  });
  await page.getByRole("button", { name: "Send it again" }).click();
  await onRecord(page);
  expect(new Set(keys).size).toBe(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("the answer is lost on the way back: the record is found, and there is one", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await page.route(RESETS, async (route) => {
    await route.fetch();
    await route.abort("connectionreset");
  });
  await confirmButton(page).click();
  await onRecord(page);
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("no network at all: unclear, calm, and found when it is back", async ({ page, context, simulator, freshUser }) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await page.route(RESETS, async (route) => {
    await route.fetch();
    await context.setOffline(true);
    await route.abort("internetdisconnected");
  });
  await confirmButton(page).click();
  await expect(contentOfDialog(page)).toContainText("It is not clear what happened.", { timeout: 40_000 });
  await expect(contentOfDialog(page)).toContainText("Do not ask for another reset.");
  await page.unroute(RESETS);
  await context.setOffline(false);
  await page.getByRole("button", { name: "Look again" }).click();
  await onRecord(page);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("another admin was faster: 409 leads to the open record", async ({ page, stack, simulator, freshUser }) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  const { recordId } = await resetAs(stack.url, simulator, "jonas.weber", user.id);
  await confirmButton(page).click();
  expect(await onRecord(page)).toBe(recordId);
  await expect(page.getByText("jonas.weber@northwind.example").first()).toBeVisible();
  const told = page.getByText(`The reset request for ${nameOf(user)} was not taken.`);
  await expect(told).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(told).toHaveCount(0);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("the session ends while the dialog is open: nothing is lost, nothing is sent", async ({
  page,
  context,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  await context.clearCookies();
  await confirmButton(page).click();
  await expect(contentOfDialog(page)).toContainText("You are signed out");
  expect(await simulator.approvals(user.id)).toEqual([]);

  await as("amara.lindqvist");
  await page.reload();
  // What was typed is still there; the confirmation is asked for anew.
  await expect(page.getByLabel(/why is the reset needed/i)).toHaveValue(NOTE.reason);
  await expect(page.getByLabel(`Type ${user.email} to confirm`)).toHaveValue("");
  await page.getByLabel(`Type ${user.email} to confirm`).fill(user.email ?? "");
  await confirmButton(page).click();
  await onRecord(page);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});
