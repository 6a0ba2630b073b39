// A Worker that has work of its own, with the gateway mounted in it under a path.
import { type Bindings, createGateway, type Gateway } from "fireblocks-reset-device/worker";

interface Env extends Omit<Bindings, "DB"> {
  RESETS: D1Database;
}

const gateway: Gateway<Env> = createGateway<Env>({
  prefix: "/fireblocks",
  bindings: ({ RESETS, ...settings }) => ({ ...settings, DB: RESETS }),
});

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    return pathname.startsWith("/fireblocks/") ? gateway.fetch(request, env, ctx) : new Response("the Worker's own");
  },
  scheduled: (controller: ScheduledController, env: Env, ctx: ExecutionContext) =>
    gateway.scheduled(controller, env, ctx),
} satisfies ExportedHandler<Env>;
