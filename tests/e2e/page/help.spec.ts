/** A person and an admin prove to each other who they are, each at their own screen and by the keyboard alone. */
import type { Page } from "@playwright/test";
import { press, tick, typeInto } from "./keys.ts";
import { expect, onRecord, recordOf } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

/** The code on the person's screen. */
async function codeOn(page: Page): Promise<string> {
  const shown = page.locator("help-code .code [aria-hidden]");
  await expect(shown).toHaveCount(2);
  return (await shown.allTextContents()).join("");
}

/** Has the person ask for help. */
async function askForHelp(page: Page): Promise<string> {
  await page.goto("/me");
  await tick(page, "My phone is lost or broken");
  await press(page, "button", "Ask for help");
  return codeOn(page);
}

async function openRequest(page: Page, name: string): Promise<void> {
  await page.goto("/queue");
  await press(page, "link", name);
  await expect(page.getByRole("heading", { name: `Type the code that ${name} reads out` })).toBeVisible();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await typeInto(page, "Code", code);
  await press(page, "button", "Check the code");
}

const other = (code: string, by: number): string => String((Number(code) + by) % 1_000_000).padStart(6, "0");

test("the match: a code read out, words said, both sides proven, and the reset that rests on it", async ({
  page,
  as,
  person,
  simulator,
}) => {
  const code = await askForHelp(person.page);
  await expectUsable(person.page);
  await as("amara.lindqvist");
  await openRequest(page, person.name);
  await expectUsable(page);
  await typeCode(page, code);
  await expect(page.getByRole("heading", { name: `Say these words to ${person.name}` })).toBeVisible();
  const said = await page.locator("help-match .word").textContent();

  await expect(person.page.getByRole("heading", { name: "Are you talking to Amara Lindqvist?" })).toBeVisible();
  await expect(person.page.locator("own-help .word")).toHaveText(said ?? "");
  await expectUsable(person.page);
  const confirmed = person.page.waitForRequest("**/api/me/help/confirm");
  await press(person.page, "button", "Yes, that is who I am talking to");
  // Whom the screen shows, and nobody who has come since.
  expect((await confirmed).postDataJSON()).toEqual({ matchedAt: expect.any(Number) });
  await expect(person.page.getByRole("heading", { name: "Amara Lindqvist can ask for your reset now" })).toBeVisible();
  await expect(page.getByRole("heading", { name: `${person.name} has confirmed that they talk to you` })).toBeVisible();
  await expectUsable(page);

  await press(page, "link", "Ask for the reset");
  await expect(page.getByText("has read the code to you and said that they talk to you")).toBeVisible();
  // What the person has said already is not asked again.
  await expect(page.getByLabel("What happened to the phone?")).toHaveValue("lost");
  await typeInto(page, /why is the reset needed/i, "Phone lost on a train");
  await typeInto(page, `Type ${person.user.email} to confirm`, person.user.email ?? "");
  await page.keyboard.press("Enter");
  const record = await recordOf(page, await onRecord(page));
  expect(record.proofs).toMatchObject([{ proof: "codeMatched", by: "amara.lindqvist@northwind.example" }]);
  await expect(page.getByText("Code matched").first()).toBeVisible();
  expect(await simulator.approvals(person.user.id)).toHaveLength(1);
  await expect(person.page.getByText("A reset was recorded for your request.")).toBeVisible();
  await expect(person.page.locator("own-reset").getByText("Waiting for approval").first()).toBeVisible();
  await expectUsable(person.page);

  await press(page, "link", "How both sides were proven");
  await expect(page.getByText("Confirmed by the person")).toBeVisible();
});

test("a wrong code three times: both sides see it, and a new code is needed", async ({ page, as, person }) => {
  const code = await askForHelp(person.page);
  await as("amara.lindqvist");
  await openRequest(page, person.name);
  await typeCode(page, other(code, 1));
  await expect(page.getByRole("alert").filter({ hasText: "2 tries are left" })).toBeVisible();
  await expect(page.getByLabel("Code")).toBeFocused();
  await expect(
    person.page.getByText("A wrong code was typed by amara.lindqvist@northwind.example").first(),
  ).toBeVisible();
  await typeCode(page, other(code, 2));
  await expect(page.getByRole("alert").filter({ hasText: "One try is left" })).toBeVisible();
  await typeCode(page, other(code, 3));
  await expect(page.getByText("this one can no longer be used")).toBeVisible();
  await expect(page.getByLabel("Code")).toHaveCount(0);
  await expect(person.page.getByText("This code can no longer be used: show a new one.").first()).toBeVisible();
  await expect(person.page.locator("help-code")).toHaveCount(0);
  await expectUsable(person.page);

  await press(person.page, "button", "Show a code");
  const next = await codeOn(person.page);
  await typeCode(page, next);
  await expect(page.getByRole("heading", { name: `Say these words to ${person.name}` })).toBeVisible();
});

