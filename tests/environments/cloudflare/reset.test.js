import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { reset } from "./common/reset.js";

const task = JSON.parse(env.TASK);

test("resets a device", async () => {
  expect(await reset(task)).toMatchObject({ idempotencyKey: task.idempotencyKey });
});
