/** "This was not me": the person, and whoever looks after resets, each at their own screen and by the keyboard alone. */
import type { Page } from "@playwright/test";
import { press } from "./keys.ts";
import { expect, recordOf, resetAs } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

test.use({
  stackOptions: {
    users: 60,
    approveAfter: null,
    vars: {
      RATE_LIMITS: "off",
      DAILY_RESET_LIMIT: "1000",
      REQUIRE_SECOND_PERSON: "true",
      ALERT_TO: "soc@northwind.example",
    },
  },
});

test.beforeEach(({ simulator }) =>
  // The sweep runs far more often than it does on Cloudflare.
  simulator.change({ rateLimitPerMinute: { write: 100_000, query: 100_000, read: 100_000 } }),
);

const NOT_ME = "This was not me…";
/** A user's status is looked at in turns of ten seconds. */
const LONG = { timeout: 90_000 };

/** Jonas releases what Amara proposed. */
async function release(page: Page, recordId: string): Promise<void> {
  const response = await page.request.post(`/api/resets/${recordId}/release`, {
    data: {},
    failOnStatusCode: false,
    timeout: 30_000,
  });
  expect([200, 502, 504]).toContain(response.status());
}

test("before it is sent the person stops it, and nothing is ever sent", async ({
  page,
  as,
  stack,
  simulator,
  person,
}) => {
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", person.user.id);
  await expect
    .poll(async () => (await stack.mails()).filter(({ to }) => to.includes(person.user.email ?? "")).length)
    .toBe(1);
  const mail = (await stack.mails()).find(({ to }) => to.includes(person.user.email ?? ""));
  expect(mail?.text).toContain(`${stack.url}/me`);
  expect(mail?.text).toContain("amara.lindqvist@northwind.example");

  await person.page.goto("/me");
  await expect(person.page.getByRole("button", { name: NOT_ME })).toBeVisible();
  await expectUsable(person.page);
  await press(person.page, "button", NOT_ME);
  const confirmation = person.page.getByRole("region", { name: "Stop this reset?" });
  await expect(confirmation).toBeFocused();
  await expectUsable(person.page);
  await press(person.page, "button", "Stop it");
  await expect(person.page.getByText("You have stopped it.")).toBeVisible();
  await expect(person.page.getByRole("button", { name: NOT_ME })).toHaveCount(0);
  await expectUsable(person.page);

  await as("jonas.weber");
  await page.goto(`/resets/${recordId}`);
  await expect(page.getByText("Stopped", { exact: true }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Release…" })).toHaveCount(0);
  await expectUsable(page);
  expect(await simulator.approvals(person.user.id)).toEqual([]);
  await expect
    .poll(async () => (await stack.mails()).filter(({ to }) => to.includes("soc@northwind.example")).length)
    .toBeGreaterThan(0);
});

test("the person thinks better of it: nothing is stopped", async ({ stack, simulator, person, page, as }) => {
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", person.user.id);
  await person.page.goto("/me");
  await press(person.page, "button", NOT_ME);
  await press(person.page, "button", "Not now");
  await expect(person.page.getByRole("button", { name: NOT_ME })).toBeFocused();
  await as("jonas.weber");
  expect(await recordOf(page, recordId)).toMatchObject({ state: "proposed" });
});

test("while it is being sent it is contested, and everybody reads what to do", async ({
  page,
  as,
  open,
  stack,
  simulator,
  person,
}) => {
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", person.user.id);
  await simulator.order({ match: { operation: "resetDevice", userId: person.user.id }, cut: "beforeEffect" });
  await as("jonas.weber");
  await page.goto("/queue");
  await release(page, recordId);
  await person.page.goto("/me");
  await press(person.page, "button", NOT_ME);
  await expect(person.page.getByRole("region", { name: "Say that this was not you?" })).toBeVisible();
  await expectUsable(person.page);
  await press(person.page, "button", "This was not me");
  await expect(person.page.getByText("You have said that this was not you.")).toBeVisible();
  await expectUsable(person.page);

  for (const who of [page, await open("priya.nair@northwind.example")]) {
    await who.goto(`/resets/${recordId}`);
    await expect(who.getByRole("heading", { name: "The person says that this was not them" })).toBeVisible();
    await expect(who.getByText("Contested", { exact: true }).first()).toBeVisible();
    await expect(who.getByText("Look in the Fireblocks Console now").first()).toBeVisible();
  }
  await expectUsable(page);
});

for (const [eligible, told] of [
  [false, "Fireblocks did not let this service reject the request"],
  [true, "This service has had the request rejected in Fireblocks"],
] as const) {
  test(`after it was sent ${eligible ? "its request is rejected" : "people are told to reject its request"}`, async ({
    page,
    as,
    stack,
    simulator,
    person,
  }) => {
    await simulator.change({ apiUserEligible: eligible });
    const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", person.user.id);
    await as("jonas.weber");
    await page.goto("/queue");
    await release(page, recordId);
    await person.page.goto("/me");
    await press(person.page, "button", NOT_ME);
    await press(person.page, "button", "This was not me");
    await expect(person.page.getByText("You have said that this was not you.")).toBeVisible();
    await page.goto(`/resets/${recordId}`);
    await expect(page.getByRole("heading", { name: "The person says that this was not them" })).toBeVisible();
    if (eligible) {
      await expect(page.getByText("Rejected", { exact: true }).first()).toBeVisible();
      expect((await simulator.approvals(person.user.id)).map(({ status }) => status)).toEqual(["REJECTED"]);
    } else {
      await expect(page.getByText(told)).toBeVisible();
      expect((await simulator.approvals(person.user.id)).map(({ status }) => status)).toEqual(["PENDING"]);
    }
    await expectUsable(page);
    await simulator.change({ apiUserEligible: false });
  });
}

test("after its end the person raises an alarm, and somebody who has no part in it closes it", async ({
  page,
  as,
  open,
  stack,
  simulator,
  person,
}) => {
  test.slow();
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", person.user.id);
  await as("jonas.weber");
  await page.goto("/queue");
  await release(page, recordId);
  const [approval] = await simulator.approvals(person.user.id);
  // Once its request was seen to wait, its end is known for its own.
  await expect.poll(async () => (await recordOf(page, recordId)).approvals?.threshold, LONG).toBeDefined();
  await simulator.approve(approval?.id ?? "");
  await expect.poll(async () => (await recordOf(page, recordId)).state, LONG).toBe("awaitingPairing");
  await simulator.advance(person.user.id);
  await simulator.advance(person.user.id);
  await expect.poll(async () => (await recordOf(page, recordId)).state, LONG).toBe("completed");

  await person.page.goto("/me");
  await press(person.page, "button", NOT_ME);
  await expect(person.page.getByLabel("What have you noticed?")).toBeFocused();
  await press(person.page, "button", "Raise the alarm");
  await expect(person.page.getByText("Say it in a few words.")).toBeVisible();
  await person.page.keyboard.type("I never asked for this.");
  await expectUsable(person.page);
  await press(person.page, "button", "Raise the alarm");
  await expect(person.page.getByText("You have raised an alarm.").first()).toBeVisible();
  await expectUsable(person.page);

  // Whoever asked cannot close it.
  const amara = await open("amara.lindqvist@northwind.example");
  await amara.goto("/queue");
  const close = new RegExp(`^Close the alarm of ${person.name}`);
  await press(amara, "button", close);
  await amara.keyboard.type("Nothing at all.");
  await press(amara, "button", "Close the alarm");
  await expect(amara.getByText("You asked for a reset that this alarm may be about").first()).toBeVisible();
  await expectUsable(amara);

  const tomas = await open("tomas.herrera@northwind.example");
  await tomas.goto(`/resets/${recordId}`);
  await expect(tomas.getByText("“I never asked for this.”")).toBeVisible();
  await expectUsable(tomas);
  await tomas.goto("/queue");
  await press(tomas, "button", close);
  await expect(tomas.getByLabel("What was found?")).toBeFocused();
  await tomas.keyboard.type("Called back on the known number: it was them.");
  await expectUsable(tomas);
  await press(tomas, "button", "Close the alarm");
  await expect(tomas.getByRole("button", { name: close })).toHaveCount(0);
  await expect(tomas.getByText("The alarm is closed.")).toBeFocused();
  await person.page.reload();
  await expect(person.page.getByText("You have raised an alarm.")).toHaveCount(0);
});

test("an alarm about no reset of ours", async ({ person, page, as }) => {
  await person.page.goto("/me");
  await expect(person.page.getByRole("heading", { name: "Somebody pretends to be me" })).toBeVisible();
  await press(person.page, "button", "Raise an alarm…");
  await expect(person.page.getByLabel("What have you noticed?")).toBeFocused();
  await person.page.keyboard.type("Somebody called me for a code.");
  await press(person.page, "button", "Raise the alarm");
  await expect(person.page.getByText("You have raised an alarm.")).toBeVisible();
  await as("jonas.weber");
  await page.goto("/queue");
  await expect(page.getByText("“Somebody called me for a code.”")).toBeVisible();
  await expectUsable(page);
});
