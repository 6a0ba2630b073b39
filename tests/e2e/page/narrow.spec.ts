/** Ids and addresses on a narrow screen. */
import { expect, requestReset, test } from "./support.ts";

test.use({ viewport: { width: 360, height: 780 } });

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

test("the way around is whole, whichever of its entries is the present one", async ({ page }) => {
  await page.route("**/api/session", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), todo: 12, policy: true } });
  });
  for (const path of ["/?q=", "/resets", "/queue", "/me"]) {
    await page.goto(path);
    const nav = page.getByRole("navigation", { name: "Main" });
    await expect(nav.locator("[aria-current]")).toBeVisible();
    const { content, room } = await nav.evaluate(({ scrollWidth, clientWidth }) => ({
      content: scrollWidth,
      room: clientWidth,
    }));
    expect(content, path).toBeLessThanOrEqual(room);
  }
});

test("the button's page shows a whole id in its field", async ({ page, freshUser }) => {
  const { id } = await freshUser();
  await page.goto("/button");
  const field = page.getByLabel("User id");
  await field.fill(id);
  const { content, room } = await field.evaluate((input) => ({
    content: input.scrollWidth,
    room: input.clientWidth,
  }));
  expect(content).toBeLessThanOrEqual(room);
});

test("an address is broken before its @ or not at all", async ({ page, freshUser }) => {
  const record = await requestReset(page, await freshUser());
  // What awaits a second person names the one who asked.
  await page.route(`**/api/resets/${record}`, async (route) => {
    const response = await route.fetch();
    const { demands, ...whole } = await response.json();
    const json = { ...whole, state: "proposed", demands: { ...demands, secondPerson: true } };
    await route.fulfill({ response, json });
  });
  for (const [path, place] of [
    ["/resets", page.locator("reset-table .by").first()],
    [`/resets/${record}`, page.locator("record-timeline .awaited")],
  ] as const) {
    await page.goto(path);
    await expect(place).toContainText("amara.lindqvist@northwind.example");
    // On how many lines each half stands.
    const lines = await place.evaluate((element) => {
      const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const range = document.createRange();
      const found: number[] = [];
      for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
        for (const half of ["amara.lindqvist", "@northwind.example"]) {
          const start = text.data.indexOf(half);
          if (start === -1) continue;
          range.setStart(text, start);
          range.setEnd(text, start + half.length);
          found.push(range.getClientRects().length);
        }
      }
      return found;
    });
    expect(lines, path).toEqual([1, 1]);
  }
});
