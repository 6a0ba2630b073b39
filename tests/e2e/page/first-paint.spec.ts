/** What is seen before the page has started, and that nothing moves when it has. */
import { expect, requestReset, test } from "./support.ts";

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("the document alone paints the shell, in the theme that was chosen and without another screen's words", async ({
  page,
}) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.addInitScript(() => localStorage.setItem("reset-device/theme", "dark"));
  await page.route("**/assets/**", (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  await expect(page.locator("body")).toHaveCSS("background-color", "rgb(16, 18, 23)");
  await expect(page.locator(".shell-bar")).toHaveCSS("height", "56px");

  for (const path of ["/resets", "/resets/00000000-0000-4000-8000-000000000000", "/queue"]) {
    await page.goto(path);
    await expect(page.getByText("Device resets")).toBeVisible();
    await expect(page.getByRole("heading")).toHaveCount(0);
  }
});

test("nothing moves while a screen comes, on a slow phone and on a wide screen", async ({
  page,
  context,
  freshUser,
}) => {
  const record = await requestReset(page, await freshUser());
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  const slow = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000 };
  await devtools.send("Network.emulateNetworkConditions", slow);
  // With something to do the way leads on from "/", and says how much.
  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), todo: 12 } });
  });
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: "layout-shift", buffered: true });
  });
  for (const [width, height] of [
    [360, 780],
    [1280, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const path of ["/", "/?q=", `/resets/${record}`, "/resets", "/queue", "/button"]) {
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      await expect(page.getByRole("link", { name: "To do, 12 open" })).toBeVisible();
      await page.waitForTimeout(300);
      const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
      expect(
        shifts.reduce((sum, shift) => sum + shift, 0),
        `${path}, ${width} px`,
      ).toBeLessThan(0.001);
    }
  }
});
