/** What somebody does who has no mouse: what no Tab leads to cannot be had. */
import type { Locator, Page } from "@playwright/test";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { expect, NOTE } from "./support.ts";

/** No screen that a story leads over has more stops than this. */
const STOPS = 100;

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < STOPS; stop++) {
    if (await target.evaluate((element) => element.matches(":focus, :focus-within"))) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`No Tab leads to ${target}.`);
}

/** Gets there, and presses Enter. */
export async function pressEnter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

/** Gets to the button or the link of that name, and presses Enter. */
export function press(page: Page, role: "button" | "link", name: string | RegExp): Promise<void> {
  return pressEnter(page, page.getByRole(role, { name, exact: true }));
}

/** Gets to a box or a choice, and ticks it. */
export async function tick(page: Page, label: string): Promise<void> {
  await tabTo(page, page.getByLabel(label));
  await page.keyboard.press("Space");
}

/** Gets to a field, and types in place of what it holds; all at once, since the field is what counts. */
export async function typeInto(page: Page, label: string | RegExp, text: string): Promise<void> {
  await tabTo(page, page.getByLabel(label));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(text);
}

/** Types what the dialog asks for. */
export async function typeNote(page: Page, { email = "" }: UserRow): Promise<void> {
  await typeInto(page, /in your own words/i, NOTE.verifiedBy);
  await typeInto(page, /why is the reset needed/i, NOTE.reason);
  await typeInto(page, /ticket or reference/i, NOTE.reference);
  await typeInto(page, `Type ${email} to confirm`, email);
}
