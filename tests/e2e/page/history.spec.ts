import { readFile } from "node:fs/promises";
import { expect, nameOf, requestReset, test } from "./support.ts";

test("lists, filters by the address, tells one record's whole story", async ({ page, as, freshUser }) => {
  await as("amara.lindqvist");
  const user = await freshUser();
  const recordId = await requestReset(page, user);
  await page.goto("/resets");
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await expect(rows.first()).toContainText(nameOf(user));

  await page.getByRole("combobox", { name: "State" }).selectOption("completed");
  await expect(page).toHaveURL("/resets?state=completed");
  await expect(page.getByText(nameOf(user))).toHaveCount(0);
  await page.goto(`/resets?open=true&userId=${user.id}&askedBy=amara.lindqvist%40northwind.example`);
  await expect(rows).toHaveCount(1);
  const today = new Date().toISOString().slice(0, 10);
  await page.getByLabel("From").fill(today);
  await expect(page).toHaveURL(new RegExp(`from=${today}`));
  await expect(rows).toHaveCount(1);
  await page.getByRole("textbox", { name: "To", exact: true }).fill("2020-01-01");
  await expect(page.getByRole("heading", { name: "No reset found" })).toBeVisible();

  await page.goto("/resets");
  await page
    .getByRole("link", { name: nameOf(user) })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/resets/${recordId}`);
  await page.getByText("Everything that was recorded").click();
  const story = page.getByRole("table");
  for (const event of ["Recorded", "Attempt to send", "Waiting for approval"]) await expect(story).toContainText(event);
});

test("a day that is typed is asked for once, when it is whole", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto("/resets");
  await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
  const asked: (string | null)[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === "/api/resets") asked.push(searchParams.get("from"));
  });
  const field = page.getByLabel("From");
  // The same in every browser's order of day and month.
  const day = "11112025";
  await field.focus();
  // In a browser's date field the first digit goes to its first part.
  for (const digit of day) {
    await page.keyboard.press(digit);
    await expect(page.locator("problem-panel")).toHaveCount(0);
  }
  await expect(page).toHaveURL("/resets?from=2025-11-11");
  await expect(field).toHaveValue("2025-11-11");
  await expect.poll(() => asked).toEqual([String(Date.UTC(2025, 10, 11))]);

  // A year of two digits is none, and what is left half typed is put back.
  await field.fill("0020-11-11");
  await field.blur();
  await expect(field).toHaveValue("2025-11-11");
  await page.waitForTimeout(1000);
  expect(asked).toHaveLength(1);

  await field.fill("");
  await expect(page).toHaveURL("/resets");
});

test("an auditor exports the stories of the chosen days, as CSV and as JSON lines", async ({
  page,
  context,
  as,
  freshUser,
}) => {
  await as("amara.lindqvist");
  const user = await freshUser();
  const recordId = await requestReset(page, user);
  await context.clearCookies();
  await as("tomas.herrera");
  await page.goto(`/resets?from=${new Date().toISOString().slice(0, 10)}`);
  for (const [link, check] of [
    ["CSV", (text: string) => expect(text.split("\n")[0]).toContain(",")],
    ["JSON lines", (text: string) => expect(JSON.parse(text.trim().split("\n")[0] ?? "")).toHaveProperty("events")],
  ] as const) {
    const downloading = page.waitForEvent("download");
    await page
      .getByRole("link", { name: link })
      .or(page.getByRole("button", { name: link }))
      .click();
    const text = await readFile(await (await downloading).path(), "utf8");
    expect(text).toContain(recordId);
    check(text);
  }
});

test("an export that fails is said to have, and can be asked for again", async ({ page, as }) => {
  await as("tomas.herrera");
  await page.goto("/resets");
  const exporting = page.getByRole("button", { name: "CSV" });
  await page.route("**/api/resets/export?*", (route) => route.abort());
  await exporting.click();
  const heading = page.getByRole("heading", { name: "This service cannot be reached" });
  await expect(heading).toBeVisible();
  await expect(page.getByText("Check your network connection, then try again.")).toBeVisible();
  await page.unroute("**/api/resets/export?*");
  const downloading = page.waitForEvent("download");
  await exporting.click();
  expect((await downloading).suggestedFilename()).toBe("resets.csv");
  await expect(heading).toHaveCount(0);
});

test("a record leads to all resets of its user, and back to everybody's", async ({
  page,
  as,
  simulator,
  freshUser,
}) => {
  await as("amara.lindqvist");
  const [user, other] = [await freshUser(), await freshUser()];
  await requestReset(page, other);
  await simulator.order({
    match: { operation: "resetDevice", userId: user.id },
    status: 403,
    body: JSON.stringify({ error: { type: "AUTHORIZATION", message: "Lacking permissions." } }),
  });
  await requestReset(page, user);
  await page.goto("/");
  await requestReset(page, user);
  await page.getByRole("link", { name: "All resets of this user" }).click();
  await expect(page).toHaveURL(`/resets?userId=${user.id}`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("link") });
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: nameOf(user) })).toHaveCount(2);
  await expect(page.getByRole("status").filter({ hasText: "2 resets" })).toBeVisible();
  await expect(page.getByText(`Only the user ${user.id}`)).toBeVisible();
  await page.getByRole("button", { name: "Show all users" }).click();
  await expect(page).toHaveURL("/resets");
  await expect(rows.filter({ hasText: nameOf(other) })).toHaveCount(1);

  // One is not many.
  await page.goto(`/resets?userId=${other.id}`);
  await expect(page.getByRole("status").filter({ hasText: /^1 reset$/ })).toBeVisible();
});

test("a record that does not exist is said not to", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto("/resets/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
});
