/**
 * The users, with what is decided about each.
 *
 * @module
 */
import type { ApprovalRequestItem, ConsoleUser } from "fireblocks-reset-device";
import { ADMIN_ROLES, type ResetDemands, type UserList } from "fireblocks-reset-device/gateway-api";
import { Hono } from "hono";
import { MAX_LIST_AGE_MS } from "../fireblocks/upstream";
import { tooFewNow } from "../records/admin-guard";
import { openAlarmOf } from "../records/alarms";
import { canBeTold } from "../records/outbox";
import { present } from "../records/row";
import { demandsFor, refuseStory } from "../resets/admission";
import { mayBreakGlass } from "../resets/break-glass";
import { judgeFor, unknownUser } from "../resets/eligibility";
import { proofsOfHelp } from "../resets/help-proofs";
import { managerAmong } from "../resets/managers";
import { guardFor, leavesTooFewAdmins, quorumOf, tooFewAdmins } from "../resets/quorum";
import { parseDemandsQuery, parseUserId } from "../resets/request";
import { type GatewayContext, type GatewayEnv, waitUntilOf } from "./context";
import { ANY_ROLE, RESETTER } from "./guards";
import { usersToShow } from "./shown";

export function userRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/users", ANY_ROLE, async (c) => c.json(await userList(c)));

  routes.get("/users/:id/demands", RESETTER, async (c) => {
    const query = parseDemandsQuery(c.req.query());
    return c.json(await demandsToAsk(c, parseUserId(c.req.param("id")), query));
  });

  return routes;
}

async function userList(c: GatewayContext): Promise<UserList> {
  const { services, person } = c.var;
  const [list, open] = await Promise.all([usersToShow(c), services.records.allOpen()]);
  const judge = judgeFor(person, list.value, services.configuration);
  const mayReset = person.roles.has("resetter");
  const users = list.value.flatMap((user) => {
    if (user.id === undefined) return [];
    const { refusal, warning } = judge(user);
    const openReset = open.get(user.id);
    const blocked = mayReset ? refusal : NOT_A_RESETTER;
    return [
      {
        ...user,
        id: user.id,
        ...(blocked && { blocked: { code: blocked.code, message: blocked.message } }),
        ...(warning !== undefined && { warning }),
        ...(openReset && { openReset: { recordId: openReset.id, state: openReset.state } }),
      },
    ];
  });
  return { users, fetchedAt: list.startedAt };
}

const NOT_A_RESETTER = { code: "noRole", message: "Your role lets you look, not reset." };

/** What a reset of this user would need, if this person asked for it now. */
async function demandsToAsk(
  c: GatewayContext,
  userId: string,
  { because, helpRequest }: ReturnType<typeof parseDemandsQuery>,
): Promise<ResetDemands> {
  const { services, person } = c.var;
  refuseStory({ because });
  const seen = helpRequest === undefined ? [] : await proofsOfHelp(services, helpRequest, userId, person);
  const { value: users } = await usersToShow(c);
  const user = users.find(({ id }) => id === userId);
  if (user === undefined) throw unknownUser();
  const { configuration, records } = services;
  const open = await records.allOpen();
  const { minReadyAdmins } = configuration;
  const guard = await guardFor(user, users, await waitingNow(c, user), minReadyAdmins);
  const blocked = guard && (await tooFewNow(services.bindings.DB, userId, guard));
  const wanted = { userId, but: "", role: user.role, because, askedAt: services.now(), passed: false };
  const facts = {
    canBeTold: canBeTold(configuration, user),
    leavesTooFewAdmins: leavesTooFewAdmins(guard),
    alarmed: await openAlarmOf(services.bindings.DB, userId),
  };
  const report = { userId, userEmail: user.email, helpRequestId: helpRequest, asker: person };
  const [demands, manager] = await Promise.all([
    demandsFor(services, { ...wanted, ...facts }),
    managerAmong(services, report, users),
  ]);
  return {
    ...demands,
    quorum: quorumOf(users, userId, new Set(open.keys()), minReadyAdmins),
    met: seen.map(({ proof }) => proof),
    breakGlass: mayBreakGlass(services, person),
    managerAsked: manager !== undefined,
    ...(blocked && {
      blocked: { code: "tooFewAdmins", message: tooFewAdmins(guard).message, ...present("recordId", blocked.recordId) },
    }),
  };
}

/** What waits in Fireblocks beside an admin's reset, as far as it can be read. It is decided on again when it is asked for. */
async function waitingNow(c: GatewayContext, { role }: ConsoleUser): Promise<ApprovalRequestItem[]> {
  const { configuration, fireblocks, now } = c.var.services;
  const { minReadyAdmins, checkApprovals } = configuration;
  if (minReadyAdmins === undefined || !checkApprovals || !ADMIN_ROLES.includes(role ?? "")) return [];
  // As old as the list of users may be: looking often must not use up what Fireblocks allows to all.
  return fireblocks.pendingApprovals(waitUntilOf(c), now() - MAX_LIST_AGE_MS).then(
    ({ items }) => items,
    () => [],
  );
}
