import { expect, expectNoAxeViolations, requestReset, test, USERS_LIST } from "./support.ts";

test("signed out: one sentence, one link, and back to where one was", async ({ page }) => {
  await page.goto("/?q=noor");
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await page
    .getByRole("link", { name: "Sign in" })
    .or(page.getByRole("button", { name: "Sign in" }))
    .click();
  await page.getByText("amara.lindqvist@northwind.example").first().click();
  await expect(page).toHaveURL("/?q=noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
});

test("signed out by an answer that names no sign-in page: the link loads the page anew, which Access guards", async ({
  page,
  as,
}) => {
  await as("amara.lindqvist");
  await page.route("**/api/session", (route) => route.fulfill({ status: 401, body: "" }));
  await page.goto("/");
  const loading = page.waitForRequest((request) => request.isNavigationRequest());
  await page.getByRole("link", { name: "Sign in" }).click();
  expect(new URL((await loading).url()).pathname).toBe("/");
});

for (const theme of ["light", "dark"] as const) {
  test(`signed out, in the ${theme} theme: readable by whoever and whatever reads it`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto("/resets?state=unknown");
    await expect(page).toHaveTitle("You are signed out · Device resets");
    await expect(page.getByRole("main")).toContainText("Sign in to go on.");
    await expectNoAxeViolations(page);
    // Its own style sheet is let in: the page is as dark as the rest.
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe(theme === "light" ? "rgb(247, 248, 250)" : "rgb(16, 18, 23)");
    const { width } = page.viewportSize() ?? { width: 0 };
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("signed out with the keyboard: the one link is the first stop", async ({ page }) => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeFocused();
});

test("the session ends while the page is open: said so, whatever is still to be loaded, and back to where one was", async ({
  page,
  context,
  as,
}) => {
  await as("amara.lindqvist");
  await page.goto("/?q=noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
  await context.clearCookies();
  await page.getByRole("link", { name: "History" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "Your session has ended." });
  await expect(notice).toBeVisible();
  await notice.getByRole("link", { name: "Sign in again" }).click();
  await page.getByText("amara.lindqvist@northwind.example").first().click();
  await expect(page).toHaveURL("/resets");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
});

test("the session ends before the dialog was loaded: asking for a reset says so at once", async ({
  page,
  context,
  as,
}) => {
  await as("amara.lindqvist");
  await page.goto("/?q=noor");
  const row = page.getByRole("row", { name: "Noor Haddad" });
  await expect(row).toBeVisible();
  await context.clearCookies();
  await row.getByRole("button", { name: "Reset" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Your session has ended." })).toBeVisible();
  await expect(page.getByRole("heading", { name: "A part of this page could not be loaded" })).toBeVisible();
});

test("says where one is, who one is and what one may do", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto(USERS_LIST);
  const where = page.getByRole("region", { name: "Environment" });
  await expect(where).toContainText("Local");
  await expect(where).toContainText("Northwind Treasury");
  await expect(page).toHaveTitle("Users · Local · Device resets");
  await page.getByRole("button", { name: "Account: amara.lindqvist@northwind.example" }).click();
  await expect(page.getByText("Resetter. You may:")).toBeVisible();
  await expect(page.getByText("ask for resets")).toBeVisible();
});

for (const [environment, name] of [
  ["production", "Production"],
  ["sandbox", "Sandbox"],
] as const) {
  test(`${environment} cannot be taken for another environment`, async ({ page, as }) => {
    await as("amara.lindqvist");
    await page.route("**/api/session", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), environment } });
    });
    await page.goto("/");
    await expect(page.getByRole("region", { name: "Environment" })).toContainText(name);
    await expect(page).toHaveTitle(new RegExp(name));
  });
}

test("no role and no user: a sentence, and no user's name", async ({ page, as }) => {
  await as("robin.stranger");
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "You have no role here" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await expect(page.getByText("northwind.example").filter({ hasText: "noor" })).toHaveCount(0);
});

test("a role that a group's name gave is told to be lost, with the group's id, whether another is left or none", async ({
  page,
  as,
}) => {
  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    const lostRoles = [{ role: "resetter", groupName: "Treasury Admins", groupId: "0f4c2b71" }];
    await route.fulfill({ response, json: { ...(await response.json()), lostRoles } });
  });
  for (const person of ["priya.nair", "eli.brandt"]) {
    await as(person);
    await page.goto("/");
    const notice = page
      .getByRole("status")
      .filter({ hasText: "“Treasury Admins” does not give you the role Resetter" });
    await expect(notice).toContainText("group-id:0f4c2b71");
  }
});

