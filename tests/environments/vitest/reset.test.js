import { expect, test } from "vitest";
import { reset } from "./common/reset.js";

const task = JSON.parse(process.env.TASK);

test("resets a device", async () => {
  expect(await reset(task)).toMatchObject({ idempotencyKey: task.idempotencyKey });
});
