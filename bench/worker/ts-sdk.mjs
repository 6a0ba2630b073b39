// The same bare Worker on Fireblocks' own SDK, which needs Node's modules.

import { Fireblocks } from "@fireblocks/ts-sdk";

/** @type {Fireblocks | undefined} */
let fireblocks;

export default {
  /**
   * @param {Request} request
   * @param {{ FIREBLOCKS_BASE_PATH: string, FIREBLOCKS_API_KEY: string, FIREBLOCKS_SECRET_KEY: string }} env
   */
  async fetch(request, env) {
    fireblocks ??= new Fireblocks({
      basePath: env.FIREBLOCKS_BASE_PATH,
      apiKey: env.FIREBLOCKS_API_KEY,
      secretKey: env.FIREBLOCKS_SECRET_KEY,
    });
    const [, id = ""] = /\/users\/([^/]+)\/reset_device$/.exec(new URL(request.url).pathname) ?? [];
    const answer = await fireblocks.resetDevice.resetDevice({
      id,
      idempotencyKey: request.headers.get("Idempotency-Key") ?? crypto.randomUUID(),
    });
    return new Response(null, { status: answer.statusCode });
  },
};
