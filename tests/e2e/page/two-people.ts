/** Somebody whose device it is, at a browser of their own, beside whoever looks after resets. */
import type { Browser, BrowserContext, Page } from "@playwright/test";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { callAsOwnPage } from "../../../scripts/screenshots/own-page.mjs";
import { localRoles } from "../../../scripts/stack.mjs";
import { clippings } from "./clippings.ts";
import { expect, expectAccessible, nameOf, test as pageTest } from "./support.ts";

interface Fixtures {
  /** Somebody who needs help, or has a reset that is not theirs, at a screen of their own. */
  person: { page: Page; user: UserRow; name: string };
  /** Signs one more person in, at a browser of their own. */
  open: (email: string) => Promise<Page>;
}

const LOOKING_AFTER = new Set(Object.values(localRoles).flat());

export const test = pageTest.extend<Fixtures>({
  open: async ({ browser, stack, as }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (email) => {
      const context = await contextOf(browser, stack.url);
      contexts.push(context);
      await as(email.split("@")[0] ?? "", context);
      return context.newPage();
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
  person: async ({ open, freshUser }, use) => {
    let user = await freshUser();
    // Whoever looks after resets has a part in the stories themselves.
    while (LOOKING_AFTER.has(user.email ?? "")) user = await freshUser();
    await use({ page: await open(user.email ?? ""), user, name: nameOf(user) });
  },
});

async function contextOf(browser: Browser, baseURL: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL, locale: "en-GB", timezoneId: "UTC", reducedMotion: "reduce" });
  callAsOwnPage(context, baseURL);
  return context;
}

/** Whoever looks, in either theme, at 360 px. */
export async function expectUsable(page: Page): Promise<void> {
  await expectAccessible(page);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 780 });
  expect(await clippings(page)).toEqual([]);
  if (size) await page.setViewportSize(size);
}
