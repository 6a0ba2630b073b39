import { expect, NOTE, recordsOf, test } from "./support.ts";

test("outside the local environment the live button is warned of", async ({ page, as, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const warning = page.getByText("the button below is live. What you confirm is sent.");
  const choose = async () => {
    await page.goto("/button");
    await page.getByLabel("User id").fill(user.id);
    await expect(page.getByRole("button", { name: "Reset mobile device" })).toBeVisible();
  };
  await choose();
  await expect(warning).toHaveCount(0);
  for (const [environment, name] of [
    ["production", "Production"],
    ["sandbox", "Sandbox"],
  ]) {
    await page.route("**/api/session", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), environment } });
    });
    await choose();
    await expect(warning).toHaveText(`${name}: the button below is live. What you confirm is sent.`);
  }
});

test("the package's button works on its page and follows its record", async ({ page, as, simulator, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  await page.goto("/button");
  await expect(page.getByText("Choose a user")).toBeVisible();
  await expect(page.getByRole("button", { name: "Reset mobile device" })).toHaveCount(0);
  await page.getByLabel("User id").fill(user.id);
  await page.getByLabel("User id").press("Enter");
  await page.getByLabel("User id").blur();
  await expect(page.getByRole("region", { name: "Code" })).toContainText(`user-id="${user.id}"`);

  await page.getByRole("button", { name: "Reset mobile device" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/identity verified/i).fill(NOTE.verifiedBy);
  await dialog.getByLabel(/^reason/i).fill(NOTE.reason);
  await dialog.getByRole("button", { name: "Request the reset" }).click();
  await expect(page.getByRole("log", { name: "Events" })).toContainText("the gateway took the request");
  await expect(page.getByRole("log", { name: "Events" })).toContainText("approvalRequested");
  expect(await recordsOf(page, user.id)).toHaveLength(1);

  const [approval] = await simulator.approvals(user.id);
  await simulator.approve(approval?.id ?? "");
  await expect(page.getByRole("log", { name: "Events" })).toContainText("awaitingPairing", { timeout: 45_000 });
});
