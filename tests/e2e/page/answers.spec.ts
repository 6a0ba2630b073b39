/** What happened to the phone: each answer, what helps then, and what can be asked for; by the keyboard alone. */

import { clippings } from "./clippings.ts";
import { tabTo } from "./keys.ts";
import { confirmButton, expect, NOTE, onRecord, openDialog, recordOf } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

/** In the dialog's order. `own`: as the person is asked. */
const ANSWERS = [
  {
    story: "oldPhoneWorks",
    own: "My old phone still works, and I want to move to a new one",
    helps: "a device migration moves the user to the new phone, and nobody has to approve it",
    reset: false,
  },
  { story: "lost", own: "My phone is lost or broken", helps: "say that it was stolen", reset: true },
  { story: "stolen", own: "My phone was stolen", helps: "Ask whether the workspace should be frozen", reset: true },
  {
    story: "authenticatorLost",
    own: "My phone is gone, and my authenticator app with it",
    helps: "First the workspace's Owner resets the user's two-factor authentication",
    reset: true,
  },
  {
    story: "owner",
    own: "I am an Owner, here or in another workspace on that phone",
    helps: "Fireblocks' support does it",
    reset: false,
  },
  {
    story: "changed",
    own: "I have my phone, but the Fireblocks app does not let me in",
    helps: "also where the phone itself is the same",
    reset: true,
  },
] as const;

test("in the dialog: no answer but one that a reset helps with can be asked with, and the second factor comes first", async ({
  page,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser("SIGNER");
  await simulator.act(user.id, "lose_second_factor");
  await as("amara.lindqvist");
  await openDialog(page, user);
  const story = page.getByLabel("What happened to the phone?");
  const remedy = page.locator("remedy-panel");
  // With a form and without one, both in either theme, are states of their own (screens.spec.ts).
  await page.setViewportSize({ width: 360, height: 780 });
  await tabTo(page, story);
  for (const { story: value, helps, reset } of ANSWERS) {
    await page.keyboard.press("ArrowDown");
    await expect(story).toHaveValue(value);
    await expect(story).toBeFocused();
    await expect(remedy).toContainText(helps);
    await expect(confirmButton(page)).toHaveCount(reset ? 1 : 0);
    expect(await clippings(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 900 });

  for (let presses = 0; presses < 2; presses++) await page.keyboard.press("ArrowUp");
  await expect(story).toHaveValue("authenticatorLost");
  await tabTo(page, page.getByLabel(/in your own words/i));
  for (const text of [NOTE.verifiedBy, NOTE.reason, NOTE.reference, user.email ?? ""]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  const record = await recordOf(page, await onRecord(page));
  expect(record.because).toBe("authenticatorLost");
  await expect(page.locator("record-facts")).toContainText("The authenticator app was on it too");
  await expect(page.locator(".message")).toContainText("Before you try to sign in: the workspace's Owner has to reset");

  // Whoever cannot sign in pairs nothing: the reset goes no farther until the Owner has acted.
  const [approval] = await simulator.approvals(user.id);
  await simulator.approve(approval?.id ?? "");
  await expect(page.locator("[aria-current=step]")).toContainText("scans the QR code");
  await expect(simulator.advance(user.id)).rejects.toThrow("the Owner must reset the second factor first");
  await simulator.act(user.id, "reset_second_factor");
  await simulator.advance(user.id);
  expect((await simulator.user(user.id)).status).toBe("PENDING_DEVICE_SETUP");
});

test("on one's own screen: help is asked for where a reset helps, and a migration needs nobody here", async ({
  person,
  simulator,
}) => {
  const { page, user } = person;
  await page.goto("/me");
  const remedy = page.locator("remedy-panel");
  const ask = page.getByRole("button", { name: "Ask for help" });
  await page.setViewportSize({ width: 360, height: 780 });
  await tabTo(page, page.getByRole("radio").first());
  await page.keyboard.press("Space");
  const labels = await page.locator("help-begin fieldset label").allTextContents();
  expect(labels.map((label) => label.trim()).sort()).toEqual(ANSWERS.map(({ own }) => own).sort());
  for (const label of labels) {
    const { story, own, helps, reset } = ANSWERS.find((answer) => answer.own === label.trim()) ?? ANSWERS[0];
    await expect(page.getByLabel(own)).toBeChecked();
    await expect(remedy).toContainText(helps);
    await expect(ask).toHaveCount(reset ? 1 : 0);
    if (story === "stolen") await expectUsable(page);
    else expect(await clippings(page)).toEqual([]);
    await page.keyboard.press("ArrowDown");
  }

  await simulator.change({ deviceMigration: true });
  await simulator.act(user.id, "migrate");
  await simulator.change({ deviceMigration: false });
  expect(await simulator.user(user.id)).toMatchObject({ status: "READY", phones: 2 });
  expect(await simulator.approvals(user.id)).toEqual([]);
  await page.reload();
  await expect(page.getByText("None was asked for here.")).toBeVisible();
});
