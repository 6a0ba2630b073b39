import type { Page } from "@playwright/test";
import { expect, expectNoAxeViolations, requestReset, resetAs, test } from "./support.ts";

/** What each screen is called, and how one gets there. */
const SCREENS: Record<string, (ids: { user: string; record: string; unknown: string }) => string> = {
  users: () => "/",
  "nobody found": () => "/?q=nobody+like+this",
  dialog: ({ user }) => `/?reset=${user}`,
  record: ({ record }) => `/resets/${record}`,
  unknown: ({ unknown }) => `/resets/${unknown}`,
  history: () => "/resets",
  queue: () => "/queue",
  button: () => "/button",
  "not found": () => "/nowhere",
};

let ids: { user: string; record: string; unknown: string };

test.beforeEach(async ({ as, page, stack, simulator, freshUser }) => {
  await as("amara.lindqvist");
  if (ids) return;
  const unclear = await freshUser();
  await simulator.order({ match: { operation: "resetDevice", userId: unclear.id }, times: 3, status: 500, body: "" });
  const { recordId: unknown } = await resetAs(stack.url, simulator, "amara.lindqvist", unclear.id);
  const record = await requestReset(page, await freshUser());
  ids = { user: (await freshUser()).id, record, unknown };
});

async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(300);
}

/** Texts that are cut off, and what makes the page wider than the window. */
function clippings(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} px wide in ${root.clientWidth}`);
  const visit = (node: ParentNode) => {
    for (const element of node.querySelectorAll<HTMLElement>("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      const style = getComputedStyle(element);
      const hides = /hidden|clip/.test(style.overflowX + style.overflowY) && style.clipPath === "none";
      const text = element.textContent?.trim();
      const visible = element.getClientRects().length > 0 && style.visibility === "visible";
      if (!hides || !text || !visible || element.localName === "body") continue;
      if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
        found.push(`${element.localName}.${element.className}: ${text.slice(0, 40)}`);
      }
    }
  };
  visit(document);
  return found;
}

for (const [name, path] of Object.entries(SCREENS)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`${name}, ${colorScheme}: axe finds nothing`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(path(ids));
      await settled(page);
      await expectNoAxeViolations(page);
    });
  }

  test(`${name}: nothing is cut off at 360 px and at 200 % zoom`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(path(ids));
    await settled(page);
    // A window of 1280 × 900 at 200 % has the room of 640 × 450.
    for (const [width, height] of [
      [360, 780],
      [640, 450],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(300);
      expect(await page.evaluate(clippings), `${width} px`).toEqual([]);
    }
  });
}

test("signed out and without a role: axe finds nothing", async ({ page, context, as }) => {
  await context.clearCookies();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    await settled(page);
    await expectNoAxeViolations(page);
  }
  await as("eli.brandt");
  await page.goto("/");
  await settled(page);
  await expectNoAxeViolations(page);
});

test("nothing comes from elsewhere", async ({ page, stack }) => {
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  for (const path of Object.values(SCREENS)) {
    await page.goto(path(ids));
    await settled(page);
  }
  expect([...hosts]).toEqual([stack.url]);
});

test("less motion is asked for: nothing moves", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto(`/resets/${ids.record}`);
  await settled(page);
  const moving = await page.evaluate(
    () => document.getAnimations().filter(({ playState }) => playState === "running").length,
  );
  expect(moving).toBe(0);
});

test("the theme is a person's choice, and stays", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveClass(/wa-dark/);
  await page.reload();
  await expect(page.locator("html")).toHaveClass(/wa-dark/);
});

test("a record prints with its exact times and without the controls", async ({ page }) => {
  await page.goto(`/resets/${ids.record}`);
  await settled(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("button", { name: "Copy message" })).toBeHidden();
  await expect(page.locator(".print-time").first()).toBeVisible();
});
