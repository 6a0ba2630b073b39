/** Whoever is awaited has a time: as the record and To do tell it, and what happens when it is over. */
import type { Page } from "@playwright/test";
import { letTimePass } from "../support/stack.ts";
import { pressEnter } from "./keys.ts";
import { expect, nameOf, recordOf, resetAs } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

/** A user's status is looked at in turns of ten seconds. */
const LONG = { timeout: 90_000 };

test.beforeEach(async ({ as, simulator }) => {
  await as("amara.lindqvist");
  // The sweep runs far more often than it does on Cloudflare.
  await simulator.change({ rateLimitPerMinute: { write: 100_000, query: 100_000, read: 100_000 } });
});

/** Who is awaited, in the list of what is due. */
const due = (page: Page, name: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("link", { name, exact: true }) });

/** From what is due to the record, by the keyboard alone. */
async function openFromList(page: Page, name: string, told: string | RegExp): Promise<void> {
  await page.goto("/queue");
  await expect(page.getByRole("heading", { name: "Due next" })).toBeVisible();
  await expect(due(page, name)).toContainText(told);
  await pressEnter(page, page.getByRole("link", { name, exact: true }));
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

test("the approvers': a request that nobody answers in time runs out, and a new one can be asked for", async ({
  page,
  stack,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", user.id);
  await expect.poll(async () => (await recordOf(page, recordId)).due?.awaited, LONG).toBe("approvers");
  const current = page.locator("[aria-current=step]");
  await openFromList(page, nameOf(user), /The workspace's approvers approve it\. Until .+, in 4\d hours\./);
  await expect(current).toContainText("Then the request runs out in Fireblocks, the device is not reset");

  await letTimePass(stack, simulator, recordId, 47);
  await page.reload();
  await expect(current).toContainText(/, in (1 hour|\d\d minutes)\./);
  await letTimePass(stack, simulator, recordId, 2);
  await expect.poll(async () => (await recordOf(page, recordId)).state, LONG).toBe("expired");
  await page.reload();
  await expect(page.getByText("The request ran out of time. The device was not reset.")).toBeVisible();
  await page.goto("/queue");
  await expect(page.getByRole("status", { name: "Loading what is to do" })).toHaveCount(0);
  await expect(due(page, nameOf(user))).toHaveCount(0);
  const again = await resetAs(stack.url, simulator, "amara.lindqvist", user.id);
  expect(again.status).toBe(200);
});

test("after a pairing the Owner's and then the person's: with both over, nothing is claimed but that", async ({
  page,
  stack,
  simulator,
  freshUser,
}) => {
  await simulator.change({ keySharesAfterSeconds: null });
  const user = await freshUser("SIGNER");
  const name = nameOf(user);
  const { recordId } = await resetAs(stack.url, simulator, "amara.lindqvist", user.id);
  // Once its request was seen to wait, its end is known for its own.
  await expect.poll(async () => (await recordOf(page, recordId)).approvals?.threshold, LONG).toBeDefined();
  const [approval] = await simulator.approvals(user.id);
  await simulator.approve(approval?.id ?? "");
  await simulator.advance(user.id);
  await expect.poll(async () => (await recordOf(page, recordId)).due?.awaited, LONG).toBe("owner");
  const current = page.locator("[aria-current=step]");
  await openFromList(page, name, /The workspace's Owner approves the new key shares .+ Until .+, in 4\d hours\./);
  await expect(current).toContainText("Fireblocks' help does not say what happens then");
  await expect(simulator.advance(user.id)).rejects.toThrow("the Owner must approve the key shares first");

  await letTimePass(stack, simulator, recordId, 47);
  await page.reload();
  await expect(current).toContainText(/, in (1 hour|\d\d minutes)\./);
  await simulator.act(user.id, "approve_key_shares");
  await letTimePass(stack, simulator, recordId, 2);
  await openFromList(page, name, /finishes the set-up in the Fireblocks app\. Until .+, in 4\d hours\./);

  await letTimePass(stack, simulator, recordId, 48);
  expect((await simulator.user(user.id)).setUp).toBe("missed");
  await openFromList(page, name, "Its time ran out");
  await expect(current).toContainText("a new reset may be needed");
  expect((await recordOf(page, recordId)).state).toBe("awaitingSetup");
  await expectUsable(page);
  await simulator.change({ keySharesAfterSeconds: 0 });
});
