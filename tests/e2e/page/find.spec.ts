import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { expect, nameOf, test, USERS, USERS_LIST } from "./support.ts";

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("finds by name, e-mail and id as one types, and the address carries it", async ({ page, freshUser }) => {
  const user = await freshUser();
  await page.goto(USERS_LIST);
  const search = page.getByRole("searchbox", { name: /search users/i });
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });

  for (const text of [nameOf(user).toUpperCase(), user.email ?? "", user.id]) {
    await search.fill(text);
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText(user.email ?? "");
  }
  await expect(page).toHaveURL(`/?q=${user.id}`);
  await expect(page.getByRole("status").filter({ hasText: `1 of ${USERS} users` })).toBeVisible();

  // A link that was sent shows the same.
  await page.reload();
  await expect(search).toHaveValue(user.id);
  await expect(rows).toHaveCount(1);

  await search.fill("nobody is called like this");
  await expect(page.getByRole("heading", { name: "Nobody found" })).toBeVisible();
  await page.getByRole("button", { name: "Show all users" }).click();
  await expect(page.getByText(`${USERS} users`, { exact: true })).toBeVisible();
});

test("filters by status and role, and sorts", async ({ page }) => {
  await page.goto(USERS_LIST);
  const label = await page.getByRole("option", { name: /^Signer/ }).textContent();
  await page.getByRole("combobox", { name: "Role" }).selectOption({ label: label ?? "" });
  await expect(page).toHaveURL(/role=SIGNER/);
  const roles = page.locator("user-list [role=gridcell].role");
  await expect(roles.first()).toHaveText("Signer");
  expect(new Set(await roles.allTextContents())).toEqual(new Set(["Signer"]));

  await page.goto("/?status=PENDING_ACTIVATION");
  await expect(page.locator("user-list [role=gridcell].status").first()).toHaveText("Pending activation");

  await page.goto(USERS_LIST);
  const names = page.locator("user-list .name");
  const first = await names.first().textContent();
  await page.getByRole("button", { name: "User", exact: true }).click();
  await expect(page).toHaveURL(/[?&]sort=-name$/);
  await expect(page.getByRole("columnheader", { name: "User" })).toHaveAttribute("aria-sort", "descending");
  await expect(names.first()).not.toHaveText(first ?? "");
});

test("a choice shows what the list is filtered by, also on the way back and where nobody is left of it", async ({
  page,
}) => {
  await page.goto(USERS_LIST);
  const role = page.getByRole("combobox", { name: "Role" });
  await role.selectOption("SIGNER");
  await expect(page).toHaveURL(/role=SIGNER/);
  await page.getByRole("link", { name: "Users", exact: true }).click();
  await expect(role).toHaveValue("");
  await page.goBack();
  await expect(page).toHaveURL(/role=SIGNER/);
  await expect(role).toHaveValue("SIGNER");

  await page.goto("/?status=PENDING_NOTHING");
  await expect(page.getByRole("heading", { name: "Nobody found" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("PENDING_NOTHING");
});

test("those who cannot be reset show why instead of a button", async ({ page }) => {
  for (const [email, why] of [
    ["margaret.okafor", "The Owner's device cannot be reset here."],
    ["amara.lindqvist", "You cannot reset your own device."],
    ["eli.brandt", "no mobile device"],
  ] as const) {
    await page.goto(`/?q=${email}`);
    const row = page.getByRole("row").filter({ hasText: `${email}@northwind.example` });
    await expect(row).toContainText(why);
    await expect(row.getByRole("button")).toHaveCount(0);
  }
});

test("the search is cleared by its button, and the caret stays in the field", async ({ page }) => {
  await page.goto("/?q=haddad");
  const search = page.getByRole("searchbox", { name: /search users/i });
  await expect(search).toHaveValue("haddad");
  await page.getByRole("button", { name: "Clear the search" }).click();
  await expect(search).toHaveValue("");
  await expect(search).toBeFocused();
  await expect(page).toHaveURL("/");
  await expect(page.getByText(`${USERS} users`, { exact: true })).toBeVisible();
});

test("a workspace of one has one user, and one of nobody says so", async ({ page }) => {
  let left = 1;
  await page.route("**/api/users", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { users: UserRow[] };
    await route.fulfill({ response, json: { ...list, users: list.users.slice(0, left) } });
  });
  await page.goto(USERS_LIST);
  const found = page.locator("users-screen .found [role=status]");
  await expect(found).toHaveText("1 user");
  await page.getByRole("searchbox", { name: /search users/i }).fill("nobody is called like this");
  await expect(found).toHaveText("0 of 1 user");
  left = 0;
  await page.goto(USERS_LIST);
  await expect(page.getByRole("heading", { name: "This workspace has no users" })).toBeVisible();
  await expect(found).toHaveText("0 users");
});

test("a status or role that this page does not know is shown all the same", async ({ page }) => {
  await page.route("**/api/users", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { users: UserRow[] };
    Object.assign(list.users[0] ?? {}, {
      firstName: "Unheard",
      lastName: "Of",
      role: "GRAND_VIZIER",
      status: "ASLEEP",
    });
    await route.fulfill({ response, json: list });
  });
  await page.goto("/?q=unheard");
  const row = page.getByRole("row", { name: /Unheard Of/ });
  await expect(row).toContainText("Grand vizier");
  await expect(row).toContainText("Asleep");
});

test("keeps what it has when Fireblocks cannot be read, and says so", async ({ page }) => {
  await page.clock.install();
  await page.goto(USERS_LIST);
  await expect(page.getByText(`${USERS} users`, { exact: true })).toBeVisible();
  await page.route("**/api/users", (route) => route.abort());
  await page.getByRole("button", { name: "Read again" }).click();
  await expect(page.getByRole("heading", { name: "This service cannot be reached" })).toBeVisible();
  await expect(page.getByText(`${USERS} users`, { exact: true })).toBeVisible();
  // How old it is stands beside it.
  await expect(page.getByText("Read from Fireblocks just now")).toBeVisible();
  await page.clock.fastForward("05:00");
  await expect(page.getByText("Read from Fireblocks 5 minutes ago")).toBeVisible();
  await page.unroute("**/api/users");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "This service cannot be reached" })).toHaveCount(0);
});
