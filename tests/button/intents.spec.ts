// One wish of a person: whom it is for, which key it carries, and when it may be repeated.

import { expect, test } from "@playwright/test";
import { browserOptions } from "../../scripts/setup/browser.mjs";
import { Bench } from "./support/bench.ts";
import { TestGateway } from "./support/gateway.ts";

let gateway: TestGateway;
let bench: Bench;

test.beforeEach(async ({ page }) => {
  gateway = await new TestGateway().start();
  bench = new Bench(page, gateway);
  await page.clock.install();
  await bench.load();
  await bench.define();
  await bench.place({ "user-id": "user-1" });
});
test.afterEach(() => gateway.stop());

const body = (outcome: string, more = {}) => ({
  message: `It is ${outcome}.`,
  code: 500,
  error: { type: "INTERNAL", message: `It is ${outcome}.` },
  outcome,
  ...more,
});
const setUser = (id: string) => bench.change(`button.userId = "${id}"`);
const keys = () => gateway.resets.map(({ key }) => key);
const dialog = async () => (await bench.look()).dialog;

async function ask(): Promise<void> {
  await bench.press();
  await bench.confirm();
}

test("what may have arrived for one user is repeated for that user alone, also after the button has shown another", async () => {
  bench.failOnce();
  await ask();
  await setUser("user-2");
  bench.failOnce();
  await ask();
  expect(await dialog()).toBe("user-2: Repeat the same request");
  await setUser("user-1");
  await bench.press();
  expect(await dialog()).toBe("user-1: Repeat the same request");
  await bench.confirm();
  expect(gateway.resets.map(({ userId }) => userId)).toEqual(["user-1", "user-2", "user-1"]);
  const [first, second, third] = keys();
  expect(third).toBe(first);
  expect(second).not.toBe(first);
});

test("an answer that comes while another user is shown is that user's own", async () => {
  bench.hold("resets");
  await ask();
  await setUser("user-2");
  await bench.release();
  expect((await bench.look()).state).toBe("idle");
  await setUser("user-1");
  expect((await bench.look()).state).toBe("approvalRequested");
  await bench.press();
  expect(await dialog()).toBe("");
});

test("while a request for a user is under way there is no second one, though another was shown in between", async () => {
  bench.hold("resets");
  await ask();
  await setUser("user-2");
  await setUser("user-1");
  await ask();
  expect(gateway.resets).toHaveLength(1);
  await bench.release();
  expect((await bench.look()).state).toBe("approvalRequested");
});

test("what may have arrived is not refused by the answer to a repetition: it stays the same request", async () => {
  gateway.answers = [
    { status: 500, body: body("unknown") },
    { status: 403, body: body("refused") },
    ...gateway.answers,
  ];
  await ask();
  await bench.confirm();
  expect(await bench.look()).toEqual({ dialog: "user-1: Repeat the same request", state: "unknown" });
  await bench.confirm();
  expect(new Set(keys()).size).toBe(1);
  expect(keys()).toHaveLength(3);
});

test("after a refusal the next try is another request: under the old key the refusal would be all there is", async () => {
  gateway.answers.unshift({ status: 403, body: body("refused") });
  await ask();
  await bench.confirm();
  expect(new Set(keys()).size).toBe(2);
});

for (const [state, open] of [
  ["completed", false],
  ["refused", false],
  ["approvalRequested", true],
] as const) {
  test(`nothing is offered to be repeated once the record tells what became of it: ${state}`, async () => {
    gateway.answers.unshift({ status: 500, body: body("unknown", { recordId: "record-7" }) });
    gateway.records["record-7"] = { id: "record-7", state: "unknown", open: true };
    await ask();
    expect(await dialog()).toBe("user-1: Repeat the same request");
    gateway.records["record-7"] = { id: "record-7", state, open };
    await bench.page.clock.runFor(10_000);
    await bench.settle();
    expect(await bench.look()).toEqual({ dialog: "", state });
    await bench.press();
    expect(await dialog()).toBe(open ? "" : "user-1: Request the reset");
    // Nor is what was said for it: a proof above all.
    expect(await bench.page.evaluate("button.shadowRoot.querySelector('[name=verifiedBy]').value")).toBe("");
    await bench.confirm();
    expect(new Set(keys()).size).toBe(open ? 1 : 2);
  });
}

