/** Who is signed in, on every width. */
import type { Session } from "fireblocks-reset-device/gateway-api";
import { expect, test } from "./support.ts";

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("a narrow header names who is signed in, and a tap tells the rest", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto("/");
  const account = page.getByRole("button", { name: "Account: amara.lindqvist@northwind.example" });
  await expect(account.getByText("amara.lindqvist")).toBeVisible();
  await account.click();
  await expect(page.getByText("amara.lindqvist@northwind.example").last()).toBeVisible();
  await expect(page.getByText("Resetter. You may:")).toBeVisible();
});

test("a long address covers nothing of the header", async ({ page }) => {
  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    const session = (await response.json()) as Session;
    const email = `${"maximiliane.".repeat(5)}winter@treasury.northwind.example`;
    await route.fulfill({ response, json: { ...session, email } });
  });
  for (const width of [360, 800, 1000, 1280]) {
    await page.setViewportSize({ width, height: 780 });
    await page.goto("/");
    const account = await page.getByRole("button", { name: /^Account/ }).boundingBox();
    const boxes = await Promise.all([
      page.getByRole("link", { name: "Device resets" }).boundingBox(),
      ...(await page.getByRole("navigation").getByRole("link").all()).map((link) => link.boundingBox()),
    ]);
    for (const box of boxes) {
      if (!account || !box) throw new Error("The header is not whole.");
      const beside = box.x + box.width <= account.x || box.y >= account.y + account.height;
      expect(beside, `${width} px: ${JSON.stringify({ box, account })}`).toBe(true);
    }
    expect((account?.x ?? 0) + (account?.width ?? Number.NaN)).toBeLessThanOrEqual(width);
  }
});

test("the button's page, for developers, is reached by the account menu and not by the main navigation", async ({
  page,
}) => {
  await page.goto("/");
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link")).toHaveText([
    ...["Users", "History", "To do", "My device"],
  ]);
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("link", { name: "The button, for developers" }).click();
  await expect(page.getByRole("heading", { name: "Button", exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign out" })).toBeHidden();
  await expect(page.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveCount(0);
});
