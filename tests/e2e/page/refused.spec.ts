import type { RefusedAttempt } from "fireblocks-reset-device/gateway-api";
import { expect, nameOf, personHeaders, test } from "./support.ts";

test("an auditor finds who tried what they may not, and why it was refused", async ({
  page,
  as,
  stack,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  const tries = async (person: string, path: string) => {
    const headers = await personHeaders(stack.url, simulator, person);
    const body = JSON.stringify({ reason: "Lost phone", verifiedBy: "Call" });
    const response = await fetch(stack.url + path, {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body,
    });
    expect(response.ok).toBe(false);
  };
  for (let times = 0; times < 3; times++) {
    await tries("eli.brandt", `/v1/management/users/${user.id}/reset_device`);
  }
  const record = crypto.randomUUID();
  await tries("priya.nair", `/api/resets/${record}/settle`);

  await as("tomas.herrera");
  await page.goto("/resets");
  await page.getByRole("link", { name: "Refused attempts" }).press("Enter");
  await expect(page).toHaveURL("/refused");
  await expect(page.getByRole("heading", { name: "Refused attempts", level: 1 })).toBeVisible();
  const rows = page.getByRole("table", { name: "Refused attempts" }).getByRole("row");
  const eli = rows.filter({ hasText: "eli.brandt@northwind.example" });
  await expect(eli).toContainText("Ask for a reset");
  await expect(eli).toContainText("They do not have the role for it. (1103)");
  await expect(eli).toContainText("3 times that day");
  await expect(eli.getByRole("link", { name: nameOf(user) })).toHaveAttribute("href", `/resets?userId=${user.id}`);
  const priya = rows.filter({ hasText: "priya.nair@northwind.example" });
  await expect(priya).toContainText("Settle or close a record");
  await expect(priya.getByRole("link", { name: "Its record" })).toHaveAttribute("href", `/resets/${record}`);
  await page.getByRole("link", { name: "History" }).last().click();
  await expect(page).toHaveURL("/resets");
});

test("more of them come a page at a time, and what does not come is said beside what did", async ({ page, as }) => {
  const attempt = (id: number): RefusedAttempt => ({
    ...{ id, actor: `person-${id}@northwind.example`, actorId: `p-${id}`, action: "export", code: 1103, count: 1 },
    ...{ firstAt: Date.now(), lastAt: Date.now() },
  });
  const asked: (string | null)[] = [];
  let isBroken = true;
  await page.route("**/api/refused-attempts?*", (route) => {
    const before = new URL(route.request().url()).searchParams.get("before");
    asked.push(before);
    if (before === null) return route.fulfill({ json: { attempts: [attempt(3), attempt(2)], next: 2 } });
    if (isBroken) return route.abort();
    return route.fulfill({ json: { attempts: [attempt(1)] } });
  });
  await as("tomas.herrera");
  await page.goto("/refused");
  await expect(page.getByRole("status").filter({ hasText: "2 attempts so far" })).toBeVisible();
  const more = page.getByRole("button", { name: "Show more" });
  await more.click();
  await expect(page.getByRole("alert")).toContainText("The refused attempts could not be read.");
  await expect(page.getByText("person-3@northwind.example")).toBeVisible();
  isBroken = false;
  await more.click();
  await expect(page.getByRole("status").filter({ hasText: "3 attempts" })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(more).toHaveCount(0);
  await expect(page.getByText("person-1@northwind.example")).toBeVisible();
  expect(asked).toEqual([null, "2", "2"]);
});

test("nobody else is shown any of it", async ({ page, as }) => {
  for (const person of ["amara.lindqvist", "priya.nair"]) {
    await as(person);
    await page.goto("/resets");
    await expect(page.getByRole("heading", { name: "History" })).toBeVisible();
    await expect(page.getByRole("link", { name: "Refused attempts" })).toHaveCount(0);
    await page.goto("/refused");
    await expect(page.getByRole("heading", { name: "You may not see this" })).toBeVisible();
  }
});