test("a record that closes while the repetition is under way leaves the dialog an answer to wait for", async () => {
  gateway.answers.unshift({ status: 500, body: body("unknown", { recordId: "record-7" }) });
  gateway.records["record-7"] = { id: "record-7", state: "unknown", open: true };
  await ask();
  bench.hold("resets");
  await bench.confirm();
  gateway.records["record-7"] = { id: "record-7", state: "completed", open: false };
  await bench.page.clock.runFor(10_000);
  await bench.release();
  expect(await bench.look()).toEqual({ dialog: "", state: "approvalRequested" });
  expect(new Set(keys()).size).toBe(1);
});

test("a dialog that a record has blocked can be confirmed once that record has closed", async () => {
  await bench.press();
  await bench.change(`button.recordId = "record-9"`);
  await bench.confirm();
  expect(gateway.resets).toHaveLength(0);
  gateway.records["record-9"] = { id: "record-9", state: "rejected", open: false };
  await bench.page.clock.runFor(10_000);
  await bench.settle();
  expect(await dialog()).toBe("user-1: Request the reset");
});

test("a record that has closed in a state of a newer gateway's blocks nothing, and one that is open does", async () => {
  gateway.records["record-9"] = { id: "record-9", state: "abandoned", open: true };
  await bench.change(`button.recordId = "record-9"`);
  await bench.press();
  expect(await bench.look()).toEqual({ dialog: "", state: "abandoned" });
  gateway.records["record-9"] = { id: "record-9", state: "abandoned", open: false };
  await bench.page.clock.runFor(10_000);
  await bench.settle();
  await bench.press();
  expect(await dialog()).toBe("user-1: Request the reset");
  // What is asked for then without a record of its own is under way all the same.
  gateway.answers = [{ status: 200, headers: { "x-request-id": "request-1" } }];
  await bench.confirm();
  await bench.press();
  expect(await bench.look()).toEqual({ dialog: "", state: "approvalRequested" });
});

test("whatever a record tells meanwhile, there is no second request beside one that is being sent", async () => {
  bench.hold("resets");
  await ask();
  await bench.change("button.remove(); place.append(button); button.recordId = 'record-8'");
  expect((await bench.look()).state).toBe("expired");
  await ask();
  expect(await dialog()).toBe("");
  expect(gateway.resets).toHaveLength(1);
  await bench.release();
  expect((await bench.look()).state).toBe("approvalRequested");
});

test("a request that is being sent is not cleared away: there is no second one beside it", async () => {
  bench.hold("resets");
  await ask();
  await bench.change("button.clear()");
  await ask();
  expect(gateway.resets).toHaveLength(1);
  await bench.release();
  expect(await bench.look()).toEqual({ dialog: "", state: "approvalRequested" });
  await bench.change("button.clear()");
  expect((await bench.look()).state).toBe("idle");
});

for (const status of [401, 403, 404]) {
  test(`a record is followed on after a ${status} among good looks, and not after three in a row`, async () => {
    await ask();
    const refusal = { status, body: { message: "Not now." } };
    const look = async () => {
      await bench.page.clock.runFor(60_000);
      await bench.settle();
    };
    for (let good = 0; good < 2; good += 1) {
      gateway.refusals = [refusal, refusal];
      while (gateway.refusals.length > 0) await look();
      await look();
      await expect(bench.page.getByRole("status")).not.toContainText("Not now.");
    }
    gateway.refusals = [refusal, refusal, refusal];
    while (gateway.refusals.length > 0) await look();
    await expect(bench.page.getByRole("status")).toContainText("Not now. Not followed any more.");
    expect(await bench.see()).toMatchObject({ state: "approvalRequested", follows: "" });
  });
}

