import { expect, requestReset, test } from "./support.ts";

// A stack without any other open reset: audit rows name nobody, so they tell nothing while two are open.
test.use({ stackOptions: { users: 40, approveAfter: null, vars: { RATE_LIMITS: "off" } } });

test.beforeEach(async ({ as }) => as("amara.lindqvist"));

for (const [decision, state, sentence] of [
  ["reject", "Rejected", "An approver has rejected the request. The device was not reset."],
  ["cancel", "Cancelled", "The approval request was cancelled. The device was not reset."],
] as const) {
  test(`an approval request that ends by ${decision} is told as ${state}`, async ({
    page,
    stack,
    simulator,
    freshUser,
  }) => {
    const user = await freshUser();
    await requestReset(page, user);
    // The worker has to see the request wait: one that was decided on before is not known as this record's.
    await stack.runScheduled();
    const [approval] = await simulator.approvals(user.id);
    const answer = await fetch(`${stack.simulator.controlUrl}/approvals/${approval?.id}/${decision}`, {
      method: "POST",
    });
    expect(answer.ok).toBe(true);
    await expect(page.getByText(sentence)).toBeVisible({ timeout: 45_000 });
    await expect(page.locator("tone-badge").first()).toHaveText(state);
  });
}
