/** What a long list costs: as much as a short one, wherever one looks. Counted, not timed: a busy machine is no fault. */
import type { Page } from "@playwright/test";
import type { UserList } from "fireblocks-reset-device/gateway-api";
import { expect, test } from "./support.ts";

test.use({ stackOptions: { users: 10_000, approveAfter: null, vars: { RATE_LIMITS: "off" } } });

/** Fits into the window some times over, and is no effort for anything. */
const FEW = 60;

/** How much more work all of them may be than few, times. Each key looks through every name, which is little beside drawing. */
const MOST_EFFORT = 6;

/** Types a search and clears it; scrolls from end to end. */
const USES = ["type", "scroll"] as const;

interface Work {
  /** How long the page's thread was at work, by its own count: what else the machine does is not in it. */
  effort: number;
  /** The most rows that were drawn anew for one step, and the most frames that passed until they were in sight. */
  rows: number;
  frames: number;
  /** How often the page was laid out for one step, on average. */
  layouts: number;
}

test("10 000 users stay smooth", async ({ page, as }) => {
  await as("amara.lindqvist");
  await open(page, 10_000);
  const grid = page.getByRole("grid", { name: "Users" });
  await expect(grid).toHaveAttribute("aria-rowcount", "10001");

  // Only what is in sight exists.
  const inSight = await rows(page).count();
  expect(inSight).toBeLessThan(60);

  // The whole length is there to be scrolled, by mouse and by keyboard.
  await rows(page).first().focus();
  await page.keyboard.press("End");
  await expect(page.locator('[aria-rowindex="10001"]')).toBeFocused();
  expect(await rows(page).count()).toBeLessThan(60);
  await page.keyboard.press("Home");
  await expect(page.locator('[aria-rowindex="2"]')).toBeFocused();

  await page.route("**/api/users", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as UserList;
    await route.fulfill({ response, json: { ...list, users: list.users.slice(0, FEW) } });
  });
  await open(page, FEW);
  const few = { type: await use(page, "type"), scroll: await use(page, "scroll") };
  await page.unroute("**/api/users");

  // What is fetched meanwhile, or collected as garbage, is now and then a part of it.
  await expect(async () => {
    await open(page, 10_000);
    const many = { type: await use(page, "type"), scroll: await use(page, "scroll") };
    for (const use of USES) {
      const said = `${use}: ${JSON.stringify({ few: few[use], many: many[use] })}`;
      expect(many[use].effort, said).toBeLessThanOrEqual(MOST_EFFORT * few[use].effort);
      expect(many[use].rows, said).toBeLessThanOrEqual(2 * inSight);
      expect(many[use].frames, said).toBeLessThanOrEqual(few[use].frames + 1);
      expect(many[use].layouts, said).toBeLessThanOrEqual(2 * few[use].layouts);
    }
  }).toPass({ timeout: 120_000 });
});

const rows = (page: Page) => page.locator("user-list .body [role=row]");

async function open(page: Page, users: number): Promise<void> {
  await page.goto("/");
  await expect(page.getByText(`${users.toLocaleString("en-GB")} users`, { exact: true })).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
}

/** Uses the list, step by step: each is drawn before the next. */
async function use(page: Page, how: (typeof USES)[number]): Promise<Work> {
  const metrics = await page.context().newCDPSession(page);
  await metrics.send("Performance.enable", { timeDomain: "threadTicks" });
  const counted = async () => {
    const { metrics: values } = await metrics.send("Performance.getMetrics");
    const metric = (wanted: string) => values.find(({ name }) => name === wanted)?.value ?? Number.NaN;
    return { TaskDuration: metric("TaskDuration"), LayoutCount: metric("LayoutCount") };
  };
  const before = await counted();
  const { steps, ...work } = await page.evaluate(async (use) => {
    const list = document.querySelector("reset-app")?.shadowRoot?.querySelector("users-screen")?.shadowRoot;
    const grid = list?.querySelector("user-list")?.shadowRoot;
    const field = list?.querySelector("search-field")?.shadowRoot?.querySelector("input");
    if (!grid || !field) throw new Error("The list is not there.");
    let drawn = 0;
    const changes = new MutationObserver((records) => {
      for (const { addedNodes } of records) for (const node of addedNodes) if (node instanceof HTMLElement) drawn++;
    });
    changes.observe(grid.querySelector(".body") as Element, { childList: true });

    const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    /** Whether a row stands in the middle of the window, or the list is above it. */
    const isDrawn = () => {
      const { bottom } = (grid.querySelector(".body") as Element).getBoundingClientRect();
      const middle = innerHeight / 2;
      return (
        bottom < middle ||
        [...grid.querySelectorAll(".body [role=row]")].some((row) => {
          const box = row.getBoundingClientRect();
          return box.top <= middle && box.bottom >= middle;
        })
      );
    };
    let most = 0;
    let slowest = 0;
    let steps = 0;
    const step = async (act: () => void) => {
      drawn = 0;
      act();
      let frames = 0;
      do {
        await frame();
        frames++;
      } while (!isDrawn() && frames < 60);
      most = Math.max(most, drawn);
      slowest = Math.max(slowest, frames);
      steps++;
    };

    const type = (text: string) => () => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    };
    if (use === "type") for (const text of ["m", "ma", "mar", "marg", "marga", ""]) await step(type(text));
    else {
      const end = document.documentElement.scrollHeight;
      for (let part = 1; part <= 40; part++) await step(() => scrollTo(0, (end * part) / 40));
    }
    return { rows: most, frames: slowest, steps };
  }, how);
  const after = await counted();
  return {
    ...work,
    effort: after.TaskDuration - before.TaskDuration,
    layouts: (after.LayoutCount - before.LayoutCount) / steps,
  };
}
