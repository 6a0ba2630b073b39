// What Fireblocks refuses, by its own codes, and the sentence that an admin reads.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Stack } from "../../scripts/stack.mjs";
import { Relay } from "./support/relay.ts";
import type { Simulator } from "./support/simulator.ts";
import { contentOfDialog, expect, signIn, test } from "./support/stack.ts";

/** Opens the dialog for a user, fills it in, lets something happen, and asks for the reset. */
async function askForReset(page: Page, stack: Stack, search: string, email: string, before = async () => {}) {
  await signIn(page, stack, "amara.lindqvist");
  await page.getByRole("searchbox", { name: /search users/i }).fill(search);
  await page
    .getByRole("row", { name: email })
    .getByRole("button", { name: /^Reset the device of/ })
    .click();
  const dialog = contentOfDialog(page);
  await dialog.getByLabel(/in your own words/i).fill("In person");
  await dialog.getByLabel(/why is the reset needed/i).fill("Phone broken");
  await dialog.getByLabel(`Type ${email} to confirm`).fill(email);
  await before();
  await dialog.getByRole("button", { name: "Request the reset" }).click();
}

/** The record's page says that nothing happened, and why. */
async function expectRefused(page: Page, ...sentences: string[]) {
  await page.waitForURL(/\/resets\/[0-9a-f-]{36}$/);
  const main = page.getByRole("main");
  await expect(main).toContainText("The request was refused. Nothing was filed, and the device was not reset.");
  for (const sentence of sentences) await expect(main).toContainText(sentence);
}

/** What became of each reset that reached Fireblocks. */
async function resetsSince(simulator: Simulator, mark: number) {
  const requests = await simulator.log(mark);
  return requests
    .filter(({ operation }) => operation === "resetDevice")
    .map(({ status, effect, jwt }) => ({ status, effect, refusedWith: jwt?.refusedWith }));
}

test.afterAll(async ({ stack }) => {
  await stack.restartWorker();
});

test("a wrong API key is refused with -7", async ({ page, stack, simulator }) => {
  await stack.restartWorker({ secrets: { FIREBLOCKS_API_KEY: randomUUID() } });
  const mark = await simulator.mark();
  await signIn(page, stack, "amara.lindqvist");
  const alert = page.getByRole("alert").first();
  await expect(alert).toContainText("Fireblocks refuses this service's key");
  await expect(alert).toContainText("Nobody can reset a device from here until this is put right.");
  await expect(alert).toContainText("They check the API key, its role and the region.");
  const refusals = await simulator.refusals(mark);
  expect(new Set(refusals)).toEqual(new Set([-7]));
});

test("a wrong private key is refused with -1", async ({ page, stack, simulator }) => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const secretKey = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  await stack.restartWorker({ secrets: { FIREBLOCKS_SECRET_KEY: secretKey } });
  const mark = await simulator.mark();
  await signIn(page, stack, "amara.lindqvist");
  await expect(page.getByRole("alert").first()).toContainText("Fireblocks refuses this service's key");
  expect(new Set(await simulator.refusals(mark))).toEqual(new Set([-1]));
});

test("an expired token is refused with -10", async ({ page, stack, simulator }) => {
  await stack.restartWorker();
  const mark = await simulator.mark();
  // The client corrects its clock once and signs again; a clock that runs away can only be reported.
  await simulator.order(
    [3_600, 7_200, 10_800].map((skewSeconds) => ({ match: { operation: "resetDevice" }, skewSeconds })),
  );
  await askForReset(page, stack, "noor", "noor.haddad@northwind.example");
  await expectRefused(page, "The request has expired.", "set the clock");
  for (const reset of await resetsSince(simulator, mark)) {
    expect(reset).toEqual({ status: 401, effect: false, refusedWith: -10 });
  }
  expect((await resetsSince(simulator, mark)).length).toBeGreaterThan(0);
  await simulator.clearFaults();
});

test("a replayed nonce is refused with -7", async ({ page, stack, simulator }) => {
  const relay = await Relay.start(stack.simulator.basePath);
  try {
    relay.tampering = (request) => (request.url?.startsWith("/v1/workspace") ? { twice: true } : undefined);
    await stack.restartWorker({ vars: relay.settings });
    const mark = await simulator.mark();
    await signIn(page, stack, "amara.lindqvist");
    const alert = page.getByRole("alert").first();
    await expect(alert).toContainText("Fireblocks refuses this service's key");
    const [first, second] = (await simulator.log(mark)).filter(({ operation }) => operation === "getWorkspace");
    expect(second?.jwt?.claims.nonce).toBe(first?.jwt?.claims.nonce);
    expect(first?.jwt?.verified).toBe(true);
    expect(second?.jwt).toMatchObject({ verified: false, refusedWith: -7 });
    expect(second?.status).toBe(401);
  } finally {
    relay.stop();
  }
});

test("a changed body is refused with -7", async ({ page, stack, simulator }) => {
  const relay = await Relay.start(stack.simulator.basePath);
  try {
    relay.tampering = (request) => (request.method === "POST" ? { body: Buffer.from("{}") } : undefined);
    await stack.restartWorker({ vars: relay.settings });
    const mark = await simulator.mark();
    await askForReset(page, stack, "noor", "noor.haddad@northwind.example");
    await expectRefused(
      page,
      "Fireblocks does not accept this gateway's own credentials",
      "Nothing was filed by this call.",
    );
    expect(await resetsSince(simulator, mark)).toEqual([{ status: 401, effect: false, refusedWith: -7 }]);
  } finally {
    relay.stop();
  }
});

test("a key without the role is refused", async ({ page, stack, simulator }) => {
  const { apiKey, secretKey } = await simulator.makeApiKey("VIEWER");
  await stack.restartWorker({ secrets: { FIREBLOCKS_API_KEY: apiKey, FIREBLOCKS_SECRET_KEY: secretKey } });
  const mark = await simulator.mark();
  await signIn(page, stack, "amara.lindqvist");
  const alert = page.getByRole("alert").first();
  await expect(alert).toContainText("Fireblocks refuses this service's key");
  await expect(alert).toContainText("Lacking permissions");
  await expect(alert).toContainText("They check the API key, its role and the region.");
  const reads = (await simulator.log(mark)).filter(({ operation }) => operation === "getConsoleUsers");
  expect(new Set(reads.map(({ status }) => status))).toEqual(new Set([403]));
});

test("a key that loses the role between the list and the reset is refused", async ({ page, stack, simulator }) => {
  await stack.restartWorker();
  const mark = await simulator.mark();
  await askForReset(page, stack, "noor", "noor.haddad@northwind.example", () =>
    simulator.changeApiKey(stack.simulator.apiKey, { role: "VIEWER" }),
  );
  await expectRefused(page, "Lacking permissions", "Nothing was filed by this call.");
  expect(await resetsSince(simulator, mark)).toEqual([{ status: 403, effect: false, refusedWith: undefined }]);
  await simulator.changeApiKey(stack.simulator.apiKey, { role: "NON_SIGNING_ADMIN" });
});