test.describe("record-id", () => {
  for (const order of [
    "button.userId = 'user-2'; button.recordId = 'record-2'",
    "button.recordId = 'record-2'; button.userId = 'user-2'",
  ]) {
    test(`is of the user that is set together with it: ${order}`, async () => {
      await bench.place({ "user-id": "user-1", "record-id": "record-1" });
      await bench.change(order);
      expect(await bench.see()).toMatchObject({ state: "approvalRequested", follows: "record-2" });
    });
  }

  test("is not shown where its record names another user", async () => {
    gateway.records["record-9"] = { id: "record-9", userId: "user-2", state: "completed", open: false };
    await bench.change(`button.recordId = "record-9"`);
    expect((await bench.look()).state).toBe("idle");
    await expect(bench.page.getByRole("status")).toHaveText(
      "The record that record-id names is another user's. It is not shown.",
    );
    await setUser("user-2");
    await bench.change(`button.recordId = ""; `);
    await bench.change(`button.recordId = "record-9"`);
    expect((await bench.look()).state).toBe("completed");
  });

  for (const [when, tick] of [
    ["before it was read", "Promise.resolve().then(() => undefined)"],
    ["after it was read", "read"],
  ] as const) {
    /** Sets record-id, and user-id a tick later. */
    const set = async (recordId: string, userId: string) => {
      const [first, then] = [`button.recordId = "${recordId}"`, `button.userId = "${userId}"`];
      if (tick !== "read") return bench.change(`${first}; ${tick}.then(() => { ${then} })`);
      await bench.change(first);
      await bench.change(then);
    };

    test(`set a tick before its user-id is that user's alone: ${when}`, async () => {
      gateway.records["record-9"] = { id: "record-9", userId: "user-2", state: "approvalRequested", open: true };
      await bench.change(
        "button.told = []; button.addEventListener('fireblocks-reset-progress', (event) => button.told.push(event.detail.userId))",
      );
      await set("record-9", "user-2");
      expect((await bench.look()).state).toBe("approvalRequested");
      expect(await bench.page.evaluate("button.told")).toEqual(["user-2"]);
      await setUser("user-1");
      expect((await bench.look()).state).toBe("idle");
      await setUser("user-2");
      expect(await bench.see()).toMatchObject({ state: "approvalRequested", follows: "record-9" });
    });

    test(`left behind by its user is not taken for the next: ${when}`, async () => {
      gateway.records["record-9"] = { id: "record-9", userId: "user-1", state: "approvalRequested", open: true };
      await set("record-9", "user-2");
      expect(await bench.see()).toMatchObject({ state: "idle", follows: "" });
    });
  }

  test("that names nobody is not handed on to the next user", async () => {
    gateway.refusals = [{ status: 503, body: { message: "Not now." } }];
    await bench.change(`button.recordId = "record-9"`);
    await setUser("user-2");
    expect((await bench.look()).state).toBe("idle");
    await expect(bench.page.getByRole("status")).toContainText("may be another user's");
    expect((await bench.see()).follows).toBe("");
  });

  test("that the page takes from the receipt is followed on, and once", async () => {
    await bench.change(
      "button.addEventListener('fireblocks-reset-requested', (event) => { button.recordId = event.detail.receipt.recordId })",
    );
    await ask();
    expect((await bench.see()).follows).toBe("record-1");
    await bench.change("button.recordId = undefined");
    expect(await bench.see()).toMatchObject({ state: "idle", follows: "" });
  });
});

test("what is only suggested of a reset is told as such", async () => {
  gateway.records["record-9"] = { id: "record-9", state: "completed", evidence: "suggested", open: false };
  await bench.change(`button.recordId = "record-9"`);
  await expect(bench.page.getByRole("status")).toHaveText(/^Done\..* Suggested, not proven/);
});

