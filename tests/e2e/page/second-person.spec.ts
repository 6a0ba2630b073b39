import { expect, fillDialog, NOTE, nameOf, onRecord, openDialog, test } from "./support.ts";

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
  await fillDialog(page, user);
  await page.getByRole("button", { name: "Propose the reset" }).click();
  const recordId = await onRecord(page);
  await expect(page.getByText("Nothing has been sent to Fireblocks.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Release…" })).toHaveCount(0);
  expect(await simulator.approvals(user.id)).toEqual([]);

  await context.clearCookies();
  await as("jonas.weber");
  await page.goto("/queue");
  await page.getByRole("link", { name: nameOf(user) }).click();
  await expect(page).toHaveURL(`/resets/${recordId}`);
  await page.getByRole("button", { name: "Release…" }).click();
  const confirmation = page.getByRole("region", { name: `Release the reset of ${nameOf(user)}?` });
  await expect(confirmation).toContainText("amara.lindqvist@northwind.example");
  await expect(confirmation).toContainText(NOTE.verifiedBy);
  await expect(confirmation).toContainText(`${user.firstName}'s present phone stops working with Fireblocks`);
  expect(await simulator.approvals(user.id)).toEqual([]);
  await page.getByRole("button", { name: "Release to Fireblocks" }).dblclick();
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  await expect(page.getByText("Done: Released by a second person")).toBeVisible();
  expect(await simulator.approvals(user.id)).toHaveLength(1);
  await page.goto("/queue");
  await expect(page.getByRole("link", { name: nameOf(user) })).toHaveCount(0);
});

test("a proposal is withdrawn with a reason, and nothing is ever sent", async ({ page, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await fillDialog(page, user);
  await page.getByRole("button", { name: "Propose the reset" }).click();
  await onRecord(page);
  await page.getByRole("button", { name: "Withdraw…" }).click();
  await page.getByLabel("Why is it withdrawn?").fill("The phone was found.");
  await page.getByRole("button", { name: "Withdraw the request" }).click();
  await expect(page.getByText("The request was withdrawn before anything was sent to Fireblocks.")).toBeVisible();
  expect(await simulator.approvals(user.id)).toEqual([]);
});
