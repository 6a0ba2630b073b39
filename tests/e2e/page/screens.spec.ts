/** Every state of the page: readable by whoever and whatever reads it, in either theme and on every width. */
import type { BrowserContext, Page } from "@playwright/test";
import { callAsOwnPage } from "../../../scripts/screenshots/own-page.mjs";
import { leave, type State, show, states } from "../../../scripts/screenshots/states.mjs";
import { fillWorkspace, type Workspace } from "../../../scripts/screenshots/workspace.mjs";
import { clippings } from "./clippings.ts";
import { expect, expectAccessible, test as pageTest } from "./support.ts";

/** The states are looked at in one workspace and one browser, which loads the page's code once. Each has a page of its own. */
const test = pageTest.extend<object, { workspace: Workspace; browserOfAll: BrowserContext }>({
  // What is looked at stays as it is.
  scheduled: [false, { scope: "worker" }],
  workspace: [async ({ stack }, use) => use(await fillWorkspace(stack)), { scope: "worker", timeout: 180_000 }],
  browserOfAll: [
    async ({ browser, stack }, use, { project }) => {
      const { viewport = null, locale = "en-GB", timezoneId = "UTC" } = project.use;
      const context = await browser.newContext({
        baseURL: stack.url,
        viewport,
        locale,
        timezoneId,
        colorScheme: "light",
        reducedMotion: "reduce",
      });
      callAsOwnPage(context, stack.url);
      await use(context);
      await context.close();
    },
    { scope: "worker" },
  ],
  context: async ({ browserOfAll }, use) => {
    await use(browserOfAll);
    await browserOfAll.clearCookies();
  },
  page: async ({ context }, use) => {
    const page = await context.newPage();
    await use(page);
    // The next one finds no request that this one has left under way, nor its theme.
    await page.evaluate(() => {
      localStorage.clear();
      sessionStorage.clear();
    });
    await leave(page);
  },
});

// Nearly half of the page's tests are here: they are shared out among the workers.
test.describe.configure({ mode: "parallel" });

/** A phone, and a window of 1280 × 900 at 200 %, which has the room of 640 × 450. */
const NARROW = [
  { width: 360, height: 780 },
  { width: 640, height: 450 },
];

/** Gives a new size two frames to be drawn in. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

for (const [name, state] of Object.entries(states)) {
  test(`${name}: axe finds nothing in either theme, and nothing is cut off at 360 px and at 200 % zoom`, async ({
    page,
    stack,
    workspace,
  }) => {
    const origins = new Set<string>();
    page.on("request", (request) => origins.add(new URL(request.url()).origin));
    await show(page, state, stack, workspace);
    await expectAccessible(page);
    for (const size of NARROW) {
      await page.setViewportSize(size);
      await drawn(page);
      expect(await clippings(page), `${size.width} px`).toEqual([]);
    }
    expect([...origins], "nothing comes from elsewhere").toEqual([stack.url]);
  });
}

test("what is cut off, or runs past its panel, is seen", async ({ page, stack, workspace }) => {
  await show(page, states.completed as State, stack, workspace);
  expect(await clippings(page)).toEqual([]);
  const heading = page.getByRole("heading", { name: "Progress" });
  // Into the panel beside it, which makes nothing wider.
  await heading.evaluate((element) => {
    element.textContent = "Progress ".repeat(12);
    element.style.whiteSpace = "nowrap";
  });
  expect(await clippings(page)).toContainEqual(expect.stringContaining("Progress runs past"));
  await heading.evaluate((element) => {
    element.style.overflow = "hidden";
  });
  expect(await clippings(page)).toContainEqual(expect.stringContaining("cuts off"));
});

for (const name of ["key-refused", "fireblocks-unreachable"] as const) {
  test(`${name}: one trouble is told once`, async ({ page, stack, workspace }) => {
    await show(page, states[name] as State, stack, workspace);
    // Both the session and the list of users have met it.
    await expect(page.locator("users-screen .waiting")).toHaveCount(0);
    await expect(page.locator("problem-panel")).toHaveCount(1);
  });
}

/** Collects what moves on a page from its start on, in every shadow tree. */
function watchMotion(): void {
  const moved = new Set<string>();
  Object.assign(window, { moved });
  const look = () => {
    const trees: (Document | ShadowRoot)[] = [document];
    for (const tree of trees) {
      for (const { shadowRoot } of tree.querySelectorAll("*")) if (shadowRoot) trees.push(shadowRoot);
      for (const animation of tree.getAnimations()) {
        const effect = animation.effect as KeyframeEffect | null;
        const length = effect?.getComputedTiming().activeDuration ?? 0;
        if (animation.playState !== "running" || Number(length) === 0) continue;
        const name = (animation as CSSAnimation).animationName ?? (animation as CSSTransition).transitionProperty;
        moved.add(`${effect?.target?.localName} ${name}`);
      }
    }
    requestAnimationFrame(look);
  };
  look();
}

test("less motion is asked for: nothing moves", async ({ page, stack, workspace }) => {
  await page.addInitScript(watchMotion);
  const moved = async () => {
    const names: string[] = [];
    for (const name of ["follow", "dialog", "shortcuts"]) {
      await show(page, states[name] as State, stack, workspace);
      names.push(...(await page.evaluate(() => [...(window as unknown as { moved: Set<string> }).moved])));
    }
    return names;
  };
  expect(await moved()).toEqual([]);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await moved()).not.toEqual([]);
});

test("the theme is a person's choice, and stays", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveClass(/wa-dark/);
  await page.reload();
  await expect(page.locator("html")).toHaveClass(/wa-dark/);
});

test("a record prints with its exact times and without the controls", async ({ page, stack, workspace }) => {
  await show(page, states.follow as State, stack, workspace);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("navigation")).toBeHidden();
  await expect(page.getByRole("button", { name: "Copy message" })).toBeHidden();
  await expect(page.locator(".print-time").first()).toBeVisible();
});
