/** The button in each engine, under a strict Content-Security-Policy with Trusted Types. */
import { TestGateway } from "../../button/support/gateway.ts";
import type { Person } from "./support/person.ts";
import { expect, test } from "./support/test.ts";

let gateway: TestGateway;

test.beforeEach(async ({ person }) => {
  gateway = await new TestGateway().start();
  await person.driver.get(gateway.url);
});
test.afterEach(() => gateway.stop());

const DIALOG = /Noor Haddad/;

const open = async (person: Person) => {
  await person.click("button", "Reset device");
  await person.find("button", "Request the reset");
};

test("the button's main job: ask, give up, ask again, follow to the end", async ({ person }) => {
  await open(person);
  await person.sees(DIALOG);
  await person.sees("Northwind Treasury");
  await person.press("ESCAPE");
  await person.gone("button", "Request the reset");
  await person.focusIsOn("button", "Reset device");

  await open(person);
  // Without its answers nothing leaves, and what is missing has the focus.
  await person.click("button", "Request the reset");
  await person.focusIsOn("textbox", "How was the user's identity verified?");
  expect(gateway.resets).toHaveLength(0);

  await person.fill("How was the user's identity verified?", "video call");
  await person.fill("Reason", "lost phone");
  await person.click("button", "Request the reset");
  await person.sees("Approval requested. The device is not reset yet");
  await person.gone("button", "Request the reset");
  await person.focusIsOn("button", "Reset device");
  gateway.record = { id: "record-1", state: "awaitingPairing", open: true };
  await person.sees("must now pair");
  gateway.record = { id: "record-1", state: "completed", open: false };
  await person.sees("Done.");
  expect(gateway.resets).toMatchObject([{ body: { reason: "lost phone", verifiedBy: "video call" } }]);
});

test("the button by the keyboard alone", async ({ person }) => {
  await person.press("TAB");
  await person.focusIsOn("button", "Reset device");
  await person.seesFocus();
  await person.press("ENTER");
  await person.find("button", "Request the reset");
  await person.focusIsOn("combobox", /^What happened to the phone\?/);
  await person.press("TAB");
  await person.focusIsOn("combobox", /^Proof of identity/);
  await person.press("TAB");
  await person.focusIsOn("textbox", "How was the user's identity verified?");
  await person.type("video call");
  await person.press("TAB");
  await person.focusIsOn("textbox", "Reason");
  await person.type("lost phone");
  await person.press("TAB");
  await person.press("ENTER");
  await person.sees("Approval requested");
  await person.focusIsOn("button", "Reset device");
  expect(gateway.resets).toHaveLength(1);
});

test("signed out: a link to sign in", async ({ person }) => {
  const signIn = { message: "Sign in.", code: 401, signInUrl: "https://team.example.com/sign-in" };
  gateway.session = { status: 401, body: signIn };
  gateway.users = { status: 401, body: signIn };
  await person.click("button", "Reset device");
  await person.find("link", "Sign in");
  expect(gateway.resets).toHaveLength(0);
});