test("a viewer looks, and is offered no reset", async ({ page, as }) => {
  await as("priya.nair");
  await page.goto("/?q=noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Reset the device/ })).toHaveCount(0);
  await page.getByRole("row", { name: "Noor Haddad" }).press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("the key is refused: said as such, with whom to tell", async ({ page, as, stack, simulator }) => {
  await as("amara.lindqvist");
  const { apiKey } = stack.simulator;
  const set = (enabled: boolean) =>
    fetch(`${stack.simulator.controlUrl}/api_keys/${apiKey}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ enabled }),
    });
  expect((await set(false)).ok).toBe(true);
  try {
    // The list of users and the workspace's name are remembered for a moment.
    await expect(async () => {
      await page.goto(USERS_LIST);
      await expect(page.getByRole("heading", { name: "Fireblocks refuses this service's key" }).first()).toBeVisible({
        timeout: 3000,
      });
    }).toPass({ timeout: 80_000 });
    await expect(page.getByText("Tell whoever runs this service.").first()).toBeVisible();
  } finally {
    await set(true);
    await simulator.clearFaults();
  }
});

test("Fireblocks is unreachable: said as such", async ({ page, as, simulator }) => {
  await as("amara.lindqvist");
  await simulator.order({ match: { operation: "getConsoleUsers" }, times: 200, cut: "beforeEffect" });
  try {
    await expect(async () => {
      await page.goto(USERS_LIST);
      await expect(page.getByRole("heading", { name: "Fireblocks cannot be reached" }).first()).toBeVisible({
        timeout: 12_000,
      });
    }).toPass({ timeout: 80_000 });
  } finally {
    await simulator.clearFaults();
  }
});

test("the worker is unreachable: said as such, and trying again helps", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.route("**/api/session", (route) => route.abort());
  await page.goto(USERS_LIST);
  await expect(page.getByRole("heading", { name: "This service cannot be reached" })).toBeVisible();
  await page.unroute("**/api/session");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
});

test("details can be copied, without secrets", async ({ page, context, as }) => {
  await as("amara.lindqvist");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.route("**/api/users", (route) =>
    route.fulfill({
      status: 500,
      headers: { "X-Request-ID": "req-4711" },
      json: { message: "Out of order.", code: 1599, error: { type: "INTERNAL", message: "" }, outcome: "refused" },
    }),
  );
  await page.getByRole("button", { name: "Read again" }).click();
  await page.getByText("Details for support").click();
  await page.getByRole("button", { name: "Copy details" }).click();
  const details = await page.evaluate(() => navigator.clipboard.readText());
  expect(details).toContain("Request id: req-4711");
  expect(details).toContain("Code: 1599");
  const [cookie] = await context.cookies();
  expect(details).not.toContain(cookie?.value ?? "…");
});

test("what was typed in a form is there after a reload, for whoever typed it alone", async ({ page, as }) => {
  const words = page.getByLabel("What have you noticed?");
  const open = async () => {
    await page.goto("/me");
    await page.getByRole("button", { name: "Raise an alarm…" }).click();
  };
  await as("eli.brandt");
  await open();
  await words.fill("A caller asked me for a code.");
  await open();
  await expect(words).toHaveValue("A caller asked me for a code.");
  await as("noor.haddad");
  await open();
  await expect(words).toHaveValue("");
});

test("signed out, nobody is told that nothing is to do", async ({ page, context, as }) => {
  await as("amara.lindqvist");
  await page.goto("/queue");
  await expect(page.getByRole("heading", { level: 1, name: "To do" })).toBeVisible();
  await page.getByRole("link", { name: "Users", exact: true }).click();
  await context.clearCookies();
  await page.getByRole("link", { name: /^To do/ }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Your session has ended." })).toBeVisible();
  await expect(page.locator("queue-screen .waiting")).toHaveCount(0);
  await expect(page.getByText("Nothing waits")).toHaveCount(0);
});

test("somebody else signs in, in another tab: the page begins anew for them, with nothing of whoever was there", async ({
  page,
  as,
  freshUser,
}) => {
  const user = await freshUser();
  const account = (email: string) => page.getByRole("button", { name: `Account: ${email}` });
  await page.clock.install();
  await as("amara.lindqvist");
  await page.goto(`/?reset=${user.id}`);
  const reason = page.getByLabel(/why is the reset needed/i);
  await reason.fill("What Amara knows");
  await as("jonas.weber");
  await page.clock.fastForward("01:01");
  await expect(account("jonas.weber@northwind.example")).toBeAttached();
  await expect(reason).toHaveValue("");
  await reason.fill("What Jonas knows");
  await as("amara.lindqvist");
  await page.clock.fastForward("01:01");
  await expect(account("amara.lindqvist@northwind.example")).toBeAttached();
  await expect(reason).toHaveValue("What Amara knows");
});

test("a record that stayed open is followed again once its reader has signed in, in another tab too", async ({
  page,
  context,
  as,
  simulator,
  freshUser,
}) => {
  await as("amara.lindqvist");
  const user = await freshUser();
  await requestReset(page, user);
  await expect(page.getByText("Updates by itself.")).toBeVisible();
  await context.clearCookies();
  await expect(page.getByRole("alert").filter({ hasText: "Your session has ended." })).toBeVisible();
  await expect(page.getByText("Updates by itself.")).toHaveCount(0);
  const [approval] = await simulator.approvals(user.id);
  await simulator.approve(approval?.id ?? "");
  await as("amara.lindqvist");
  await expect(page.getByText("Waiting for pairing").first()).toBeVisible({ timeout: 90_000 });
});
