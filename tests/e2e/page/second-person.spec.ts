/** A second person, by the keyboard alone: whoever asks, whoever releases, and whoever takes it back. */
import { press, typeNote } from "./keys.ts";
import { expect, NOTE, nameOf, onRecord, openDialog, test } from "./support.ts";

test.use({
  stackOptions: {
    users: 60,
    approveAfter: null,
    vars: { RATE_LIMITS: "off", DAILY_RESET_LIMIT: "1000", REQUIRE_SECOND_PERSON: "true" },
  },
});

test("one proposes, another releases, and only then it is sent", async ({
  page,
  context,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await expect(page.getByText("A second admin must release your request")).toBeVisible();
  await typeNote(page, user);
  await press(page, "button", "Propose the reset");
  const recordId = await onRecord(page);
  await expect(page.getByText("Nothing has been sent to Fireblocks.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Release…" })).toHaveCount(0);
  expect(await simulator.approvals(user.id)).toEqual([]);

  await context.clearCookies();
  await as("jonas.weber");
  // Whoever has something to do lands there, unless they go elsewhere themselves.
  await page.goto("/");
  await expect(page).toHaveURL("/queue");
  const toDecide = page.getByRole("heading", { name: "For you to decide" });
  await expect(toDecide).toBeVisible();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "To do, 1 open" })).toBeVisible();
  await press(page, "link", "Users");
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await press(page, "link", "To do, 1 open");
  await press(page, "link", nameOf(user));
  await expect(page).toHaveURL(`/resets/${recordId}`);
  await press(page, "button", "Release…");
  const confirmation = page.getByRole("region", { name: `Release the reset of ${nameOf(user)}?` });
  await expect(confirmation).toContainText("amara.lindqvist@northwind.example");
  await expect(confirmation).toContainText(NOTE.verifiedBy);
  await expect(confirmation).toContainText(`${user.firstName}'s present phone stops working with Fireblocks`);
  expect(await simulator.approvals(user.id)).toEqual([]);
  await press(page, "button", "Release to Fireblocks");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  await expect(page.getByText("Done: Released by a second person")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeFocused();
  expect(await simulator.approvals(user.id)).toHaveLength(1);
  await expect(navigation.getByRole("link", { name: "To do", exact: true })).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.goto("/queue");
  // The sweep may have seen by now until when the request waits: then it is due next, and nothing to release.
  await expect(page.getByText("Nothing waits").or(page.getByRole("heading", { name: "Due next" }))).toBeVisible();
  await expect(toDecide).toHaveCount(0);
});

test("a proposal is withdrawn with a reason, and nothing is ever sent", async ({ page, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await typeNote(page, user);
  await press(page, "button", "Propose the reset");
  await onRecord(page);
  await press(page, "button", "Withdraw…");
  await page.keyboard.type("The phone was found.");
  await press(page, "button", "Withdraw the request");
  await expect(page.getByText("The request was withdrawn before anything was sent to Fireblocks.")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeFocused();
  expect(await simulator.approvals(user.id)).toEqual([]);
});
