import { expect, test } from "./support.ts";

test.use({ stackOptions: { users: 10_000, approveAfter: null, vars: { RATE_LIMITS: "off" } } });

/** A single time says more of what else the machine does than of the page. */
const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

test("10 000 users stay smooth", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto("/");
  await expect(page.getByText("10,000 users", { exact: true })).toBeVisible();
  const grid = page.getByRole("grid", { name: "Users" });
  await expect(grid).toHaveAttribute("aria-rowcount", "10001");
  const rows = page.locator("user-list .body [role=row]");

  // Only what is in sight exists.
  expect(await rows.count()).toBeLessThan(60);

  // The whole length is there to be scrolled, by mouse and by keyboard.
  await rows.first().focus();
  await page.keyboard.press("End");
  await expect(page.locator('[aria-rowindex="10001"]')).toBeFocused();
  expect(await rows.count()).toBeLessThan(60);
  await page.keyboard.press("Home");
  await expect(page.locator('[aria-rowindex="2"]')).toBeFocused();

  // Each key's work, from the event to the next frame, in milliseconds.
  const search = page.getByRole("searchbox", { name: /search users/i });
  await search.focus();
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { times });
    addEventListener(
      "input",
      () => {
        const start = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - start)));
      },
      { capture: true },
    );
  });
  await page.keyboard.type("marga", { delay: 150 });
  const times = () => page.evaluate(() => (window as unknown as { times: number[] }).times);
  await expect.poll(async () => (await times()).length).toBe(5);
  const typed = await times();
  // 200 ms is where people begin to feel a delay (the threshold of "good" for Interaction to Next Paint).
  expect(median(typed), `milliseconds: ${typed.map(Math.round)}`).toBeLessThan(200);
  await expect(page.getByText(/of 10,000 users$/)).toBeVisible();

  // Scrolling from end to end, step by step: each is drawn before the next.
  await search.fill("");
  const steps = await page.evaluate(async () => {
    const durations: number[] = [];
    const end = document.documentElement.scrollHeight;
    for (let step = 1; step <= 40; step++) {
      const start = performance.now();
      scrollTo(0, (end * step) / 40);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      durations.push(performance.now() - start);
    }
    return durations;
  });
  expect(median(steps), `milliseconds: ${steps.map(Math.round)}`).toBeLessThan(200);
});
