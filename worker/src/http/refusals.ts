/**
 * Keeps what was refused: to whom, what, and why.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { CODES, GatewayError } from "../errors";
import { errorName } from "../log";
import { keepRefusal } from "../records/refused-attempts";
import { type GatewayEnv, waitUntilOf } from "./context";

/** What tells of somebody who tries what they may not; not what the network, a typing error or a busy moment refuse. */
const KEPT = new Set<number>([
  CODES.noRole,
  CODES.crossSite,
  CODES.unknownUser,
  CODES.owner,
  CODES.self,
  CODES.apiUser,
  CODES.roleWithoutDevice,
  CODES.disabled,
  CODES.notActivated,
  CODES.askerUnknown,
  CODES.serviceToken,
  CODES.askerInactive,
  CODES.pendingElsewhere,
  CODES.keyInUse,
  CODES.secondPerson,
  CODES.demandsUnmet,
  CODES.forbidden,
  CODES.breakGlass,
  CODES.tooFewAdmins,
  CODES.lookFirst,
  CODES.rateLimited,
  CODES.dailyLimit,
  CODES.workspaceLimit,
  CODES.wrongCode,
]);

/**
 * What tells of it in one action alone. Whoever a confirmation or a stop is not for is told that there is nothing, and nobody
 * sends either by a typing error; a match that is somebody else's, or was used, is tried again by nobody who has one.
 */
const KEPT_OF: Readonly<Record<string, number>> = {
  confirm: CODES.notFound,
  stop: CODES.notFound,
  reset: CODES.unknownHelpRequest,
};

/** The longest id that is kept. */
const MAX_SUBJECT_CHARS = 255;

/** The answer does not wait for it. */
export const keepRefusals: MiddlewareHandler<GatewayEnv> = async (c, next) => {
  await next();
  const { error } = c;
  const action = actionOf(c.req.method, c.req.path);
  if (!(error instanceof GatewayError) || action === undefined) return;
  if (!KEPT.has(error.code) && KEPT_OF[action.name] !== error.code) return;
  const { services, person, requestId } = c.var;
  const refusal = {
    ...{ actor_id: person.id, actor: person.name, actor_kind: person.kind, code: error.code },
    ...{ action: action.name, subject: action.subject.slice(0, MAX_SUBJECT_CHARS) },
  };
  const keeping = keepRefusal(services.bindings.DB, refusal, services.now()).catch((failure: unknown) => {
    services.log({ level: "warn", event: "refusalNotKept", requestId, code: error.code, error: errorName(failure) });
  });
  waitUntilOf(c)(keeping);
};

/** By the address, since a request may be refused before its route is reached. Looking is no attempt, but for the export. */
function actionOf(method: string, path: string): { name: string; subject: string } | undefined {
  if (method === "GET") return path.endsWith("/api/resets/export") ? { name: "export", subject: "" } : undefined;
  const reset = /\/v1\/management\/users\/([^/]*)\/reset_device$/.exec(path);
  if (reset) return { name: "reset", subject: decoded(reset[1] ?? "") };
  const decision = /\/api\/resets\/([^/]*)\/(release|send|withdraw|settle|review)$/.exec(path);
  if (decision) return { name: decision[2] ?? "", subject: decoded(decision[1] ?? "") };
  const alarm = /\/api\/alarms\/([^/]*)\/close$/.exec(path);
  if (alarm) return { name: "closeAlarm", subject: decoded(alarm[1] ?? "") };
  if (path.endsWith("/api/me/alarm")) return { name: "alarm", subject: "" };
  const stopped = /\/api\/me\/resets\/([^/]*)\/stop$/.exec(path);
  if (stopped) return { name: "stop", subject: decoded(stopped[1] ?? "") };
  const answered = /\/api\/confirmations\/([^/]*)$/.exec(path);
  if (answered) return { name: "confirm", subject: decoded(answered[1] ?? "") };
  const said = /\/api\/elsewhere\/([^/]*)\/decide$/.exec(path);
  if (said) return { name: "decideElsewhere", subject: decoded(said[1] ?? "") };
  const typed = /\/api\/help\/([^/]*)\/match$/.exec(path);
  if (typed) return { name: "match", subject: decoded(typed[1] ?? "") };
  const pause = /\/api\/(pause|resume)$/.exec(path);
  return pause ? { name: pause[1] ?? "", subject: "" } : undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
