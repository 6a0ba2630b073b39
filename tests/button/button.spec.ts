// The button in Chromium, under a strict Content-Security-Policy with Trusted Types.

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { TestGateway } from "./support/gateway.ts";

let gateway: TestGateway;
let violations: string[];

test.beforeEach(async ({ page }) => {
  gateway = await new TestGateway().start();
  violations = [];
  page.on("console", (message) => {
    if (/Content.Security.Policy|Trusted ?Type/i.test(message.text())) violations.push(message.text());
  });
  page.on("pageerror", (error) => violations.push(String(error)));
});
test.afterEach(async () => {
  await gateway.stop();
  expect(violations).toEqual([]);
});

const trigger = (page: Page) => page.getByRole("button", { name: "Reset device" });
const confirm = (page: Page) => page.locator("[part~=confirm]");
const status = (page: Page) => page.getByRole("status");

async function fillAndConfirm(page: Page): Promise<void> {
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  await page.getByLabel("How was the user's identity verified?").fill("video call");
  await page.getByLabel("Reason").fill("lost phone");
  await page.getByLabel(/Ticket/).fill("IT-1");
  await confirm(page).click();
}

test("names the user and the workspace, asks, and never calls an approval request a reset", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(page.getByRole("dialog")).toContainText("Noor Haddad");
  await expect(page.getByRole("dialog")).toContainText("Northwind Treasury");
  expect(gateway.resets).toHaveLength(0);
  await page.keyboard.press("Escape");
  await fillAndConfirm(page);
  await expect(status(page)).toContainText("Approval requested. The device is not reset yet");
  expect(gateway.resets).toMatchObject([
    {
      body: { reason: "lost phone", verifiedBy: "video call", reference: "IT-1" },
      key: expect.stringMatching(/^[\w-]{36}$/),
    },
  ]);
  await expect(trigger(page)).toBeFocused();
  await expect(trigger(page)).toHaveAttribute("aria-disabled", "true");
});

test("takes a named proof with its words, and what happened to the phone", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  await page.getByLabel("Proof of identity").selectOption("Video call");
  await page.getByLabel("How was the user's identity verified?").fill("badge compared");
  await page.getByLabel(/^What happened to the phone/).selectOption("It was stolen");
  await page.getByLabel("Reason").fill("lost phone");
  await confirm(page).click();
  await expect(status(page)).toContainText("Approval requested.");
  expect(gateway.resets).toMatchObject([
    { body: { reason: "lost phone", because: "stolen", proofs: [{ proof: "videoCall", text: "badge compared" }] } },
  ]);
  expect(gateway.resets[0]?.body).not.toHaveProperty("verifiedBy");
});

test("what else helps is told, and where no reset does nothing can be confirmed", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  const story = page.getByLabel(/^What happened to the phone/);
  const remedy = page.locator("[part~=remedy]");
  await page.getByLabel("How was the user's identity verified?").fill("video call");
  await page.getByLabel("Reason").fill("new phone");

  await story.selectOption("The old phone still works");
  await expect(remedy).toContainText("a device migration moves the user to the new phone");
  await expect(confirm(page)).toHaveText("No reset helps here");
  await expect(confirm(page)).toHaveAttribute("aria-disabled", "true");
  await confirm(page).dispatchEvent("click");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await story.selectOption("The authenticator app was on it too");
  await expect(remedy.getByRole("listitem").first()).toContainText("the workspace's Owner resets");
  await story.selectOption("Not said");
  await expect(remedy).toBeEmpty();
  expect(gateway.resets).toHaveLength(0);
  await confirm(page).click();
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets[0]?.body).not.toHaveProperty("because");
});

test("a named proof needs no words, and words of one's own do", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  const words = page.getByLabel("How was the user's identity verified?");
  await expect(words).toHaveAttribute("required", "");
  await page.getByLabel("Proof of identity").selectOption("In person");
  await expect(words).not.toHaveAttribute("required", "");
});

test("sends nothing without a reason and how the identity was verified", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  await confirm(page).click();
  await page.waitForTimeout(300);
  expect(gateway.resets).toHaveLength(0);
  // Nor with blanks, which the browser's own check takes for words.
  await page.getByLabel("How was the user's identity verified?").fill("video call");
  await page.getByLabel("Reason").fill("  \n ");
  await confirm(page).click();
  await page.waitForTimeout(300);
  await expect(page.getByLabel("Reason")).toBeFocused();
  expect(gateway.resets).toHaveLength(0);
});

