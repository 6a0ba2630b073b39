/**
 * Resets of admins where four must be left: what is told before, what is refused, and what must still be possible. What the
 * dialog shows of it in either theme are states of their own (screens.spec.ts).
 */
import type { Page } from "@playwright/test";
import type { ResetDemands } from "fireblocks-reset-device/gateway-api";
import type { Simulator } from "../support/simulator.ts";
import { letTimePass } from "../support/stack.ts";
import { pressEnter, tabTo } from "./keys.ts";
import { confirmButton, contentOfDialog, expect, NOTE, nameOf, onRecord, openDialog, recordOf } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

// Of sixty users five are admins beside the Owner: those two who ask here, and three more.
test.use({
  stackOptions: {
    users: 60,
    approveAfter: null,
    vars: {
      RATE_LIMITS: "off",
      DAILY_RESET_LIMIT: "1000",
      MIN_READY_ADMINS: "4",
      BREAK_GLASS: "amara.lindqvist@northwind.example",
    },
  },
});

type User = Parameters<typeof openDialog>[1];

/** Fills the open dialog and confirms it, by the keyboard alone. */
async function confirmByKeyboard(page: Page, user: User): Promise<void> {
  await tabTo(page, page.getByLabel(/in your own words/i));
  for (const text of [NOTE.verifiedBy, NOTE.reason, NOTE.reference, user.email ?? ""]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await pressEnter(page, confirmButton(page));
}

async function demandsOf(page: Page, { id }: User): Promise<ResetDemands> {
  return (await page.request.get(`/api/users/${id}/demands?because=lost`)).json();
}

/** Somebody cancels the request in the Console, and the worker sees it. */
async function cancelInConsole(page: Page, simulator: Simulator, user: User, recordId: string): Promise<void> {
  // Once its request was seen to wait, its end is known for its own.
  await expect.poll(async () => (await recordOf(page, recordId)).approvals?.threshold).toBeDefined();
  const [approval] = await simulator.approvals(user.id);
  await simulator.cancel(approval?.id ?? "");
  await expect.poll(async () => (await recordOf(page, recordId)).state).toBe("cancelled");
}

test("at the edge: with four left it is sent at once, a second beside it is not offered, and after its end is", async ({
  page,
  as,
  simulator,
  freshUser,
}) => {
  await as("amara.lindqvist");
  const [first, second] = [await freshUser("NON_SIGNING_ADMIN"), await freshUser("NON_SIGNING_ADMIN")];
  const dialog = contentOfDialog(page);
  await openDialog(page, first);
  await expect(dialog).toContainText("This leaves 4 of 5 admins beside the Owner.");
  await confirmByKeyboard(page, first);
  const record = await onRecord(page);
  expect(await simulator.approvals(first.id)).toHaveLength(1);

  await openDialog(page, second);
  await expect(dialog.getByRole("heading", { name: "Another admin's reset comes first" })).toBeVisible();
  await expect(dialog).toContainText(
    `a reset of ${second.firstName}'s device would leave fewer than 4 admins with a device`,
  );
  await expect(dialog).toContainText("See it through first, or end it");
  // Nothing to type, nothing to confirm, and no emergency: whoever asks here may pass the policy over.
  await expect(dialog.locator("input, textarea, select")).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: /the reset$|^It cannot wait/ })).toHaveCount(0);
  await pressEnter(page, page.getByRole("link", { name: "Open the other reset" }));
  await expect(page).toHaveURL(`/resets/${record}`);
  expect(await simulator.approvals(second.id)).toEqual([]);

  await cancelInConsole(page, simulator, first, record);
  // What waits in Fireblocks is ten seconds old at most, too.
  await expect.poll(async () => (await demandsOf(page, second)).blocked).toBeUndefined();
  await openDialog(page, second);
  await confirmByKeyboard(page, second);
  await cancelInConsole(page, simulator, second, await onRecord(page));
});

test("below it: one alone can still be recovered, by two persons, of whom the second has a day", async ({
  page,
  as,
  open,
  stack,
  simulator,
  freshUser,
}) => {
  await as("amara.lindqvist");
  const user = await freshUser("NON_SIGNING_ADMIN");
  const name = nameOf(user);
  const { users } = (await (await page.request.get("/api/users")).json()) as { users: User[] };
  const lost = users.find(
    ({ id, role, email }) => id !== user.id && role === user.role && !email?.startsWith("jonas."),
  );
  await simulator.changeUser(lost?.id ?? "", { status: "PENDING_DEVICE_PAIRING" });
  // The worker decides on a list of users that is ten seconds old at most.
  await expect.poll(async () => (await demandsOf(page, user)).secondPerson).toBe(true);
  await openDialog(page, user);
  const dialog = contentOfDialog(page);
  await expect(dialog).toContainText(`For ${user.firstName}: a proof of identity, a second person.`);
  await expect(dialog).toContainText("Few admins would be left");
  await expect(dialog).toContainText("This leaves 3 of 4 admins beside the Owner.");
  await confirmByKeyboard(page, user);
  const record = await onRecord(page);
  const current = page.locator("[aria-current=step]");
  await expect(current).toContainText(/, in 2[34] hours\. Then it ends by itself, and nothing is sent\./);

  const jonas = await open("jonas.weber@northwind.example");
  await jonas.goto("/queue");
  await expect(jonas.getByRole("heading", { name: "For you to decide" })).toBeVisible();
  await expect(jonas.getByRole("row", { name })).toContainText(/Ends by itself in 2[34] hours/);
  await pressEnter(jonas, jonas.getByRole("link", { name, exact: true }));
  await expect(jonas.getByRole("button", { name: "Release…" })).toBeVisible();

  await letTimePass(stack, simulator, record, 25);
  await expect.poll(async () => (await recordOf(page, record)).state).toBe("withdrawn");
  for (const who of [page, jonas]) {
    await who.reload();
    await expect(who.getByText("Nobody released this proposal in time. Nothing was sent.").first()).toBeVisible();
    await expect(who.getByRole("button", { name: "Release…" })).toHaveCount(0);
  }
  await expectUsable(page);
  expect(await simulator.approvals(user.id)).toEqual([]);
});