test("a code of another's request is a wrong one", async ({ page, as, open, freshUser, person }) => {
  const second = await freshUser();
  const code = await askForHelp(await open(second.email ?? ""));
  await askForHelp(person.page);
  await as("amara.lindqvist");
  await openRequest(page, person.name);
  await typeCode(page, code);
  await expect(page.getByRole("alert").filter({ hasText: "This is not the code." })).toBeVisible();
});

test("the person denies: the match is void, and both screens say so", async ({ page, as, person }) => {
  const code = await askForHelp(person.page);
  await as("amara.lindqvist");
  await openRequest(page, person.name);
  await typeCode(page, code);
  await press(person.page, "button", "No, it is somebody else");
  await expect(person.page.getByText("amara.lindqvist@northwind.example is not who you are talking to")).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: "Do not go on by telephone" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Ask for the reset" })).toHaveCount(0);
  await expectUsable(page);
  await expectUsable(person.page);
});

test("a code is shown in the tab that asked for it alone, and another tab's code takes its place", async ({
  person,
}) => {
  await askForHelp(person.page);
  const tab = await person.page.context().newPage();
  await tab.goto("/me");
  await expect(tab.getByRole("heading", { name: "Show a code when you have an admin on the line" })).toBeVisible();
  await expect(tab.locator("help-code")).toHaveCount(0);
  await tab.getByRole("button", { name: "Show a code" }).click();
  await codeOn(tab);
  await expect(person.page.getByText("Another code was made since")).toBeVisible();
  await expect(person.page.locator("help-code")).toHaveCount(0);
});

test("a code that has run out is not shown any more", async ({ person }) => {
  await person.page.clock.install();
  await askForHelp(person.page);
  await expect(person.page.getByText("It is good for 3 more minutes.")).toBeVisible();
  await person.page.clock.fastForward("03:01");
  await expect(person.page.getByText("The code has run out.")).toBeVisible();
  await expect(person.page.locator("help-code")).toHaveCount(0);
  // The first code of another request has the same number, and has not run out.
  await person.page.getByRole("button", { name: "I do not need help any more" }).click();
  await person.page.getByLabel("My phone is lost or broken").check();
  await person.page.getByRole("button", { name: "Ask for help" }).click();
  await codeOn(person.page);
});

test("a screen reader says the code digit by digit", async ({ person }) => {
  const code = await askForHelp(person.page);
  const spoken = [...code].join(" ").replace(/^(. . .) /, "$1, ");
  await expect(person.page.locator("help-code .code .visually-hidden")).toHaveText(spoken);
  await expect(person.page.locator("help-code .large")).toBeFocused();
});

test("an admin who begins with the user is told what to say, and led to the match", async ({
  page,
  as,
  stack,
  person,
}) => {
  await as("amara.lindqvist");
  await page.goto(`/?reset=${person.user.id}`);
  await expect(page.getByText(`Ask ${person.user.firstName} to open this address`)).toBeVisible();
  await expect(page.locator("help-hint")).toContainText(`${stack.url}/me`);
  const code = await askForHelp(person.page);
  await press(page, "link", "Type the code");
  await typeCode(page, code);
  await expect(page.getByRole("heading", { name: `Say these words to ${person.name}` })).toBeVisible();
});

test("whoever has no role lands on their own device, and sees nothing of anybody else", async ({ page, as }) => {
  await as("eli.brandt");
  await page.goto("/");
  await expect(page).toHaveURL("/me");
  await expect(page.getByRole("heading", { name: "Your device", exact: true })).toBeVisible();
  await expect(page.getByText("have no mobile device to reset")).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  await page.goto("/resets");
  await page.getByRole("link", { name: "Your own device" }).click();
  await expect(page).toHaveURL("/me");
});
