/**
 * Who asks, and whether resets go on at all.
 *
 * @module
 */
import type { Session } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import { isActive, knownUsersOf, type Person, possibleUsersOf } from "../access/people";
import type { GatewayError } from "../errors";
import type { WaitUntil } from "../fireblocks/shared";
import { openPause } from "../records/pauses";
import { countTodo } from "../records/todo";
import { pauseResets, resumeResets } from "../resets/pausing";
import { parseReason, parseResume } from "../resets/request";
import type { Services } from "../services";
import { type GatewayContext, type GatewayEnv, waitUntilOf } from "./context";
import { AUDITOR, readBody, requireRole } from "./guards";
import { workspaceToShow } from "./shown";

export function sessionRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/session", async (c) => c.json(await sessionOf(c)));

  routes.post("/pause", requireRole("resetter", "auditor"), async (c) => {
    await pauseResets(c.var.services, c.var.person, parseReason(await readBody(c)));
    return c.body(null, 204);
  });

  routes.post("/resume", AUDITOR, async (c) => {
    await resumeResets(c.var.services, c.var.person, parseResume(await readBody(c)));
    return c.body(null, 204);
  });

  return routes;
}

async function sessionOf(c: GatewayContext): Promise<Session> {
  const { services, person } = c.var;
  const { configuration } = services;
  const roles = [...person.roles.keys()];
  const resetter = person.roles.has("resetter");
  const auditor = person.roles.has("auditor");
  // The page is told who it speaks to also while D1 cannot be reached.
  const [pause, todo, where] = await Promise.all([
    roles.length === 0 ? null : openPause(services.bindings.DB).catch(() => null),
    todoOf(services, person, waitUntilOf(c)).catch(() => undefined),
    roles.length === 0 ? {} : whereOf(c),
  ]);
  const resetsPaused = configuration.resetsPaused || pause !== null;
  const signOut = new URL("/cdn-cgi/access/logout", configuration.teamDomain);
  signOut.searchParams.set("returnTo", `${new URL(c.req.url).origin}${c.env.prefix}/`);
  return {
    ...(person.kind === "person" && { email: person.name }),
    actor: person.id,
    roles,
    ...(person.lostRoles.length > 0 && { lostRoles: person.lostRoles }),
    can: {
      read: roles.length > 0,
      reset: resetter && !resetsPaused,
      export: auditor,
      settle: resetter,
      pause: resetter || auditor,
      resume: auditor,
    },
    environment: configuration.environment,
    ...where,
    resetsPaused,
    ...(pause && { pause }),
    requireSecondPerson: configuration.requireSecondPerson,
    policy: configuration.policy.length > 0 || configuration.breakGlass.size > 0,
    requireNote: configuration.requireNote,
    ...(todo !== undefined && { todo }),
    signOutUrl: signOut.href,
  };
}

function whereOf(c: GatewayContext): Promise<Pick<Session, "workspace" | "problem">> {
  return workspaceToShow(c).then(
    ({ value }) => ({ workspace: value }),
    (error: GatewayError) => ({ problem: error.body() }),
  );
}

/** Undefined for whoever decides nothing. @throws where who they are cannot be read */
async function todoOf(
  { bindings, configuration, fireblocks, now }: Services,
  person: Person,
  waitUntil: WaitUntil,
): Promise<number | undefined> {
  const resetter = person.roles.has("resetter");
  if (person.kind === "service" || !(resetter || person.roles.has("auditor"))) return undefined;
  // Who they are in Fireblocks is asked once: it is a number that is told, and nothing is decided on it.
  const { value: users } = fireblocks.known.users ?? (await fireblocks.users(waitUntil));
  const { userMap } = configuration;
  const userIds = possibleUsersOf(person, users, userMap).flatMap(({ id }) => id ?? []);
  const active = knownUsersOf(person, users, userMap).some(isActive);
  const { name, id } = person;
  return countTodo(bindings.DB, { name, id, userIds, resetter, active }, configuration, now());
}
