// One reset, in a Worker. The task is the request's body; the receipt is the answer.
import { configure, resetDevice } from "fireblocks-reset-device";

export default {
  async fetch(request) {
    const { userId, idempotencyKey, ...config } = await request.json();
    await configure(config);
    return Response.json(await resetDevice(userId, idempotencyKey));
  },
};
