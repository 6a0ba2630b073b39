// A Fireblocks that a watch looks at: a test says what each look finds, and nothing leaves.

import { type Client, type ClientConfig, createClient } from "fireblocks-reset-device";
import { API_KEY, USER_ID } from "../support/clients.ts";

export type Source = "users" | "approvals" | "audit_logs";

/** What a source answers at its `look`th look, from 1. */
export type Answer = (source: Source, look: number) => Response | Promise<Response>;

export const READY = users("READY");

/** The user as `getConsoleUsers` tells of them. */
export function users(status: unknown): string {
  return JSON.stringify({ users: [{ id: USER_ID, status }] });
}

/** What a source answers that has nothing to tell. */
export function nothing(source: Source): Response {
  return new Response(source === "users" ? READY : '{"data":[]}');
}

/** A request of now for the user that the approvers have agreed to: where the approvals can be read, it decides. */
export function granted(): string {
  const payload = {
    requestId: "r-1",
    requestType: "RE_ENROLL_DEVICE",
    requestTimestamp: Date.now(),
    requestData: { targetUserId: USER_ID },
  };
  const item = { requestPayload: JSON.stringify(payload), quorumStatus: { requestStatus: "APPROVED" } };
  return JSON.stringify({ data: [item] });
}

export interface Looks {
  config: ClientConfig;
  client: Client;
  /** How often each source was asked. */
  asked: Record<Source, number>;
  /** The signals of the requests that were sent. */
  signals: AbortSignal[];
}

/** A client whose every request is a look at one of the sources. */
export async function looks(answer: Answer = nothing, more: ClientConfig = {}): Promise<Looks> {
  const asked: Looks["asked"] = { users: 0, approvals: 0, audit_logs: 0 };
  const signals: AbortSignal[] = [];
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const source = /(users|approvals|audit_logs)(?=\?|$)/.exec(String(input))?.[0] as Source;
    signals.push(init?.signal as AbortSignal);
    return answer(source, ++asked[source]);
  };
  const config: ClientConfig = {
    basePath: "http://127.0.0.1:9/v1",
    apiKey: API_KEY,
    secretKey: () => new Uint8Array(256),
    fetch,
    maxRetries: 0,
    ...more,
  };
  return { config, client: await createClient(config), asked, signals };
}

/** Looks as fast as it can. */
export const QUICK = { intervalMs: 1, maxIntervalMs: 1 };
/** After its first look it waits for longer than any test does. */
export const SLOW = { intervalMs: 2 ** 30, maxIntervalMs: 2 ** 30 };
