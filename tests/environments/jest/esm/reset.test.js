import { createClient } from "fireblocks-reset-device";

const { userId, idempotencyKey, ...configuration } = JSON.parse(process.env.TASK);

test("resets a device", async () => {
  const client = await createClient(configuration);
  expect(await client.resetDevice(userId, idempotencyKey)).toMatchObject({ idempotencyKey });
});
