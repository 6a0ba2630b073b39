/** A reset whose outcome nobody knows: what that means, and how to find out. Calm. Pure. */
import type { ResetRecord, Session } from "fireblocks-reset-device/gateway-api";
import { decisionsFor } from "./decision.ts";
import { eventLabel } from "./event.ts";
import { whom } from "./record.ts";
import { environmentName, workspaceName } from "./session.ts";
import { zonedTime } from "./time.ts";

export const UNKNOWN = {
  title: "Nothing is broken. One answer is missing.",
  meaning:
    "Fireblocks did not answer clearly. At most one approval request can exist, or none. No device was reset by this alone: an approval request still needs the workspace's approvers.",
  rule: "Do not ask for another reset.",
  why: "Until this is settled, this page holds back a second one. Find out first:",
};

/** What was seen in Fireblocks since, where anything was: a clue, and no proof. */
export function seenSince({ events = [] }: Pick<ResetRecord, "events">): string | undefined {
  const state = events.findLast(({ event }) => event === "observed")?.detail?.state;
  if (typeof state !== "string" || state === "unknown") return undefined;
  return `Since then this service has seen in Fireblocks: ${eventLabel(state)}. It may be this request, or another one.`;
}

/** The steps to find out, in their order. */
export function unknownSteps(record: ResetRecord, session: Session | undefined): string[] {
  const settles = session !== undefined && decisionsFor(record, session).includes("settle");
  return [
    `Open the Fireblocks app or Console and look at the pending approval requests for ${whom(record)}.`,
    `Look in the audit log, category Administration, subjects “Re-enroll mobile device” and “Device reset”, around ${zonedTime(record.createdAt)}.`,
    "If you find the request, let it be approved or rejected there. If you find none, nothing was filed. If you are not sure, give the details below to Fireblocks' support.",
    `${settles ? "Then settle this record below with what you found." : "Then tell what you found to somebody who may settle this record."} After that a new reset can be asked for.`,
  ];
}

/** What Fireblocks' support needs to find the request. */
export function supportDetails(record: ResetRecord, session: Session | undefined): string {
  const workspace = session && workspaceName(session);
  return [
    `Reset of ${whom(record)} (${record.userId})`,
    `Asked at: ${zonedTime(record.createdAt)} (${new Date(record.createdAt).toISOString()})`,
    `Record: ${record.id}`,
    workspace && `Workspace: ${workspace}`,
    session && `Environment: ${environmentName(session.environment)}`,
    `Idempotency key: ${record.upstreamKey}`,
    record.requestId && `Fireblocks request id: ${record.requestId}`,
    record.message && `Message: ${record.message}`,
    `Attempts: ${record.attempts}`,
  ]
    .filter(Boolean)
    .join("\n");
}
