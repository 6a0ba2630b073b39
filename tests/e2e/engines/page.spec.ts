/** The page's main job in each engine, and what engines are known to do differently: tabs, keys, dates, files. */
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import type { Person } from "./support/person.ts";
import { expect, NOTE, nameOf, test } from "./support/test.ts";

const RECORD = /^\/resets\/[0-9a-f-]{36}$/;

test("the main job: sign in, search, ask, follow to ready, history, reload", async ({
  person,
  stack,
  simulator,
  freshUser,
}) => {
  const user = await freshUser();
  const { driver } = person;
  await driver.get(stack.url);
  await person.click("link", "Sign in");
  await person.click("button", "amara.lindqvist@northwind.example");
  // Whoever has something to do from a test before has landed there.
  await person.click("link", "Users");
  await person.find("heading", "Users");

  await person.fill(/search users/i, user.email ?? "");
  await person.sees(/\b1 of 80 users/);
  await person.row(nameOf(user));
  await person.click("button", `Reset the device of ${nameOf(user)}`);
  await person.find("dialog", `Reset the mobile device of ${nameOf(user)}?`);
  await fillDialog(person, user);
  await person.click("button", "Request the reset");

  const path = await person.at(RECORD);
  await person.sees("Waiting for approval");
  await person.sees("The device is not reset yet");
  // The worker has seen the request wait: what was decided on before is not known as this record's.
  await person.sees(/\b0 of \d+ so far/);
  const [approval, ...others] = await simulator.approvals(user.id);
  expect(others).toEqual([]);
  await simulator.approve(approval?.id ?? "");
  await person.sees("Waiting for pairing");
  await simulator.advance(user.id);
  await person.sees("Waiting for setup");
  await simulator.advance(user.id);
  await person.sees(/Done:\s*Ready again/);
  await person.click("button", /^Copy /);
  await person.sees("Copied");

  await person.click("link", "History");
  await person.at("/resets");
  await person.row(nameOf(user));
  await driver.navigate().refresh();
  await person.click("link", nameOf(user));
  await person.at(path);
  await person.sees(/Done:\s*Ready again/);
  await driver.navigate().refresh();
  await person.find("heading", nameOf(user));
  await person.sees(/Done:\s*Ready again/);
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("the session ends while the page is open: said so, and back to where one was", async ({
  person,
  stack,
  signIn,
}) => {
  const { driver } = person;
  await signIn();
  await driver.get(`${stack.url}/?q=noor`);
  await person.row("Noor Haddad");
  await driver.manage().deleteAllCookies();
  await person.click("link", "History");
  await person.sees("Your session has ended.");
  await person.click("link", "Sign in again");
  await person.click("button", "amara.lindqvist@northwind.example");
  await person.at("/resets");
  await person.find("heading", "History");
});

test("the session ends while the dialog is open: nothing is lost, nothing is sent", async ({
  person,
  stack,
  simulator,
  signIn,
  freshUser,
}) => {
  const user = await freshUser();
  const { driver } = person;
  await signIn();
  await openDialog(person, stack.url, user);
  await fillDialog(person, user);
  await driver.manage().deleteAllCookies();
  await person.click("button", "Request the reset");
  await person.sees("You are signed out");
  expect(await simulator.approvals(user.id)).toEqual([]);

  await signIn();
  await openDialog(person, stack.url, user);
  // What was typed is still there; the confirmation is asked for anew.
  expect(await valueIn(person, /why is the reset needed/i)).toBe(NOTE.reason);
  expect(await valueIn(person, `Type ${user.email} to confirm`)).toBe("");
  await person.fill(`Type ${user.email} to confirm`, user.email ?? "");
  await person.click("button", "Request the reset");
  await person.at(RECORD);
  await person.sees("Waiting for approval");
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("two tabs make one request", async ({ person, stack, simulator, signIn, freshUser }) => {
  const user = await freshUser();
  const { driver } = person;
  await simulator.order({ match: { operation: "resetDevice", userId: user.id }, delayMs: 3000 });
  await signIn();
  const first = await driver.getWindowHandle();
  await openDialog(person, stack.url, user);
  await fillDialog(person, user);
  // A window, since WebKitGTK draws nothing of a tab that lies behind; to the page they are the same.
  await driver.switchTo().newWindow("window");
  const second = await driver.getWindowHandle();
  await openDialog(person, stack.url, user);
  await fillDialog(person, user);
  const button = await person.find("button", "Request the reset");

  await driver.switchTo().window(first);
  await person.click("button", "Request the reset");
  await driver.switchTo().window(second);
  // Not by the mouse, which finds no button where this tab knows of the request before.
  await driver.executeScript("arguments[0].click()", button).catch(() => undefined);
  const path = await person.at(RECORD);
  await driver.switchTo().window(first);
  expect(await person.at(RECORD)).toBe(path);
  await person.sees("Waiting for approval");
  expect(await simulator.approvals(user.id)).toHaveLength(1);
});

test("the main job by the keyboard alone", async ({ person, stack, simulator, signIn, freshUser }) => {
  const user = await freshUser();
  await signIn();
  await person.driver.get(`${stack.url}/?q=`);
  await person.find("heading", "Users");
  await person.row("Adaeze");

  await person.press("TAB");
  await person.focusIsOn("button", "Skip to the content");
  await person.seesFocus();

  await person.type("/");
  await person.focusIsOn("searchbox", /search users/i);
  await person.type(user.email ?? "");
  await person.sees(/\b1 of 80 users/);
  await person.press("ARROW_DOWN");
  await person.focusIsOn("row", "");
  await person.seesFocus();
  await person.press("ENTER");
  await person.find("dialog", `Reset the mobile device of ${nameOf(user)}?`);
  await person.find("button", "Request the reset");

  // Past what happened, which nobody has to say here, and the proofs that can be chosen, to the one in words.
  for (const [role, name] of [
    ["combobox", /^What happened to the phone\?/],
    ["button", "Copy address"],
    ["checkbox", "In person"],
    ["checkbox", "Video call"],
    ["checkbox", "Called back"],
  ] as const) {
    await person.press("TAB");
    await person.focusIsOn(role, name);
  }
  for (const [name, text] of [
    [/in your own words/i, NOTE.verifiedBy],
    [/why is the reset needed/i, NOTE.reason],
    [/ticket or reference/i, NOTE.reference],
    [`Type ${user.email} to confirm`, user.email ?? ""],
  ] as const) {
    await person.press("TAB");
    await person.focusIsOn("textbox", name);
    await person.seesFocus();
    await person.type(text);
  }
  await person.press("ENTER");
  await person.at(RECORD);
  await person.sees("Waiting for approval");
  expect(await simulator.approvals(user.id)).toHaveLength(1);

  await person.type("gh");
  await person.at("/resets");
  await person.type("gu");
  await person.at("/");
});

test("Escape closes what is open, and the focus returns to where it was", async ({
  person,
  stack,
  signIn,
  freshUser,
}) => {
  const user = await freshUser();
  await signIn();
  await person.driver.get(`${stack.url}/?q=${user.email}`);
  await person.row(nameOf(user));
  await person.click("button", `Reset the device of ${nameOf(user)}`);
  await person.find("dialog", `Reset the mobile device of ${nameOf(user)}?`);
  await person.press("ESCAPE");
  await person.gone("dialog", `Reset the mobile device of ${nameOf(user)}?`);
  await person.focusIsOn("row", "");

  await person.click("button", "Keyboard shortcuts");
  await person.find("dialog", "Keyboard shortcuts");
  await person.press("ESCAPE");
  await person.gone("dialog", "Keyboard shortcuts");
  await person.focusIsOn("button", "Keyboard shortcuts");
});

test("the history is narrowed to days, in the engine's own date field", async ({
  person,
  stack,
  signIn,
  engineName,
}) => {
  await signIn();
  const { driver } = person;
  await driver.get(`${stack.url}/resets`);
  await person.find("heading", "History");
  // In place of the engine's own words for an empty field, which may be a day.
  await person.sees(/From\s+Any day\s+To\s+Any day/);
  const [field] = await person.elements("input[type=date]");
  if (!field) throw new Error("There is no date field.");
  const { width } = await field.getRect();
  /** The field consists of parts, of which month and first come in the language that the tests have. */
  const enterMonth = () =>
    driver
      .actions()
      .move({ origin: field, x: 8 - Math.round(width / 2) })
      .click()
      .perform();

  await enterMonth();
  await person.seesFocus();
  await person.type("01");
  for (let part = 0; part < 4; part++) await person.press("TAB");
  await person.until("that what was half typed is gone", () =>
    driver.executeScript("return !arguments[0].validity.badInput", field),
  );
  await person.at("/resets");

  await enterMonth();
  for (const part of ["01", "15", "2027"]) {
    await person.type(part);
    // WebKit goes to the next part when it is told to.
    if (engineName === "WebKit" && part !== "2027") await person.press("ARROW_RIGHT");
  }
  // Without the field being left.
  await person.at("/resets?from=2027-01-15");
  await person.sees("No reset matches");

  await person.press("BACK_SPACE");
  await person.at("/resets");
});

test("an export is saved", async ({ person, stack, signIn, engine }) => {
  await signIn("tomas.herrera");
  await person.driver.get(`${stack.url}/resets`);
  await person.click("button", "CSV");
  await person.until("the file", async () => engine.saved().includes("resets.csv"));
});

async function openDialog(person: Person, url: string, user: UserRow): Promise<void> {
  await person.driver.get(`${url}/?reset=${user.id}`);
  await person.find("dialog", `Reset the mobile device of ${nameOf(user)}?`);
}

async function fillDialog(person: Person, { email }: UserRow): Promise<void> {
  await person.fill(/in your own words/i, NOTE.verifiedBy);
  await person.fill(/why is the reset needed/i, NOTE.reason);
  await person.fill(/ticket or reference/i, NOTE.reference);
  await person.fill(`Type ${email} to confirm`, email ?? "");
}

async function valueIn(person: Person, name: string | RegExp): Promise<string | null> {
  return (await person.find("textbox", name)).getProperty("value") as Promise<string | null>;
}
