// At the floor of what the button asks for (Baseline 2023), and below it: without what newer browsers have it works,
// plainer. Chromium plays the older ones, by what is taken away from it.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Page, test } from "@playwright/test";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";
import { TestGateway } from "./support/gateway.ts";

const MISSING: Record<string, string> = {
  "custom states that take only names with two dashes (Chrome before 125)": `
    const { add } = CustomStateSet.prototype;
    CustomStateSet.prototype.add = function (name) {
      if (!name.startsWith("--")) throw new DOMException("not a dashed name", "SyntaxError");
      return add.call(this, name);
    };`,
  "custom states (Safari before 17.4)": `
    Object.defineProperty(ElementInternals.prototype, "states", { value: undefined });
    delete globalThis.CustomStateSet;`,
  attachInternals: "delete HTMLElement.prototype.attachInternals;",
  showModal: "delete HTMLDialogElement.prototype.showModal;",
  "every method of a dialog": `
    for (const name of ["showModal", "show", "close", "requestClose"]) delete HTMLDialogElement.prototype[name];`,
  "constructed style sheets": `globalThis.CSSStyleSheet = class { constructor() { throw new TypeError("Illegal constructor"); } };`,
  replaceSync: "delete CSSStyleSheet.prototype.replaceSync;",
  "crypto.randomUUID": "delete Crypto.prototype.randomUUID;",
};
MISSING["all of it"] = Object.values(MISSING).slice(1).join("\n");

let gateway: TestGateway;
test.beforeEach(async () => {
  gateway = await new TestGateway().start();
});
test.afterEach(() => gateway.stop());

const trigger = (page: Page) => page.getByRole("button", { name: "Reset device" });
const confirm = (page: Page) => page.locator("[part~=confirm]");

for (const [what, taken] of Object.entries(MISSING)) {
  test(`without ${what}`, async ({ page }) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.addInitScript(taken);
    await page.goto(gateway.url);
    await trigger(page).click();
    await expect(confirm(page)).toHaveText("Request the reset");
    await page.keyboard.press("Escape");
    await expect(page.locator("dialog")).not.toBeVisible();
    await trigger(page).click();
    await page.getByLabel("How was the user's identity verified?").fill("video call");
    await page.getByLabel("Reason").fill("lost phone");
    await confirm(page).click();
    await expect(page.getByRole("status")).toContainText("Approval requested");
    await expect(page.locator("dialog")).not.toBeVisible();
    await expect(trigger(page)).toBeFocused();
    expect(gateway.resets).toHaveLength(1);
    expect(errors).toEqual([]);
  });
}

test("shows one state at a time to the page's style sheets, by its name or by the older kind of name", async ({
  page,
}) => {
  await page.goto(gateway.url);
  const matches = (...selectors: string[]) =>
    page.evaluate(
      (all) => all.filter((selector) => document.querySelector(`fireblocks-reset-device${selector}`)),
      selectors,
    );
  const all = [":state(idle)", ":state(confirming)", ":state(--idle)", ":state(--confirming)"];
  expect(await matches(...all)).toEqual([":state(idle)"]);
  await trigger(page).click();
  expect(await matches(...all)).toEqual([":state(confirming)"]);
  await page.addInitScript(Object.values(MISSING)[0] as string);
  await page.reload();
  await trigger(page).click();
  expect(await matches(...all)).toEqual([":state(--confirming)"]);
});

test("without light-dark() the dialog still covers what is behind it", async ({ page }) => {
  await page.route("**/pkg/button/index.js", async (route) => {
    const response = await route.fetch();
    // A function that no browser knows, for one that an older browser does not.
    await route.fulfill({ response, body: (await response.text()).replaceAll("light-dark(", "newer-than-2023(") });
  });
  await page.goto(gateway.url);
  for (const colorScheme of ["light", "dark"]) {
    await page.evaluate((scheme) => {
      document.documentElement.style.colorScheme = scheme;
    }, colorScheme);
    await trigger(page).click();
    await expect(confirm(page)).toHaveText("Request the reset");
    const [surface, text] = await page.locator("dialog").evaluate((dialog) => {
      const { backgroundColor, color } = getComputedStyle(dialog);
      return [backgroundColor, color];
    });
    expect(surface).toMatch(/^rgb\(/);
    expect(text).not.toBe(surface);
    await page.keyboard.press("Escape");
  }
});

for (const dom of ["jsdom", "happy-dom"]) {
  test(`in ${dom} it is rendered, pressed and confirmed, as in other people's tests`, async () => {
    const program = join(repository, "tests", "button", "support", "other-dom.mjs");
    const { stdout } = await promisify(execFile)("node", [program, dom], { env: toolEnvironment() });
    expect(JSON.parse(stdout)).toMatchObject({
      open: { dialog: true, word: "Request the reset" },
      closed: true,
      sent: [{ id: "user-1", note: { reason: "reason", verifiedBy: "verifiedBy", reference: "reference" } }],
      events: ["confirming", "sending", "requested", "approvalRequested"],
      state: "approvalRequested",
    });
  });
}
