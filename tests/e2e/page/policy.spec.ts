/** A reset that a policy asks something of: proofs, a second person, a wait; and what may happen meanwhile. By the keyboard alone. */
import type { Page } from "@playwright/test";
import { STORIES } from "fireblocks-reset-device/gateway-api";
import type { Stack } from "../../../scripts/stack.mjs";
import { press, tabTo, tick, typeInto, typeNote } from "./keys.ts";
import { expect, nameOf, onRecord, openDialog, recordOf, test } from "./support.ts";

const RULES = [
  { name: "Everybody", demand: { proofs: ["inPerson", "videoCall"], secondPerson: true, wait: { minutes: 15 } } },
  { name: "Stolen phones", when: { because: ["stolen"] }, demand: { forbid: true } },
];
const VARS = {
  RATE_LIMITS: "off",
  DAILY_RESET_LIMIT: "1000",
  POLICY: JSON.stringify(RULES),
  BREAK_GLASS: "amara.lindqvist@northwind.example",
};

test.use({ stackOptions: { users: 60, approveAfter: null, vars: VARS } });

const story = (page: Page) => page.getByLabel("What happened to the phone?");

/** Goes down the answers to one of them. */
async function tell(page: Page, wanted: string): Promise<void> {
  await tabTo(page, story(page));
  for (let answer = 0; (await story(page).inputValue()) !== wanted; answer++) {
    expect(answer, `the answer ${wanted} is there`).toBeLessThan(STORIES.length);
    await page.keyboard.press("ArrowDown");
  }
}

/** Proposes a reset as the policy asks for it. */
async function propose(page: Page, user: Parameters<typeof openDialog>[1]): Promise<string> {
  await openDialog(page, user);
  await tell(page, "lost");
  await tick(page, "Video call");
  await typeInto(page, "What did you compare on the call?", "The badge");
  await typeNote(page, user);
  await press(page, "button", "Propose the reset");
  return onRecord(page);
}

async function release(page: Page, recordId: string): Promise<void> {
  await page.goto(`/resets/${recordId}`);
  await press(page, "button", "Release…");
  await press(page, "button", "Release");
  await expect(page.getByText("Waiting for its time").first()).toBeVisible();
}

