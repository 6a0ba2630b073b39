/**
 * What the person has confirmed, kept until its end is known, with the key that was sent for it.
 *
 * One intent of each person for each user, shared by all tabs through localStorage, so that a double click, a second tab, a
 * reload in flight or a step back cannot make two requests: whoever sends, sends this key.
 */
import type { ResetNote } from "fireblocks-reset-device";
import { forget, namesIn, recall, remember } from "./storage.ts";

export interface Intent {
  userId: string;
  userName: string;
  userEmail: string;
  /** Who confirmed: another person at this browser never sends it. */
  askedBy: string;
  idempotencyKey: string;
  note: ResetNote;
  /** Epoch milliseconds of the confirmation. */
  confirmedAt: number;
  /** Epoch milliseconds since when the request may have left this browser. */
  sentAt?: number;
}

const PREFIX = "reset-device/intent/";

/** Whose an intent is, and for whom. */
type Parties = Pick<Intent, "askedBy" | "userId">;

const nameOf = ({ askedBy, userId }: Parties): string => `${PREFIX}${encodeURIComponent(askedBy)}/${userId}`;

/** Fireblocks and the worker forget a key after 24 hours. Milliseconds. */
const KEY_LIFETIME = 24 * 60 * 60 * 1000;

function parse(text: string | null): Intent | undefined {
  if (!text) return;
  try {
    const value = JSON.parse(text) as Partial<Intent>;
    if (typeof value.userId === "string" && typeof value.idempotencyKey === "string") return value as Intent;
  } catch {
    // Not ours, or of an older page: as good as absent.
  }
}

export function readIntent(parties: Parties): Intent | undefined {
  return parse(recall("localStorage", nameOf(parties)));
}

/** Says whether it is kept: what is not must not be sent, because no reload would find it again. */
export function writeIntent(intent: Intent): boolean {
  return remember("localStorage", nameOf(intent), JSON.stringify(intent));
}

export function forgetIntent(parties: Parties): void {
  forget("localStorage", nameOf(parties));
}

/** Every intent of `askedBy` whose end is not known. Takes away those whose key is no longer worth anything. */
export function openIntents(askedBy: string): Intent[] {
  const found: Intent[] = [];
  for (const name of namesIn("localStorage")) {
    if (!name.startsWith(PREFIX)) continue;
    const intent = parse(recall("localStorage", name));
    if (!intent || Date.now() - intent.confirmedAt > KEY_LIFETIME) forget("localStorage", name);
    else if (intent.askedBy === askedBy) found.push(intent);
  }
  return found.sort((a, b) => a.confirmedAt - b.confirmedAt);
}

/** Calls `listener` when another tab has changed an intent. Returns the way to stop. */
export function onIntentsElsewhere(listener: () => void): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key === null || event.key.startsWith(PREFIX)) listener();
  };
  addEventListener("storage", heard);
  return () => removeEventListener("storage", heard);
}

const lockName = (userId: string) => `reset-device/${userId}`;

/** Runs `work` unless a tab of this browser is already sending for this user. */
export async function alone<T>(userId: string, work: () => Promise<T>): Promise<T | "elsewhere"> {
  return navigator.locks.request(lockName(userId), { ifAvailable: true }, (lock) => (lock ? work() : "elsewhere"));
}

/** Settles when no tab of this browser is sending for this user any more, be it that the tab was closed. */
export async function untilFree(userId: string): Promise<void> {
  await navigator.locks.request(lockName(userId), () => undefined);
}
