/**
 * Every route of the API. Who may call each, what it takes and what it answers is in docs/routes.md.
 *
 * @module
 */
import { Hono } from "hono";
import * as v from "valibot";
import type { ResetPage, Session, UserList } from "../api";
import type { Environment } from "../configuration";
import { CODES, GatewayError } from "../errors";
import { readingFailed } from "../fireblocks/answers";
import { exportStream } from "../records/export";
import { listRecords, parseListQuery } from "../records/list";
import { toEvent, toRecord } from "../records/row";
import { askForReset } from "../resets/ask";
import type { Accepted } from "../resets/caller-key";
import { noRecord, release, settle, withdraw } from "../resets/decide";
import { judgeFor } from "../resets/eligibility";
import { parseCallerKey, parseNote, parseReason, parseUserId } from "../resets/request";
import { askingOf, type GatewayContext, type GatewayEnv, waitUntilOf } from "./context";
import { personOf, readBody, requireRole, signInOf } from "./guards";
import { Health } from "./health";

const ANY_ROLE = requireRole("viewer", "resetter", "auditor");
const RESETTER = requireRole("resetter");
const AUDITOR = requireRole("auditor");

/** Fireblocks' own paths, so that any Fireblocks client can speak to the worker. */
export function fireblocksRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.post("/management/users/:id/reset_device", RESETTER, async (c) => {
    const asking = askForReset(c.var.services, {
      ...askingOf(c),
      userId: parseUserId(c.req.param("id")),
      callerKey: parseCallerKey(c.req.header("Idempotency-Key")),
      note: parseNote(await readBody(c)),
    });
    return acceptance(c, await asking);
  });

  routes.get("/management/users", ANY_ROLE, async (c) => {
    const { value } = await usersOf(c);
    return c.json({ users: value });
  });

  routes.get("/workspace", ANY_ROLE, async (c) => {
    const { value } = await c.var.services.fireblocks.workspace(waitUntilOf(c));
    return c.json(value);
  });

  return routes;
}

/** The page's own paths. */
export function pageRoutes(): Hono<GatewayEnv> {
  const routes = new Hono<GatewayEnv>();

  routes.get("/session", async (c) => c.json(await sessionOf(c)));

  routes.get("/users", ANY_ROLE, async (c) => c.json(await userList(c)));

  routes.get("/resets", ANY_ROLE, async (c) => {
    const { services } = c.var;
    const { rows, next } = await listRecords(services.bindings.DB, parseListQuery(c.req.query()));
    const now = services.now();
    const page: ResetPage = {
      resets: rows.map((row) => toRecord(row, now, services.configuration.staleAfterMs)),
      ...(next !== undefined && { next }),
    };
    return c.json(page);
  });

  routes.get("/resets/export", AUDITOR, (c) => exportAll(c));

  routes.get("/resets/:id", ANY_ROLE, async (c) => {
    const { services } = c.var;
    const id = parseRecordId(c);
    const [row, events] = await Promise.all([services.records.get(id), services.records.events(id)]);
    if (row === null) throw noRecord();
    const record = toRecord(row, services.now(), services.configuration.staleAfterMs);
    return c.json({ ...record, events: events.map(toEvent) });
  });

  routes.post("/resets/:id/release", RESETTER, async (c) => {
    return acceptance(c, await release(c.var.services, parseRecordId(c), askingOf(c)));
  });

  routes.post("/resets/:id/withdraw", RESETTER, async (c) => {
    await withdraw(c.var.services, parseRecordId(c), c.var.person, parseReason(await readBody(c)));
    return c.body(null, 204);
  });

  routes.post("/resets/:id/settle", RESETTER, async (c) => {
    await settle(c.var.services, parseRecordId(c), askingOf(c), parseReason(await readBody(c)));
    return c.body(null, 204);
  });

  return routes;
}

/** Anybody learns up or down; the checks are for those who have a role. */
export function healthRoute(): Hono<GatewayEnv> {
  const health = new Health();
  return new Hono<GatewayEnv>().get("/", async (c) => {
    const { made } = c.env;
    if (!made.ok) return c.json({ status: "down" }, 503);
    const { services } = made;
    const report = await health.report(services, waitUntilOf(c));
    const person = await signInOf(services, c.req.raw.headers).then(
      (signIn) => personOf(services, signIn),
      () => undefined,
    );
    const status = report.status === "up" ? 200 : 503;
    return c.json(person !== undefined && person.roles.size > 0 ? report : { status: report.status }, status);
  });
}

/** Success in Fireblocks' own shape: an empty 200. A proposal is 202, since nothing was sent. */
function acceptance(c: GatewayContext, { status, recordId, requestId, replayed }: Accepted): Response {
  c.header("X-Reset-Record", recordId);
  if (requestId !== undefined) c.header("X-Request-ID", requestId);
  if (replayed) c.header("X-Reset-Replayed", "true");
  return c.body(null, status);
}

async function usersOf(c: GatewayContext) {
  try {
    return await c.var.services.fireblocks.users(waitUntilOf(c));
  } catch (error) {
    throw readingFailed(error, "The list of users");
  }
}

async function userList(c: GatewayContext): Promise<UserList> {
  const { services, person } = c.var;
  const [list, open] = await Promise.all([usersOf(c), services.records.allOpen()]);
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

async function sessionOf(c: GatewayContext): Promise<Session> {
  const { services, person } = c.var;
  const { configuration, fireblocks } = services;
  const roles = [...person.roles.keys()];
  const resetter = person.roles.has("resetter");
  const signOut = new URL("/cdn-cgi/access/logout", configuration.teamDomain);
  signOut.searchParams.set("returnTo", `${new URL(c.req.url).origin}${c.env.prefix}/`);
  const where =
    roles.length === 0
      ? {}
      : await fireblocks.workspace(waitUntilOf(c)).then(
          ({ value }) => ({ workspace: value }),
          (error: unknown) => ({ problem: readingFailed(error, "The workspace").body() }),
        );
  return {
    ...(person.kind === "person" && { email: person.name }),
    actor: person.id,
    roles,
    can: {
      read: roles.length > 0,
      reset: resetter && !configuration.resetsPaused,
      export: person.roles.has("auditor"),
      settle: resetter,
    },
    environment: configuration.environment satisfies Environment,
    ...where,
    resetsPaused: configuration.resetsPaused,
    requireSecondPerson: configuration.requireSecondPerson,
    requireNote: configuration.requireNote,
    signOutUrl: signOut.href,
  };
}

const ExportQuery = v.strictObject({
  format: v.picklist(["csv", "jsonl"]),
  from: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), "0"),
  to: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
});

function exportAll(c: GatewayContext): Response {
  const { services, person, requestId } = c.var;
  const parsed = v.safeParse(ExportQuery, c.req.query());
  if (!parsed.success) {
    throw new GatewayError(
      400,
      CODES.invalidRequest,
      "Ask with format=csv or format=jsonl, and from and to in epoch milliseconds.",
    );
  }
  const { format, from, to } = parsed.output;
  const now = services.now();
  services.log({ level: "info", event: "export", requestId, actorId: person.id, format, from });
  const stream = exportStream(services.bindings.DB, {
    format,
    from,
    to: to ?? now,
    now,
    staleAfterMs: services.configuration.staleAfterMs,
  });
  const day = new Date(now).toISOString().slice(0, 10);
  return c.body(stream, 200, {
    "Content-Type": format === "csv" ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8",
    "Content-Disposition": `attachment; filename="resets-${day}.${format}"`,
  });
}

function parseRecordId(c: GatewayContext): string {
  const id = c.req.param("id") ?? "";
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) throw noRecord();
  return id;
}