test("says first what is needed, collects it, waits after the second person, and leaves by the sweep", async ({
  page,
  context,
  stack,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await expect(
    page.getByText(
      `For ${user.firstName}: the answer above, a meeting in person or a video call, a second person, then 15 minutes' wait.`,
    ),
  ).toBeVisible();
  await typeNote(page, user);
  await press(page, "button", "Propose the reset");
  await expect(page.getByText("Still needed: a meeting in person or a video call.")).toBeVisible();
  await expect(story(page)).toBeFocused();
  const recordId = await propose(page, user);
  await expect(page.getByText("Video call: The badge")).toBeVisible();

  await context.clearCookies();
  await as("jonas.weber");
  await page.goto("/queue");
  await press(page, "link", nameOf(user));
  await press(page, "button", "Release…");
  const confirmation = page.getByRole("region", { name: `Release the reset of ${nameOf(user)}?` });
  await expect(confirmation).toContainText("Video call: The badge");
  await expect(confirmation).toContainText("After your release: 15 minutes' wait.");
  await press(page, "button", "Release");
  await expect(page.getByText("Waiting for its time").first()).toBeVisible();
  await expect(page.getByText(/It is sent to Fireblocks in 1\d minutes/)).toBeVisible();
  expect(await simulator.approvals(user.id)).toEqual([]);
  await page.goto("/queue");
  await expect(page.getByRole("link", { name: nameOf(user) })).toBeVisible();
  await page.goto(`/resets/${recordId}`);
  await letItsTimeCome(stack, recordId);
  await expect
    .poll(async () => {
      await stack.runScheduled();
      return (await simulator.approvals(user.id)).length;
    })
    .toBe(1);
  await expect(page.getByText("Waiting for approval").first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Done: Waited")).toBeVisible();
  await stack.runScheduled();
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("is withdrawn while it waits, and never leaves", async ({ page, context, stack, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const recordId = await propose(page, user);
  await context.clearCookies();
  await as("jonas.weber");
  await release(page, recordId);
  await press(page, "button", "Withdraw…");
  await expect(page.getByLabel("Why is it withdrawn?")).toBeFocused();
  await page.keyboard.type("The phone was found.");
  await press(page, "button", "Withdraw the request");
  await expect(page.getByText("The request was withdrawn before anything was sent to Fireblocks.")).toBeVisible();
  await letItsTimeCome(stack, recordId);
  await stack.runScheduled();
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("finds an obstacle when its time has come, and is told as not sent", async ({
  page,
  context,
  stack,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const recordId = await propose(page, user);
  await context.clearCookies();
  await as("jonas.weber");
  await release(page, recordId);
  await simulator.changeUser(user.id, { enabled: false });
  // The worker decides on a list of users that is ten seconds old at most.
  await page.waitForTimeout(11_000);
  await letItsTimeCome(stack, recordId);
  await expect
    .poll(
      async () => {
        await stack.runScheduled();
        return page.getByText("Withdrawn", { exact: true }).first().isVisible();
      },
      { timeout: 40_000 },
    )
    .toBe(true);
  await expect(page.getByText("This user is disabled.").first()).toBeVisible();
  await simulator.changeUser(user.id, { enabled: true });
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("after a gap leaves by a press alone", async ({ page, context, stack, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const recordId = await propose(page, user);
  await context.clearCookies();
  await as("jonas.weber");
  await release(page, recordId);
  // The sweep has run since it was asked for, and then not for a long time.
  const ahead = Date.now() + 60_000;
  await inDatabase(stack.databaseFile(), `UPDATE sweep_mark SET resend_after = ${ahead}`);
  await letItsTimeCome(stack, recordId);
  await stack.runScheduled();
  await stack.runScheduled();
  expect(await simulator.approvals(user.id)).toEqual([]);
  await page.reload();
  await expect(page.getByText("Somebody must press “Send to Fireblocks”", { exact: false })).toBeVisible();
  await press(page, "button", "Send to Fireblocks");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  expect(await simulator.approvals(user.id)).toHaveLength(1);
  await inDatabase(stack.databaseFile(), "UPDATE sweep_mark SET resend_after = 0");
});

test("that the policy forbids is said before anything is typed", async ({ page, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("jonas.weber");
  await openDialog(page, user);
  // Where no reset helps there is no form, and the focus stays where it is.
  await tell(page, "oldPhoneWorks");
  await expect(story(page)).toBeFocused();
  await expect(page.getByRole("button", { name: /the reset$/ })).toHaveCount(0);
  await tell(page, "stolen");
  await expect(page.getByText(`The policy allows no reset of ${user.firstName}'s device now.`)).toBeVisible();
  await expect(page.getByText("Stolen phones")).toBeVisible();
  await expect(page.getByRole("button", { name: /the reset$/ })).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^It cannot wait/ })).toHaveCount(0);
  expect(await simulator.approvals(user.id)).toEqual([]);
});

test("is passed over in an emergency by whoever may, and reviewed by another", async ({
  page,
  context,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await openDialog(page, user);
  await tabTo(page, page.getByRole("button", { name: /^It cannot wait/ }));
  await page.keyboard.press("Enter");
  const why = page.getByLabel("Why can it not wait?");
  await expect(why).toBeFocused();
  await page.keyboard.type("The payroll leaves in ten minutes.");
  await page.keyboard.press("Tab");
  await page.keyboard.type(user.email ?? "");
  await page.keyboard.press("Enter");
  const recordId = await onRecord(page);
  await expect(page.getByRole("heading", { name: "The policy was overridden" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Record the review" })).toHaveCount(0);
  expect(await simulator.approvals(user.id)).toHaveLength(1);

  await context.clearCookies();
  await as("jonas.weber");
  await page.goto("/queue");
  await expect(page.getByRole("heading", { name: "For you to review" })).toBeVisible();
  await press(page, "link", nameOf(user));
  await expect(page).toHaveURL(`/resets/${recordId}`);
  await typeInto(page, "What did your review find?", "Spoke to payroll: it was as said.");
  await press(page, "button", "Record the review");
  await expect(page.getByText(/Reviewed by jonas\.weber/)).toBeVisible();
  await expect(page.getByRole("heading", { level: 1, name: nameOf(user) })).toBeFocused();
  await page.goto("/queue");
  await expect(page.getByRole("heading", { name: "For you to review" })).toHaveCount(0);
});

test("lacks what the manager is asked for, and whoever releases has verified it themselves", async ({
  page,
  context,
  stack,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  const proofs = ["managerConfirmed", "inPerson"];
  await stack.restartWorker({
    vars: {
      ...VARS,
      MANAGERS: JSON.stringify({ [user.email ?? ""]: "kai.boss@northwind.example" }),
      POLICY: JSON.stringify([{ name: "Everybody", demand: { proofs } }]),
    },
  });
  try {
    await as("amara.lindqvist");
    await openDialog(page, user);
    await typeNote(page, user);
    await press(page, "button", "Propose the reset");
    const recordId = await onRecord(page);
    await expect(page.getByText("Waiting for the manager").first()).toBeVisible();
    await context.clearCookies();
    await as("jonas.weber");
    await page.goto(`/resets/${recordId}`);
    await press(page, "button", "Release…");
    const confirmation = page.getByRole("region", { name: `Release the reset of ${nameOf(user)}?` });
    await expect(confirmation).toContainText("It lacks the manager's confirmation or a meeting in person.");
    await expect(confirmation.getByRole("checkbox")).toHaveCount(1);
    await press(page, "button", "Release to Fireblocks");
    await expect(confirmation).toContainText("Say first what of it you have verified yourself.");
    await expect(page.getByLabel("In person")).toBeFocused();
    expect(await simulator.approvals(user.id)).toEqual([]);
    await tick(page, "In person");
    const where = "Where did you meet, and what did you compare? (optional)";
    await typeInto(page, where, "At the desk, with the badge");
    // What was said is there again after a reload, as in every form.
    await page.reload();
    await press(page, "button", "Release…");
    await expect(page.getByLabel("In person")).toBeChecked();
    await expect(page.getByLabel(where)).toHaveValue("At the desk, with the badge");
    await press(page, "button", "Release to Fireblocks");
    await expect(page.getByText("Waiting for approval").first()).toBeVisible();
    await expect(page.getByText("In person: At the desk, with the badge")).toBeVisible();
    await expect(page.getByText("Stated by jonas.weber@northwind.example.")).toBeVisible();
    const stated = (await recordOf(page, recordId)).proofs.at(-1);
    expect(stated).toMatchObject({ proof: "inPerson", by: "jonas.weber@northwind.example" });
    expect(await simulator.approvals(user.id)).toHaveLength(1);
  } finally {
    await stack.restartWorker({ vars: VARS });
  }
});

test("has come to demand more, which whoever releases can state as well", async ({
  page,
  context,
  stack,
  as,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const recordId = await propose(page, user);
  const POLICY = JSON.stringify([{ name: "Everybody", demand: { proofs: ["calledBack"] } }]);
  await stack.restartWorker({ vars: { ...VARS, POLICY } });
  try {
    await context.clearCookies();
    await as("jonas.weber");
    await page.goto(`/resets/${recordId}`);
    await press(page, "button", "Release…");
    await expect(page.getByRole("checkbox")).toHaveCount(0);
    await press(page, "button", "Release");
    await expect(page.getByText("State it below")).toBeVisible();
    expect(await simulator.approvals(user.id)).toEqual([]);
    await tick(page, "Called back");
    await press(page, "button", "Release");
    await expect(page.getByText("Waiting for approval").first()).toBeVisible();
    expect((await recordOf(page, recordId)).proofs.at(-1)).toMatchObject({ proof: "calledBack" });
    expect(await simulator.approvals(user.id)).toHaveLength(1);
  } finally {
    await stack.restartWorker({ vars: VARS });
  }
});

/** Ends a reset's wait, which is as long as no busy machine needs for a test. */
const letItsTimeCome = (stack: Stack, recordId: string) =>
  inDatabase(stack.databaseFile(), `UPDATE resets SET leaves_at = ${Date.now()} WHERE id = '${recordId}'`);

/** Changes what the worker's database holds, as a restored one would. */
async function inDatabase(file: string, sql: string): Promise<void> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = new DatabaseSync(file, { timeout: 10_000 });
  try {
    database.exec(sql);
  } finally {
    database.close();
  }
}
