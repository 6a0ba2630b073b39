/** A problem in words: what happened, whether anything may have taken effect, and the one next step. Pure. */
import type { Outcome } from "fireblocks-reset-device";
import type { Changing, Decision, Problem, ProblemKind } from "../gateway/problem.ts";
import { timeToWait } from "./time.ts";
import { capital } from "./user.ts";

export interface Explanation {
  icon: string;
  title: string;
  what: string;
  /** Absent where nothing was to have an effect. */
  effect?: string;
  next: string;
  /** The button that does the next step, where the page can do it. */
  action?: "signIn" | "retry" | "openRecord";
}

const EFFECTS: Readonly<Record<Outcome, string>> = {
  notSent: "Nothing was sent to Fireblocks.",
  refused: "Nothing was filed. No device was reset.",
  unknown: "An approval request may or may not have been filed.",
};

/** Whether a decision is about all resets, and not about a record. */
const isOfAll = (decision: Decision | undefined): boolean => decision === "pause" || decision === "resume";

const LOOK_AT_PAUSE = "Load the page again, and look whether resets are paused.";

const UNCHANGED: Readonly<Record<Changing, string>> = {
  help: "The request for help is as it was.",
  word: "The reset is as it was.",
  alarm: "Nothing was changed.",
  elsewhere: "Nothing was written down.",
};

/** A release and a press of “send” are what sends; the other decisions have no effect outside the record. */
function effectOf(outcome: Outcome, { decision, changing }: Problem): string {
  if (changing) {
    return outcome === "unknown" ? "It may or may not have taken effect." : UNCHANGED[changing];
  }
  if (decision === undefined || decision === "release" || decision === "send") return EFFECTS[outcome];
  if (isOfAll(decision))
    return outcome === "unknown" ? "Resets may or may not be paused now." : "This changed nothing.";
  return outcome === "unknown" ? "The record may or may not have been changed." : "This changed nothing in the record.";
}

const MINUTE = 60_000;

/** The worker's own numbers (worker/src/errors.ts): a request that was made elsewhere waits in Fireblocks. */
const PENDING_ELSEWHERE = 1302;
/** It takes another person, whatever one's role. */
const OTHER_PERSON = 1307;
/** It lacks what the policy has come to demand. */
const DEMANDS_UNMET = 1310;
/** Beside another admin's reset this one would leave too few. */
const TOO_FEW_ADMINS = 1314;

const noAnswer = (status: number | undefined): string =>
  status === undefined ? "No answer came." : `An answer came that tells nothing, with the HTTP status ${status}.`;

