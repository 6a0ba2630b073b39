/** A problem in words: what happened, whether anything may have taken effect, and the one next step. Pure. */
import type { Outcome } from "fireblocks-reset-device";
import type { Problem, ProblemKind } from "../gateway/problem.ts";
import { timeToWait } from "./time.ts";

export interface Explanation {
  icon: string;
  title: string;
  what: string;
  effect: string;
  next: string;
  /** The button that does the next step, where the page can do it. */
  action?: "signIn" | "retry" | "openRecord";
}

const EFFECTS: Readonly<Record<Outcome, string>> = {
  notSent: "Nothing was sent to Fireblocks.",
  refused: "Nothing was filed. No device was reset.",
  unknown: "An approval request may or may not have been filed.",
};

type Text = Omit<Explanation, "effect"> & { effect?: string };

const TEXTS: Readonly<Record<ProblemKind, (problem: Problem) => Text>> = {
  signedOut: () => ({
    icon: "lock",
    title: "You are signed out",
    what: "Your session has ended, or you have not signed in yet.",
    next: "Sign in. You come back to where you were.",
    action: "signIn",
  }),
  noRole: ({ message }) => ({
    icon: "shield",
    title: "You have no role here",
    what: message || "You are signed in, but nobody has given you a role on this page.",
    next: "Ask whoever runs this service to give you a role, then load the page again.",
    action: "retry",
  }),
  forbidden: ({ message }) => ({
    icon: "slash-circle",
    title: "You may not do this",
    what: message,
    next: "Ask an admin with the needed role to do it.",
  }),
  notFound: ({ message }) => ({
    icon: "question-circle",
    title: "Not found",
    what: message,
    next: "Check the address, or go back to the list.",
  }),
  conflict: ({ message, recordId }) => ({
    icon: "info-circle",
    title: "A reset of this user is already open",
    what: message,
    next: recordId ? "Open its record and follow it there." : "Look at this user's resets in the history.",
    ...(recordId && { action: "openRecord" as const }),
  }),
  limited: ({ message, retryAfterMs }) => ({
    icon: "hourglass-split",
    title: "Too many requests",
    what: message,
    next: `Try again ${timeToWait(retryAfterMs ?? 60_000)}.`,
    action: "retry",
  }),
  paused: ({ message }) => ({
    icon: "slash-circle",
    title: "Resets are paused",
    what: message || "Whoever runs this service has paused all resets.",
    next: "Ask them when resets are possible again. Everything stays readable.",
  }),
  refused: ({ message }) => ({
    icon: "slash-circle",
    title: "The request was refused",
    what: message,
    next: "Read the reason above. Correct it, or ask whoever runs this service.",
  }),
  keyRefused: ({ message }) => ({
    icon: "key",
    title: "Fireblocks refuses this service's key",
    what: message,
    effect: "Nobody can reset a device from here until this is put right. Earlier resets stay readable.",
    next: "Tell whoever runs this service. They check the API key, its role and the region.",
    action: "retry",
  }),
  fireblocksUnreachable: ({ message }) => ({
    icon: "cloud-slash",
    title: "Fireblocks cannot be reached",
    what: message || "This service asked Fireblocks and got no usable answer.",
    next: "Try again in a minute. If it lasts, look at Fireblocks' status page.",
    action: "retry",
  }),
  workerUnreachable: ({ message }) => ({
    icon: "cloud-slash",
    title: "This service cannot be reached",
    what: message,
    next: "Check your network connection, then try again.",
    action: "retry",
  }),
  notLoaded: ({ message }) => ({
    icon: "cloud-slash",
    title: "A part of this page could not be loaded",
    what: message,
    next: "Check your network connection, then try again.",
    action: "retry",
  }),
  notKept: ({ message }) => ({
    icon: "slash-circle",
    title: "This browser keeps nothing for this page",
    what: message,
    next: "Allow this site to store data, or free some space, then ask again.",
  }),
  server: ({ message }) => ({
    icon: "exclamation-triangle",
    title: "Something went wrong",
    what: message,
    next: "Try again. If it lasts, give the details below to whoever runs this service.",
    action: "retry",
  }),
  unknown: ({ message }) => ({
    icon: "question-circle",
    title: "It is not clear what happened",
    what: message,
    next: "Look whether it was recorded before you try again.",
    action: "retry",
  }),
};

export function explain(problem: Problem): Explanation {
  const text = TEXTS[problem.kind](problem);
  return { effect: EFFECTS[problem.outcome], ...text };
}

/** What can be given to somebody who helps: plain facts, no secrets. */
export function problemDetails(problem: Problem): string {
  const facts: [string, string | number | undefined][] = [
    ["What", problem.kind],
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