test("keeps its looks in another document", async ({ page }) => {
  await page.goto(gateway.url);
  const border = await page.evaluate(() => {
    const button = document.querySelector("fireblocks-reset-device") as HTMLElement;
    const frame = document.body.appendChild(document.createElement("iframe"));
    frame.contentDocument?.body.append(button);
    const trigger = button.shadowRoot?.querySelector("[part~=trigger]") as HTMLElement;
    return frame.contentWindow?.getComputedStyle(trigger).borderRadius;
  });
  expect(border).toBe("6px");
});

test("follows the record to its end, and can then be asked again", async ({ page }) => {
  await page.goto(gateway.url);
  await fillAndConfirm(page);
  gateway.record = { id: "record-1", state: "awaitingPairing", open: true };
  await expect(status(page)).toContainText("must now pair", { timeout: 10_000 });
  gateway.record = { id: "record-1", state: "completed", open: false };
  await expect(status(page)).toContainText("Done.", { timeout: 10_000 });
  await expect(trigger(page)).toHaveAttribute("aria-disabled", "false");
  const reads = gateway.reads;
  await page.waitForTimeout(4_000);
  expect(gateway.reads).toBe(reads);
});

test("reads nothing while the tab is hidden, and at once when it is shown", async ({ page }) => {
  await page.goto(gateway.url);
  await fillAndConfirm(page);
  await expect(status(page)).toContainText("Approval requested");
  await setVisibility(page, "hidden");
  await page.waitForTimeout(3_000);
  const reads = gateway.reads;
  await page.waitForTimeout(4_000);
  expect(gateway.reads).toBe(reads);
  await setVisibility(page, "visible");
  await expect.poll(() => gateway.reads).toBeGreaterThan(reads);
});

test("repeats a request whose outcome is unknown with the same key and note alone", async ({ page }) => {
  const failure = {
    message: "no answer",
    code: 500,
    error: { type: "INTERNAL", message: "no answer" },
    outcome: "unknown",
  };
  gateway.answers = [{ status: 500, body: failure }, ...gateway.answers];
  await page.goto(gateway.url);
  await fillAndConfirm(page);
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(page.getByLabel("Reason")).toHaveAttribute("readonly", "");
  await expect(confirm(page)).toHaveText("Repeat the same request");
  await confirm(page).click();
  await expect(status(page)).toContainText("Approval requested");
  const [first, second] = gateway.resets;
  expect(second).toEqual(first);
});

test("a refused request may be changed, and is then another one", async ({ page }) => {
  const failure = {
    message: "refused",
    code: 403,
    error: { type: "FORBIDDEN", message: "refused" },
    outcome: "refused",
  };
  gateway.answers = [{ status: 403, body: failure }, ...gateway.answers];
  await page.goto(gateway.url);
  await fillAndConfirm(page);
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await page.getByLabel("Reason").fill("stolen phone");
  await confirm(page).click();
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets[0]?.key).not.toBe(gateway.resets[1]?.key);
});

test("Enter held down and double clicks are one request", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  await page.getByLabel("How was the user's identity verified?").fill("video call");
  await page.getByLabel("Reason").fill("lost phone");
  await confirm(page).dblclick();
  await page.keyboard.press("Enter");
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets).toHaveLength(1);
});

test("a user who is not in the list, and a person without the right, can confirm nothing", async ({ page }) => {
  gateway.users = { status: 200, body: { users: [] } };
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(page.getByRole("alert")).toContainText("no console user with this id");
  await expect(confirm(page)).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");
  gateway.session = { status: 200, body: { can: { reset: false } } };
  gateway.users = { status: 200, body: { users: [{ id: "user-1" }] } };
  await trigger(page).click();
  await expect(page.getByRole("alert")).toContainText("You may not reset");
  expect(gateway.resets).toHaveLength(0);
});