const TEXTS: Readonly<Record<ProblemKind, (problem: Problem) => Explanation>> = {
  signedOut: () => ({
    icon: "lock",
    title: "You are signed out",
    what: "Your session has ended, or you have not signed in yet.",
    next: "Sign in. You come back to where you were.",
    action: "signIn",
  }),
  noRole: () => ({
    icon: "shield",
    title: "You have no role here",
    what: "You are signed in, but nobody has given you a role on this page.",
    next: "Ask whoever runs this service to give you a role, then try again.",
    action: "retry",
  }),
  forbidden: ({ message, code }) => ({
    icon: "slash-circle",
    title: "You may not do this",
    what: message ?? "You are signed in, but this needs a role that you do not have.",
    next: code === OTHER_PERSON ? "Ask somebody else to do it." : "Ask an admin with the needed role to do it.",
  }),
  notFound: ({ message }) => ({
    icon: "question-circle",
    title: "Not found",
    what: message ?? "This service has nothing with this id.",
    next: "Check the address, or go back to the list.",
  }),
  conflict: ({ message, code, recordId, decision, changing }) => {
    if (isOfAll(decision)) {
      return {
        icon: "info-circle",
        title: "This is not possible now",
        what: message ?? "Somebody else may have done it in the meantime.",
        next: LOOK_AT_PAUSE,
      };
    }
    if (changing) {
      return {
        icon: "info-circle",
        title: "This is not possible now",
        what: message ?? "It is not in a state in which this can be done.",
        next: "Look at it as it is now.",
      };
    }
    if (decision !== undefined) {
      return {
        icon: "info-circle",
        title: "This cannot be decided now",
        what: message ?? "The record is not in a state in which this can be done.",
        next:
          decision === "release" && code === DEMANDS_UNMET
            ? "State it below, or withdraw this one."
            : "Look at the record as it is now.",
      };
    }
    if (code === PENDING_ELSEWHERE) {
      return {
        icon: "info-circle",
        title: "A request already waits in Fireblocks",
        what: message ?? "It was made elsewhere, and may be a reset of this user.",
        next: "Look in the Fireblocks Console who asked for it. Ask for this one again when it has ended, if it is still needed.",
      };
    }
    if (code === TOO_FEW_ADMINS) {
      return {
        icon: "info-circle",
        title: "Another admin's reset is open",
        what: message ?? "Too few admins might be left to approve anything.",
        next: "Find the other reset in the history, or in the Fireblocks Console. Ask for this one again when it has ended.",
      };
    }
    return {
      icon: "info-circle",
      title: "A reset of this user is already open",
      what: message ?? "One user has one open reset at a time.",
      next: recordId ? "Open its record and follow it there." : "Look at this user's resets in the history.",
      ...(recordId && { action: "openRecord" as const }),
    };
  },
  limited: ({ message, retryAfterMs }) => ({
    icon: "hourglass-split",
    title: "Too many requests",
    what: message ?? "This service was asked too often.",
    next: `Try again ${timeToWait(retryAfterMs ?? MINUTE)}.`,
    action: "retry",
  }),
  paused: ({ message }) => ({
    icon: "slash-circle",
    title: "Resets are paused",
    what: message ?? "Whoever runs this service has paused all resets.",
    next: "Ask them when resets are possible again. Everything stays readable.",
  }),
  refused: ({ message }) => ({
    icon: "slash-circle",
    title: "The request was refused",
    what: message ?? "This service refused the request.",
    next: "Read the reason above. Correct it, or ask whoever runs this service.",
  }),
  keyRefused: ({ message }) => ({
    icon: "key",
    title: "Fireblocks refuses this service's key",
    what: message ?? "Fireblocks does not accept the API key that this service asks with.",
    effect: "Nobody can reset a device from here until this is put right. Earlier resets stay readable.",
    next: "Tell whoever runs this service. They check the API key, its role and the region.",
    action: "retry",
  }),
  fireblocksUnreachable: ({ message }) => ({
    icon: "cloud-slash",
    title: "Fireblocks cannot be reached",
    what: message ?? "This service asked Fireblocks and got no usable answer.",
    next: "Try again in a minute. If it lasts, look at Fireblocks' status page.",
    action: "retry",
  }),
  workerUnreachable: () => ({
    icon: "cloud-slash",
    title: "This service cannot be reached",
    what: "The connection failed.",
    next: "Check your network connection, then try again.",
    action: "retry",
  }),
  workerSilent: () => ({
    icon: "cloud-slash",
    title: "This service does not answer",
    what: "No answer came in time.",
    next: "Check your network connection, then try again.",
    action: "retry",
  }),
  intercepted: ({ status }) => ({
    icon: "cloud-slash",
    title: "Something else answered in place of this service",
    what: `The answer${status === undefined ? "" : `, with the HTTP status ${status},`} is not this service's own. A firewall, a proxy or the network on the way made it.`,
    next: "Try again in a minute. If it lasts, give the details below to whoever runs this service.",
    action: "retry",
  }),
  notLoaded: ({ message }) => ({
    icon: "cloud-slash",
    title: "A part of this page could not be loaded",
    what: message ?? "The network did not deliver it.",
    next: "Check your network connection, then try again.",
    action: "retry",
  }),
  cannotRun: () => ({
    icon: "slash-circle",
    title: "This browser cannot run a part of this page",
    what: "A reset is sent by WebAssembly, which this browser does not have or does not allow here.",
    next: "Allow it for this site, or use another browser or device. On Apple devices Lockdown Mode forbids it: exclude this site there, under Privacy & Security.",
  }),
  notKept: () => ({
    icon: "slash-circle",
    title: "This browser keeps nothing for this page",
    what: "This browser lets the page store nothing, so that a request could not be found again after a reload.",
    next: "Allow this site to store data, or free some space, then ask again.",
  }),
  server: ({ message, status }) => ({
    icon: "exclamation-triangle",
    title: "Something went wrong",
    what: message ?? `The server answered ${status}.`,
    next: "Try again. If it lasts, give the details below to whoever runs this service.",
    action: "retry",
  }),
  defect: () => ({
    icon: "exclamation-triangle",
    title: "This page met a defect of its own",
    what: "Something in the page failed that nobody foresaw.",
    effect: "How far it had come is not known.",
    next: "Load the page again, and look at the history before you try again. Give the details below to whoever runs this service.",
  }),
  unknown: ({ message, status, code }) => ({
    icon: "question-circle",
    title: "It is not clear what happened",
    // Without a number it is not the service that speaks.
    what: (code !== undefined && message) || noAnswer(status),
    next: "Look whether it was recorded before you try again.",
    action: "retry",
  }),
};