test("what is only suggested stays so while the record cannot be read", async () => {
  gateway.records["record-9"] = { id: "record-9", state: "awaitingPairing", evidence: "suggested", open: true };
  await bench.change(`button.recordId = "record-9"`);
  gateway.refusals = [{ status: 503, body: { message: "Not now." } }];
  await bench.page.clock.runFor(3_000);
  await bench.settle();
  await expect(bench.page.getByRole("status")).toHaveText(/Suggested, not proven.* Not now\. Trying again\.$/);
});

test("no value is no user: undefined and null, as frameworks set them", async () => {
  for (const value of ["undefined", "null", "''", "'  '"]) {
    await bench.change(`button.userId = ${value}`);
    await ask();
    expect(await dialog()).toBe("");
  }
  expect(gateway.resets).toHaveLength(0);
});

test("what a client of the page's throws, whatever it is, may have sent the request", async () => {
  await bench.change("button.client = { ...pageClient, resetDevice: async () => { throw null } }");
  await ask();
  expect(await bench.look()).toEqual({ dialog: "user-1: Repeat the same request", state: "unknown" });
});

test("where a page has a base, the request goes where the look-ups go", async () => {
  await bench.change(
    "document.head.append(Object.assign(document.createElement('base'), { href: '/b/' })); button.basePath = 'v1'",
  );
  await ask();
  expect(gateway.resets).toMatchObject([{ gateway: "/b", userId: "user-1" }]);
});

test("that nothing was sent is said once", async () => {
  gateway.users = { status: 500, body: body("notSent") };
  gateway.session = { status: 503, body: { message: "Down for a moment. Nothing was sent." } };
  await bench.press();
  const text = await bench.page.getByRole("alert").textContent();
  expect(text?.match(/nothing was/gi)).toHaveLength(1);
  await bench.change(`button.basePath = "http://["`);
  await bench.press();
  await expect(bench.page.getByRole("alert")).toHaveText(/Nothing was sent\.$/);
});

test("that nothing was sent is not said of what may have been", async () => {
  const alert = bench.page.getByRole("alert");
  bench.failOnce();
  await ask();
  await bench.change("reopen()");
  gateway.session = { status: 503, body: { message: "Down for a moment. Nothing was sent." } };
  await bench.change("reopen()");
  await expect(alert).toHaveText(
    "Down for a moment. Nothing more was sent. Whether the earlier request has arrived is still not known.",
  );
  await bench.change(`button.recordId = "record-9"; reopen()`);
  await expect(alert).not.toContainText(/nothing was/i);
});

test('allow-http="false", as some templates write it, allows nothing', async () => {
  const allows = () => bench.page.evaluate("button.allowHttp");
  await bench.change(`button.setAttribute("allow-http", "false")`);
  expect(await allows()).toBe(false);
  await bench.change("button.allowHttp = true");
  expect(await allows()).toBe(true);
  await bench.change("button.allowHttp = false");
  expect(await allows()).toBe(false);
});

test("on a page of plain http: it works with allow-http, and says why it does not without", async ({ playwright }) => {
  const options = browserOptions();
  const args = [...(options.args ?? []), "--host-resolver-rules=MAP intranet.example 127.0.0.1"];
  const browser = await playwright.chromium.launch({ ...options, args });
  try {
    const page = await browser.newPage();
    await page.goto(gateway.url.replace("127.0.0.1", "intranet.example"));
    expect(await page.evaluate(() => [isSecureContext, typeof crypto.randomUUID])).toEqual([false, "undefined"]);
    const button = page.getByRole("button", { name: "Reset device" });
    await button.click();
    await expect(page.getByRole("alert")).toHaveText(/http.*Nothing was sent\.$/);
    await page.evaluate(() => document.querySelector("fireblocks-reset-device")?.setAttribute("allow-http", ""));
    await expect(page.locator("[part~=confirm]")).toHaveText("Request the reset");
    await page.getByLabel("How was the user's identity verified?").fill("video call");
    await page.getByLabel("Reason").fill("lost phone");
    await page.locator("[part~=confirm]").click();
    await expect(page.getByRole("status")).toContainText("Approval requested");
    expect(keys()).toEqual([expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)]);
  } finally {
    await browser.close();
  }
});
