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
  await page.getByLabel("To").fill("2020-01-01");
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

test("a record that does not exist is said not to", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto("/resets/00000000-0000-4000-8000-000000000000");
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
});
