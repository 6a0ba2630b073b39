/** The worker without its records, and a network that answers in its place: the page says no more than it knows. */
import type { Page, Route } from "@playwright/test";
import {
  confirmButton,
  contentOfDialog,
  expect,
  fillDialog,
  NOTE,
  nameOf,
  onRecord,
  openDialog,
  recordOf,
  requestReset,
  test,
  USERS,
  USERS_LIST,
} from "./support.ts";

const RESETS = "**/v1/management/users/*/reset_device";
const RECORDS = /\/api\/resets([/?]|$)/;

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

const without = (route: Route, code: number, outcome: string, more: object = {}) => {
  const message = "The worker cannot reach its records now.";
  const json = { message, code, outcome, error: { type: "INTERNAL", message }, ...more };
  return route.fulfill({ status: 503, json });
};

/** The worker's D1 is away: no record can be read. */
const loseRecords = (page: Page) => page.route(RECORDS, (route) => without(route, 1503, "refused"));

const FAILURES: [string, (route: Route) => Promise<void>, title: string | RegExp][] = [
  ["D1 is away", (route) => without(route, 1503, "refused"), "The record could not be read"],
  [
    "the worker fails in a way that nobody foresaw",
    (route) =>
      route.fulfill({
        status: 500,
        json: { message: "Nobody foresaw this.", code: 1599, outcome: "notSent", error: {} },
      }),
    "The record could not be read",
  ],
  ["the network is gone", (route) => route.abort("internetdisconnected"), "This service cannot be reached"],
  [
    "a proxy has no such page",
    (route) => route.fulfill({ status: 404, body: "<h1>404</h1>", contentType: "text/html" }),
    "Something else answered in place of this service",
  ],
  ["a tunnel is down", (route) => route.fulfill({ status: 530, body: "error code: 1033" }), "Something else answered"],
];

for (const [what, answer, title] of FAILURES) {
  test(`a record cannot be read because ${what}: said so, and nothing of its reset`, async ({ page, freshUser }) => {
    const record = await requestReset(page, await freshUser());
    await page.route(RECORDS, answer);
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(page.getByRole("main")).toContainText("ould not be read");
    await expect(page.getByRole("main")).not.toContainText(/Nothing was|No device was reset|may or may not/);
    await page.unroute(RECORDS);
    // Once it can be read again, the page goes on by itself, or when it is asked to.
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("Waiting for approval").first()).toBeVisible();
    expect(page.url()).toContain(record);
  });
}

test("a record that was seen stays, when it cannot be read again, with what is known of that", async ({
  page,
  freshUser,
}) => {
  const user = await freshUser();
  await requestReset(page, user);
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeVisible();
  await loseRecords(page);
  await expect(page.getByText("Not up to date. This service could not read it just now.")).toBeVisible();
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
});

test("a reset confirmed while D1 is away did not arrive: the same key and note are offered again", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await page.clock.install();
  await openDialog(page, user);
  await fillDialog(page, user);
  const keys = new Set<string | undefined>();
  page.on("request", (request) => {
    if (request.method() === "POST") keys.add(request.headers()["idempotency-key"]);
  });
  const recordId = crypto.randomUUID();
  await loseRecords(page);
  // The worker names the record that it meant to write.
  await page.route(RESETS, (route) => without(route, 1502, "unknown", { recordId }));
  await confirmButton(page).click();
  await page.clock.runFor("01:00");
  await expect(contentOfDialog(page)).toContainText("It is not clear what happened.");
  await expect(page).toHaveURL(/reset=/);

  // A minute later D1 is back, and the record is not in it.
  await page.unroute(RESETS);
  await page.unroute(RECORDS);
  await page.clock.fastForward("01:00");
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(contentOfDialog(page)).toContainText("The request did not arrive.");
  await expect(contentOfDialog(page)).toContainText("nothing was sent to Fireblocks");
  expect(await simulator.approvals(user.id)).toEqual([]);

  await page.getByRole("button", { name: "Send it again" }).click();
  const sent = await onRecord(page);
  expect(sent).not.toBe(recordId);
  expect(await recordOf(page, sent)).toMatchObject(NOTE);
  expect([...keys]).toHaveLength(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("a reset that the worker could not record did not arrive, and keeps its key over a reload", async ({
  page,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await openDialog(page, user);
  await fillDialog(page, user);
  const keys = new Set<string | undefined>();
  page.on("request", (request) => {
    if (request.method() === "POST") keys.add(request.headers()["idempotency-key"]);
  });
  await page.route(RESETS, (route) => without(route, 1502, "refused", { recordId: crypto.randomUUID() }));
  await confirmButton(page).click();
  await expect(contentOfDialog(page)).toContainText("The request did not arrive.");
  // Past the time in which the worker could still record it.
  await page.clock.install({ time: Date.now() + 60_000 });
  await page.reload();
  await expect(contentOfDialog(page)).toContainText("The request did not arrive.");
  await page.unroute(RESETS);
  await page.getByRole("button", { name: "Send it again" }).click();
  await onRecord(page);
  expect([...keys]).toHaveLength(1);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("one odd user, and an answer that is no list, are met", async ({ page }) => {
  await page.route("**/api/users", async (route) => {
    const response = await route.fetch();
    const list = (await response.json()) as { users: unknown[] };
    const odd = [null, 7, { id: "odd", firstName: 3, email: { at: "x" }, role: null, status: [] }];
    await route.fulfill({ response, json: { ...list, users: [...odd, ...list.users] } });
  });
  await page.goto(USERS_LIST);
  await expect(page.getByText(`${USERS + 1} users`, { exact: true })).toBeVisible();
  await page.getByRole("searchbox", { name: /search users/i }).fill("noor");
  await expect(page.getByRole("row", { name: "Noor Haddad" })).toBeVisible();

  await page.route("**/api/users", (route) => route.fulfill({ body: "<h1>Welcome to the airport</h1>" }));
  await page.goto(USERS_LIST);
  await expect(page.getByRole("heading", { name: "Something else answered in place of this service" })).toBeVisible();
  await expect(page.getByText("The list of users could not be read.")).toBeVisible();
});
