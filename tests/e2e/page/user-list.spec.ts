/** The list of users by the keyboard. */
import type { UserList } from "fireblocks-reset-device/gateway-api";
import { expect, test, USERS_LIST } from "./support.ts";

test("a row that the arrow keys reach is never under the list's head", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto(USERS_LIST);
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await rows.first().focus();
  for (let step = 0; step < 25; step++) await page.keyboard.press("ArrowDown");
  for (let step = 0; step < 20; step++) {
    await page.keyboard.press("ArrowUp");
    await page.waitForTimeout(50);
    const { head, row, height } = await page.locator("user-list").evaluate((list) => ({
      head: list.shadowRoot?.querySelector(".head")?.getBoundingClientRect().bottom ?? Number.NaN,
      row: list.shadowRoot?.activeElement?.getBoundingClientRect().top ?? Number.NaN,
      height: innerHeight,
    }));
    expect(row, `step ${step + 1}`).toBeGreaterThanOrEqual(head - 1);
    expect(row, `step ${step + 1}`).toBeLessThan(height);
  }
});

test("who may only look is told so once, and not in every row", async ({ page, as }) => {
  await as("tomas.herrera");
  await page.goto("/?q=noor.haddad");
  const row = page.getByRole("row").filter({ hasText: "noor.haddad@northwind.example" });
  await expect(row).toBeVisible();
  await expect(page.getByText("Your role lets you look, not reset.")).toHaveCount(1);
  await row.focus();
  await row.press("Enter");
  await expect(page.locator("user-list [role=status]")).toHaveText("Noor Haddad: Your role lets you look, not reset.");
});

test("Enter on a row that nothing can be done with says why", async ({ page, as }) => {
  const said = page.locator("user-list [role=status]");
  const press = async (email: string) => {
    await page.goto(`/?q=${email}`);
    const row = page.getByRole("row").filter({ hasText: `${email}@northwind.example` });
    await row.focus();
    await row.press("Enter");
    return row;
  };
  await as("amara.lindqvist");
  await press("margaret.okafor");
  await expect(said).toContainText("Margaret Okafor: The Owner's device cannot be reset here.");
  await expect(page).toHaveURL("/?q=margaret.okafor");

  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    const session = await response.json();
    await route.fulfill({ response, json: { ...session, resetsPaused: true, can: { ...session.can, reset: false } } });
  });
  const row = await press("noor.haddad");
  await expect(said).toHaveText("Noor Haddad: Resets are paused.");
  await expect(row).toContainText("Resets are paused.");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("Enter opens the row that has the focus, also where others have come above it", async ({ page, as }) => {
  await as("amara.lindqvist");
  let more = false;
  await page.route("**/api/users", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as UserList;
    const [someone] = list.users;
    const first = { ...someone, id: "first", firstName: "Aaa", lastName: "Aaa", email: "aaa@northwind.example" };
    await route.fulfill({ response, json: { ...list, users: more ? [...list.users, first] : list.users } });
  });
  await page.clock.install();
  await page.goto(USERS_LIST);
  const row = page
    .getByRole("row")
    .filter({ has: page.getByRole("button", { name: /^Reset the device of/ }) })
    .first();
  const name = await row.locator(".name").textContent();
  await row.focus();
  more = true;
  await page.clock.fastForward("00:31");
  await expect(page.getByRole("row", { name: /^Aaa Aaa/ })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: `Reset the mobile device of ${name}?` })).toBeVisible();
});
