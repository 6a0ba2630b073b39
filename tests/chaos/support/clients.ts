/** People at their browsers: they ask for resets, lose patience, and ask again with the same key. */
import { setTimeout as pause } from "node:timers/promises";
import { deny, talk } from "./matches.ts";
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
  /** The sign-in of one of them, who may ask for help, or say that it was not them. */
  tokenOf: (userId: string) => Promise<string>;
  random: Random;
  /** Whether this one helps people who prove who they are by a code, and guesses at the code of the first. */
  helps: boolean;
  /** Goes into each note. */
  reference: string;
}

type Answer = Omit<Told, "at" | "sentAt">;

/** Asks for one reset after another until told to stop; a second person releases most proposals. Every answer goes to `told`. */
export async function runClient(options: ClientOptions, told: Told[], stopped: AbortSignal): Promise<void> {
  const { random } = options;
  const nextTurn = turns(options, stopped);
  while (!stopped.aborted) {
    const { userId, help, denying } = await nextTurn();
    const asking = (key: string) =>
      untilFinal(options, told, stopped, (patience) => ask(options, userId, key, patience, help));
    const key = crypto.randomUUID();
    // Sometimes one match is to serve two resets at once.
    const twice = help !== undefined && random.chance(0.2) ? asking(crypto.randomUUID()) : undefined;
    const answer = await asking(key);
    await Promise.all([twice, denying]);
    const { recordId } = answer ?? {};
    // At the same moment as the release, or at any other; and of what was sent at once, too.
    const stopping = recordId !== undefined && random.chance(0.2) ? stop(options, userId, recordId) : undefined;
    if (answer?.status === 202 && recordId !== undefined && random.chance(0.9)) {
      await untilFinal(options, told, stopped, (patience) => release(options, recordId, key, patience));
    }
    await stopping;
    await pause(random.between(0, 150));
  }
}

interface Turn {
  userId: string;
  /** The request for help that is to prove who the user is. */
  help?: string;
  /** The user says no meanwhile. */
  denying?: Promise<void>;
}

/** Whom to ask for next: where the client helps, somebody who proves by a match who they are, by a new one or one of before. */
function turns(options: ClientOptions, stopped: AbortSignal): () => Promise<Turn> {
  const { url, token, secondToken, random, userIds, tokenOf, helps } = options;
  const helped: Turn[] = [];
  let mayGuess = true;
  return async () => {
    // Whatever it has served by now.
    if (helped.length > 0 && random.chance(0.2)) return random.pick(helped);
    const userId = random.pick(userIds);
    if (!helps) return { userId };
    const talking = { url, person: await tokenOf(userId), helper: token, other: secondToken, random, stopped };
    const help = await talk(talking, mayGuess);
    if (help === undefined) return { userId };
    mayGuess = false;
    helped.push({ userId, help });
    return { userId, help, ...(random.chance(0.4) && { denying: deny(talking) }) };
  };
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
    const sentAt = Date.now();
    line = await send(random.chance(0.15) ? random.between(5, 400) : PATIENCE_MS);
    told.push({ ...line, sentAt, at: Date.now() });
    if (isFinal(line)) break;
    await pause(random.between(50, 800));
  }
  return line;
}

function ask(
  options: ClientOptions,
  userId: string,
  key: string,
  patience: number,
  helpRequest: string | undefined,
): Promise<Answer> {
  const proof = helpRequest === undefined ? { verifiedBy: "Video call" } : { helpRequest };
  return post(options, patience, key, `/v1/management/users/${userId}/reset_device`, {
    headers: {
      "Cf-Access-Jwt-Assertion": options.token,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ reason: "Lost phone", reference: options.reference, ...proof }),
  });
}

async function release(options: ClientOptions, recordId: string, key: string, patience: number): Promise<Answer> {
  const headers = { "Cf-Access-Jwt-Assertion": options.secondToken };
  const answer = await post(options, patience, key, `/api/resets/${recordId}/release`, { headers });
  return { ...answer, releasing: true };
}

/** The person says that it was not them. What became of it the record tells. */
async function stop({ url, tokenOf, random }: ClientOptions, userId: string, recordId: string): Promise<void> {
  const token = await tokenOf(userId);
  await pause(random.between(0, 300));
  await fetch(`${url}/api/me/resets/${recordId}/stop`, {
    method: "POST",
    headers: { "Cf-Access-Jwt-Assertion": token, "Content-Type": "application/json", Origin: url },
    body: "{}",
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
    .then((response) => response.text())
    // Cut before its answer, or within it.
    .catch(() => undefined);
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
    const { outcome, code } = factsOf(text);
    // What wrangler itself says while the worker is away is no answer of the worker's.
    if (!response.headers.has("X-Gateway-Request-ID")) return { key };
    return {
      key,
      status: response.status,
      ...(outcome !== undefined && { outcome }),
      ...(code !== undefined && { code }),
      ...(recordId !== null && { recordId }),
    };
  } catch {
    return { key };
  }
}

function factsOf(text: string): Pick<Told, "outcome" | "code"> {
  try {
    const { outcome, code } = (JSON.parse(text) ?? {}) as { outcome?: unknown; code?: unknown };
    return {
      ...(typeof outcome === "string" && { outcome }),
      ...(typeof code === "number" && { code }),
    };
  } catch {
    return {};
  }
}

/** Whether a person would stop asking: done, or plainly refused. */
function isFinal({ status, outcome }: Answer): boolean {
  if (status === undefined || status === 429 || status === 503) return false;
  return status === 200 || status === 202 || outcome === "refused" || outcome === "notSent";
}