/** What a read meets that says of itself why there is nothing to see. */
const TOLD_ALONE: ReadonlySet<ProblemKind> = new Set(["signedOut", "noRole", "notFound"]);

/** The problems that are told alike whether something was read or done. Of any other a read says that it failed, and no more. */
const SAME_FOR_READS: ReadonlySet<ProblemKind> = new Set([
  "limited",
  "keyRefused",
  "fireblocksUnreachable",
  "workerUnreachable",
  "workerSilent",
  "intercepted",
  "notLoaded",
  "cannotRun",
  "defect",
]);

/** The sentences that come with these are Fireblocks' about a read; others may be about a reset, which a read never was. */
const QUOTED_IN_READS: ReadonlySet<ProblemKind> = new Set(["keyRefused", "fireblocksUnreachable"]);

/** What these keep away is a part of the page. */
const LOADED: ReadonlySet<ProblemKind> = new Set(["notLoaded", "cannotRun"]);

function explainReading(problem: Problem & { reading: string }): Explanation {
  const failed = `${capital(problem.reading)} could not be ${LOADED.has(problem.kind) ? "loaded" : "read"}.`;
  if (problem.kind === "forbidden") {
    return {
      icon: "slash-circle",
      title: "You may not see this",
      what: failed,
      next: "Ask an admin with the needed role.",
    };
  }
  // Fireblocks' sentence about a read names what could not be read.
  if (problem.message !== undefined && QUOTED_IN_READS.has(problem.kind)) return TEXTS[problem.kind](problem);
  const { message: _, ...told } = problem;
  if (TOLD_ALONE.has(problem.kind)) return TEXTS[problem.kind](told);
  if (SAME_FOR_READS.has(problem.kind)) return { effect: failed, ...TEXTS[problem.kind](told) };
  const { icon, next, action } = TEXTS.server(told);
  const what = "This service could not read it just now.";
  return { icon, title: failed.slice(0, -1), what, next, ...(action && { action }) };
}

export function explain(problem: Problem): Explanation {
  if (problem.reading !== undefined) return explainReading(problem);
  const { outcome, decision, kind } = problem;
  const told = { effect: effectOf(outcome, problem), ...TEXTS[kind](problem) };
  return isOfAll(decision) && outcome === "unknown" ? { ...told, next: LOOK_AT_PAUSE } : told;
}

/** What is said beside what was read before. What is gone, or not theirs to see any more, is not looked at again. */
export const lookFailed = (problem: Problem): string =>
  `Not up to date. ${explain(problem).what}${TOLD_ALONE.has(problem.kind) ? "" : " Trying again."}`;

/** What can be given to somebody who helps: plain facts, no secrets. */
export function problemDetails(problem: Problem): string {
  const facts: [string, string | number | undefined][] = [
    ["What", problem.kind],
    ["While reading", problem.reading],
    ["Decision", problem.decision],
    ["Message", problem.message],
    ["Outcome", problem.outcome],
    ["Status", problem.status],
    ["Code", problem.code],
    ["Request id", problem.requestId],
    ["Record", problem.recordId],
    ["Idempotency key", problem.idempotencyKey],
    ["Attempts", problem.attempts],
    ["At", new Date(problem.at).toISOString()],
  ];
  return facts
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}
