import { createHash } from "node:crypto";
import { contentOfDialog, eventNames, expect, recordOf, signIn, storedReset, test } from "./support/stack.ts";

const NOOR = { name: "Noor Haddad", email: "noor.haddad@northwind.example" };
const NOTE = {
  verifiedBy: "Video call, compared with the badge photo",
  reason: "Phone lost on a train",
  reference: "HELP-4711",
};

test("a reset goes from sign-in to ready again, and the whole story is kept", async ({ page, stack, simulator }) => {
  // Every step waits for this test.
  await simulator.change({ pairAfterSeconds: null, setupAfterSeconds: null });
  const mark = await simulator.mark();

  await signIn(page, stack, "amara.lindqvist");
  await expect(page.getByText("Northwind Treasury").first()).toBeVisible();

  await page.getByRole("searchbox", { name: /search users/i }).fill("noor");
  const row = page.getByRole("row", { name: NOOR.name });
  await expect(row).toContainText(NOOR.email);
  await row.getByRole("button", { name: `Reset the device of ${NOOR.name}` }).click();

  await expect(page.getByRole("dialog", { name: `Reset the mobile device of ${NOOR.name}?` })).toBeVisible();
  const dialog = contentOfDialog(page);
  await expect(dialog).toContainText(NOOR.email);
  await dialog.getByLabel(/in your own words/i).fill(NOTE.verifiedBy);
  await dialog.getByLabel(/why is the reset needed/i).fill(NOTE.reason);
  await dialog.getByLabel(/ticket or reference/i).fill(NOTE.reference);
  await dialog.getByLabel(`Type ${NOOR.email} to confirm`).fill(NOOR.email);
  await dialog.getByRole("button", { name: "Request the reset" }).click();

  // Fireblocks has answered 200: an approval request was filed, and nothing else may be claimed.
  await page.waitForURL(/\/resets\/[0-9a-f-]{36}$/);
  const recordId = page.url().split("/").at(-1) ?? "";
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  await expect(page.getByText("The device is not reset yet").first()).toBeVisible();
  await expect(page.locator("body")).not.toContainText(/device (was|has been) reset|reset complete|ready again\./i);

  const filed = await recordOf(page, recordId);
  expect(filed).toMatchObject({
    state: "approvalRequested",
    outcome: "accepted",
    open: true,
    attempts: 1,
    statusBefore: "READY",
  });
  const { userId } = filed;

  const [approval, ...others] = await simulator.approvals(userId);
  expect(others).toEqual([]);
  expect(approval).toMatchObject({
    status: "PENDING",
    userEmail: NOOR.email,
    idempotencyKey: filed.upstreamKey,
    requestId: filed.requestId,
    apiKey: stack.simulator.apiKey,
  });

  // The approvers agree; the person pairs again.
  const timeline = page.getByRole("main").getByRole("list").first();
  await simulator.approve(approval?.id ?? "");
  await expect(timeline.getByText("Done: Old device unpaired")).toBeVisible();
  await expect(page.getByText("Waiting for pairing").first()).toBeVisible();
  await simulator.advance(userId);
  await expect(page.getByText("Waiting for setup").first()).toBeVisible();
  await simulator.advance(userId);
  await expect(timeline.getByText("Done: Ready again")).toBeVisible();
  expect((await simulator.user(userId)).status).toBe("READY");

  // The simulator's own log: one reset, correctly signed, with one effect.
  const requests = await simulator.log(mark);
  const resets = requests.filter(({ operation }) => operation === "resetDevice");
  expect(resets).toHaveLength(1);
  const [reset] = resets;
  const target = `/v1/management/users/${userId}/reset_device`;
  expect(reset).toMatchObject({
    method: "POST",
    target,
    status: 200,
    effect: true,
    replayed: false,
    requestId: filed.requestId,
  });
  expect(reset?.headers).toMatchObject({ "x-api-key": stack.simulator.apiKey, "idempotency-key": filed.upstreamKey });
  expect(reset?.headers).not.toHaveProperty("authorization");
  expect(reset?.jwt).toMatchObject({
    verified: true,
    header: { alg: "RS256", typ: "JWT" },
    claims: { uri: target, sub: stack.simulator.apiKey, bodyHash: createHash("sha256").update("").digest("hex") },
  });
  expect(requests.filter(({ jwt }) => jwt?.verified !== true)).toEqual([]);
  const nonces = requests.map(({ jwt }) => jwt?.claims.nonce);
  expect(new Set(nonces).size).toBe(nonces.length);
  expect(await simulator.approvals(userId)).toHaveLength(1);

  // The record, as the worker tells it and as D1 holds it.
  const record = await recordOf(page, recordId);
  expect(record).toMatchObject({
    ...NOTE,
    state: "completed",
    open: false,
    outcome: "accepted",
    askedBy: "amara.lindqvist@northwind.example",
    userEmail: NOOR.email,
    userName: NOOR.name,
    userRole: "SIGNER",
    attempts: 1,
    requestId: filed.requestId,
    upstreamKey: filed.upstreamKey,
  });
  const story = ["recorded", "attempt", "approvalRequested", "awaitingPairing", "awaitingSetup", "completed"];
  expect(eventNames(record.events).filter((name) => story.includes(name))).toEqual(story);

  const { row: stored, events } = storedReset(stack, recordId);
  expect(stored).toMatchObject({
    state: "completed",
    open: 0,
    asked_by: record.askedBy,
    user_id: userId,
    user_email: NOOR.email,
    reason: NOTE.reason,
    reference: NOTE.reference,
    verified_by: NOTE.verifiedBy,
    upstream_key: filed.upstreamKey,
    request_id: filed.requestId,
    attempts: 1,
    outcome: "accepted",
  });
  expect(events.map(({ event }) => event)).toEqual(eventNames(record.events));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));

  // Nothing that signs or signs in was kept.
  const kept = JSON.stringify({ stored, events, record });
  expect(kept).not.toMatch(/PRIVATE KEY|eyJ[\w-]+\.[\w-]+\./);
  expect(kept).not.toContain(stack.simulator.apiKey);
});

test("a person without a role sees their own device, and nothing of the workspace", async ({ page, stack }) => {
  await signIn(page, stack, "eli.brandt");
  await expect(page.getByRole("heading", { name: "Your device", exact: true })).toBeVisible();
  await page.goto("/resets");
  await expect(page.getByRole("heading", { name: "You have no role here" })).toBeVisible();
  await expect(page.getByRole("grid", { name: "Users" })).toHaveCount(0);
  expect((await page.request.get("/api/users")).status()).toBe(403);
});

test("nobody gets in without signing in", async ({ page, stack }) => {
  await page.goto(stack.url);
  await expect(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  for (const path of ["/api/session", "/api/users", "/api/resets", "/v1/management/users", "/v1/workspace"]) {
    expect((await page.request.get(path)).status(), path).toBe(401);
  }
});
