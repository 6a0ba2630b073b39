/** People at their browsers: they ask for resets, lose patience, and ask again with the same key. */
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "./random.ts";
import type { Told } from "./verdict.ts";

const PATIENCE_MS = 30_000;
const TRIES = 5;

export interface ClientOptions {
  /** The worker's address. */
  url: string;
  /** The sign-in. */
  token: string;
  /** Of somebody else, who releases what this one proposes. */
  secondToken: string;
  /** Whom to ask for. */
  userIds: readonly string[];
  random: Random;
  /** Goes into each note. */
  reference: string;
}

type Answer = Omit<Told, "at">;

/** Asks for one reset after another until told to stop; a second person releases most proposals. Every answer goes to `told`. */
export async function runClient(options: ClientOptions, told: Told[], stopped: AbortSignal): Promise<void> {
  const { random, userIds } = options;
  while (!stopped.aborted) {
    const userId = random.pick(userIds);
    const key = crypto.randomUUID();
    const answer = await untilFinal(options, told, stopped, (patience) => ask(options, userId, key, patience));
    if (answer?.status === 202 && answer.recordId !== undefined && random.chance(0.9)) {
      const { recordId } = answer;
      await untilFinal(options, told, stopped, (patience) => release(options, recordId, key, patience));
    }
    await pause(random.between(0, 150));
  }
}

async function untilFinal(
  { random }: ClientOptions,
  told: Told[],
  stopped: AbortSignal,
  send: (patience: number) => Promise<Answer>,
): Promise<Answer | undefined> {
  let line: Answer | undefined;
  for (let attempt = 0; attempt < TRIES && !stopped.aborted; attempt++) {
    // Some close the tab, or lose the network, before any answer can come.
    line = await send(random.chance(0.15) ? random.between(5, 400) : PATIENCE_MS);
    told.push({ ...line, at: Date.now() });
    if (isFinal(line)) break;
    await pause(random.between(50, 800));
  }
  return line;
}

function ask(options: ClientOptions, userId: string, key: string, patience: number): Promise<Answer> {
  return post(options, patience, key, `/v1/management/users/${userId}/reset_device`, {
    headers: {
      "Cf-Access-Jwt-Assertion": options.token,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ reason: "Lost phone", verifiedBy: "Video call", reference: options.reference }),
  });
}

async function release(options: ClientOptions, recordId: string, key: string, patience: number): Promise<Answer> {
  const headers = { "Cf-Access-Jwt-Assertion": options.secondToken };
  const answer = await post(options, patience, key, `/api/resets/${recordId}/release`, { headers });
  return { ...answer, releasing: true };
}

async function post(
  { url }: ClientOptions,
  patience: number,
  key: string,
  path: string,
  init: { headers: Record<string, string>; body?: string },
): Promise<Answer> {
  try {
    const response = await fetch(`${url}${path}`, {
      ...init,
      method: "POST",
      headers: { ...init.headers, Origin: url },
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    const recordId = response.headers.get("X-Reset-Record");
    const outcome = outcomeOf(text);
    // What wrangler itself says while the worker is away is no answer of the worker's.
    if (!response.headers.has("X-Gateway-Request-ID")) return { key };
    return {
      key,
      status: response.status,
      ...(outcome !== undefined && { outcome }),
      ...(recordId !== null && { recordId }),
    };
  } catch {
    return { key };
  }
}

function outcomeOf(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text);
    const outcome = typeof body === "object" && body !== null && "outcome" in body ? body.outcome : undefined;
    return typeof outcome === "string" ? outcome : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a person would stop asking: done, or plainly refused. */
function isFinal({ status, outcome }: Answer): boolean {
  if (status === undefined || status === 429 || status === 503) return false;
  return status === 200 || status === 202 || outcome === "refused" || outcome === "notSent";
}