test("signed out: a link to sign in, and no other kind of link", async ({ page }) => {
  const signedOut = (signInUrl: string) => ({ status: 401, body: { message: "Sign in.", code: 401, signInUrl } });
  gateway.session = signedOut("https://team.example.com/sign-in");
  gateway.users = signedOut("https://team.example.com/sign-in");
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toHaveAttribute("href", "https://team.example.com/sign-in");
  await page.keyboard.press("Escape");
  gateway.session = signedOut("javascript:alert(1)");
  await trigger(page).click();
  await expect(page.getByRole("alert")).toContainText("Nothing was sent.");
  await expect(page.getByRole("link")).toHaveCount(0);
});

test("a gateway on another origin is used only where it allows the page's", async ({ page }) => {
  const other = await new TestGateway().start();
  try {
    await page.goto(`${gateway.url}/?gateway=${other.url}`);
    await trigger(page).click();
    await expect(page.getByRole("alert")).toContainText("list of allowed origins");
    await expect(confirm(page)).toHaveAttribute("aria-disabled", "true");
    expect(other.resets).toHaveLength(0);
    await page.keyboard.press("Escape");
    other.allowed = [gateway.url];
    await fillAndConfirm(page);
    await expect(status(page)).toContainText("Approval requested");
    expect(other.resets).toMatchObject([{ origin: gateway.url }]);
  } finally {
    await other.stop();
    // The browser itself tells of the answer that it kept from the page; that is no violation of the policy.
    violations = violations.filter((text) => !text.includes("CORS"));
  }
});

test("its events bubble out of a shadow root, with their details", async ({ page }) => {
  await page.goto(gateway.url);
  await page.evaluate(() => {
    const host = document.body.appendChild(document.createElement("div"));
    const button = document.querySelector("fireblocks-reset-device") as HTMLElement;
    host.attachShadow({ mode: "open" }).append(button);
    const seen: unknown[] = [];
    (globalThis as unknown as { seen: unknown[] }).seen = seen;
    for (const type of ["requested", "progress", "failed"]) {
      document.addEventListener(`fireblocks-reset-${type}`, (event) => {
        const { state, userId, receipt } = (event as CustomEvent).detail;
        seen.push([type, userId, state ?? receipt.recordId]);
      });
    }
  });
  await fillAndConfirm(page);
  await expect(status(page)).toContainText("Approval requested");
  expect(await page.evaluate(() => (globalThis as unknown as { seen: unknown[] }).seen)).toEqual([
    ["progress", "user-1", "confirming"],
    ["progress", "user-1", "sending"],
    ["requested", "user-1", "record-1"],
    ["progress", "user-1", "recorded"],
    ["progress", "user-1", "approvalRequested"],
  ]);
});

test("moved while its dialog is open, it closes the dialog and can be asked again", async ({ page }) => {
  await page.goto(gateway.url);
  await trigger(page).click();
  await expect(confirm(page)).toHaveText("Request the reset");
  await moveButton(page);
  await expect(page.locator("dialog")).not.toBeVisible();
  await expect(trigger(page)).toHaveAttribute("aria-disabled", "false");
  await fillAndConfirm(page);
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets).toHaveLength(1);
});

test("moved while its request is under way, it still tells what became of it", async ({ page }) => {
  gateway.delayMs = 1_000;
  await page.goto(gateway.url);
  await fillAndConfirm(page);
  await expect(confirm(page)).toHaveText("Sending…");
  await moveButton(page);
  await expect(page.locator("dialog")).not.toBeVisible();
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets).toHaveLength(1);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing with the dialog open, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(gateway.url);
    await page.evaluate(() => {
      document.documentElement.style.colorScheme = "light dark";
    });
    await trigger(page).click();
    await expect(confirm(page)).toHaveText("Request the reset");
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  });
}

test("the keyboard alone suffices", async ({ page }) => {
  await page.goto(gateway.url);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(confirm(page)).toHaveText("Request the reset");
  // Past what happened to the phone, which nobody has to say, and the kind of the proof.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("video call");
  await page.keyboard.press("Tab");
  await page.keyboard.type("lost phone");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(status(page)).toContainText("Approval requested");
  expect(gateway.resets).toHaveLength(1);
});

/** To another place of the same page, as a list that is sorted anew does. */
function moveButton(page: Page): Promise<void> {
  return page.evaluate(() => {
    const button = document.querySelector("fireblocks-reset-device") as HTMLElement;
    document.querySelector("main")?.appendChild(document.createElement("section")).append(button);
  });
}

function setVisibility(page: Page, state: "hidden" | "visible"): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { value, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
