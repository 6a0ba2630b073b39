/** The requests that this browser has sent, or was about to, and how each of them ended. */
import type { ResetNote } from "fireblocks-reset-device";
import { type Proof, type ResetRecord, STATED_PROOFS, type UserRow } from "fireblocks-reset-device/gateway-api";
import { getReset, getResets, serverTime } from "../gateway/api.ts";
import { resetDevice } from "../gateway/client.ts";
import { isAbsent, isRecordDoubtful, namesEarlierReset, type Problem, problemOf } from "../gateway/problem.ts";
import type { Request } from "../model/request.ts";
import { isOwn } from "../model/session.ts";
import { userName } from "../model/user.ts";
import { forgetDraft } from "./drafts.ts";
import {
  alone,
  forgetIntent,
  type Intent,
  onIntentsElsewhere,
  openIntents,
  readIntent,
  untilFree,
  writeIntent,
} from "./intents.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";
import { usersStore } from "./users.ts";

/** Requests by user id. */
type Requests = ReadonlyMap<string, Request>;

/** Milliseconds between looks for a record that may still be on its way: together no less than `WORKER_DEADLINE`. */
const LOOKS = [0, 1500, 3500, 5000, 10_000, 10_000];

/** Until then the worker can still record and send what has left this browser, and a little more. Milliseconds. */
const WORKER_DEADLINE = 30_000;

/** A record can be older than the confirmation by what is left of the difference of two clocks. Milliseconds. */
const CLOCK_TOLERANCE = 5 * 60 * 1000;

/** Phases that any tab of this browser may take on. */
const UNFINISHED: ReadonlySet<Request["phase"]> = new Set(["elsewhere", "lost", "unknown"]);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class RequestsStore extends Store<Requests> {
  constructor() {
    super(new Map());
    onIntentsElsewhere(() => void this.resume());
  }

  of(userId: string): Request | undefined {
    return this.state.get(userId);
  }

  #put(request: Request): void {
    // Another request of the same user begins with nothing of this one's: its proofs above all.
    if (request.phase === "accepted" || (request.phase === "recorded" && request.mine)) forgetDraft(request.userId);
    this.set(new Map(this.state).set(request.userId, request));
  }

  /** The person has seen how it ended. */
  dismiss(userId: string): void {
    const rest = new Map(this.state);
    rest.delete(userId);
    this.set(rest);
  }

  /** The person gives the request up: its key is forgotten. Only for one that was never recorded. */
  discard(userId: string): void {
    const intent = ownIntent(userId);
    if (intent) forgetIntent(intent);
    this.dismiss(userId);
  }

  /** Sends what was confirmed. While it is under way, or its end unknown, a second call for the user does nothing. */
  async confirm(user: UserRow, note: ResetNote): Promise<void> {
    const underWay = this.of(user.id)?.phase;
    if (underWay === "sending" || underWay === "looking" || underWay === "elsewhere") return;
    const askedBy = sessionStore.session?.actor;
    if (askedBy === undefined) return;
    const earlier = ownIntent(user.id);
    const intent: Intent = {
      userId: user.id,
      userName: userName(user),
      userEmail: user.email ?? "",
      askedBy,
      // A key belongs to one user, person and note: the same words are the same intent.
      idempotencyKey: earlier && same(earlier, note) ? earlier.idempotencyKey : crypto.randomUUID(),
      note,
      confirmedAt: Date.now(),
    };
    await this.#send(intent);
  }

  /** Sends again what was lost, with its own key. */
  async sendAgain(userId: string): Promise<void> {
    const intent = ownIntent(userId);
    const request = this.of(userId);
    if (intent) await this.#send(intent);
    // Another tab has sent it since, or discarded it.
    else if (request) await this.#adopt(request);
  }

  async #send(intent: Intent): Promise<void> {
    this.#put({ ...about(intent), phase: "sending" });
    const done = await alone(intent.userId, async () => {
      // Another tab may have confirmed between our first look and the lock.
      const other = readIntent(intent);
      if (other && other.idempotencyKey !== intent.idempotencyKey) return this.#look(other);
      const leaving: Intent = { ...intent, sentAt: Date.now() };
      if (!writeIntent(leaving)) return this.#put({ ...about(intent), phase: "failed", problem: notKept() });
      try {
        const receipt = await resetDevice(intent.userId, intent.idempotencyKey, intent.note);
        forgetIntent(intent);
        this.#put(
          receipt.recordId === undefined
            ? { ...about(intent), phase: "accepted", ...(receipt.requestId && { requestId: receipt.requestId }) }
            : { ...about(intent), phase: "recorded", recordId: receipt.recordId, mine: true },
        );
      } catch (error) {
        await this.#failed(leaving, problemOf(error));
      }
    });
    if (done === "elsewhere") this.#waitFor(intent);
    else void usersStore.load();
  }

  /** Another tab is at it. Should that tab be closed before it has an end, this one takes the request up. */
  #waitFor(intent: Intent): void {
    this.#put({ ...about(intent), phase: "elsewhere" });
    void untilFree(intent.userId).then(() => this.resume());
  }

  async #failed(intent: Intent, problem: Problem): Promise<void> {
    if (problem.kind === "signedOut") sessionStore.ended(problem);
    // The client's code is not delivered to whoever is signed out; and a pause is news to this page, which tells who, when and why.
    if (problem.kind === "notLoaded" || problem.kind === "paused") void sessionStore.refresh();
    if (isRecordDoubtful(problem)) {
      // The worker names the record that it meant to write. Only where it is found is there one to follow.
      if (problem.outcome === "unknown") await this.#look(intent, problem);
      else this.#put({ ...about(intent), phase: "lost" });
    } else if (problem.recordId !== undefined && !namesEarlierReset(problem)) {
      forgetIntent(intent);
      const mine = problem.outcome === "unknown" || problem.kind !== "conflict";
      this.#put({ ...about(intent), phase: "recorded", recordId: problem.recordId, mine });
    } else if (problem.outcome === "unknown") {
      await this.#look(intent, problem);
    } else {
      forgetIntent(intent);
      this.#put({ ...about(intent), phase: "failed", problem });
    }
  }

  /** Takes up what an earlier page left without an end. Called on start, and when another tab has changed something. */
  async resume(): Promise<void> {
    const askedBy = sessionStore.session?.actor;
    if (askedBy === undefined) return;
    const open = openIntents(askedBy);
    for (const request of this.state.values()) {
      // Another tab has finished it: the record tells what became of it.
      const over = UNFINISHED.has(request.phase) && !open.some(({ userId }) => userId === request.userId);
      if (over) void this.#adopt(request);
    }
    await Promise.all(
      open
        .filter(({ userId }) => !this.state.has(userId) || this.of(userId)?.phase === "elsewhere")
        .map(async (intent) => {
          const done = await alone(intent.userId, () => this.#look(intent));
          if (done === "elsewhere") this.#waitFor(intent);
        }),
    );
  }

  /** Takes over what another tab has finished. */
  async #adopt(request: Request): Promise<void> {
    const { userId, userName, userEmail, confirmedAt } = request;
    const page = await getResets({ userId, limit: 1 }).catch(() => undefined);
    // Two signs tell that the other tab has finished; the first one that was followed counts.
    if (this.of(userId) !== request) return;
    const record = page?.resets[0];
    if (record && isSince(record, confirmedAt)) {
      this.#put({ userId, userName, userEmail, confirmedAt, phase: "recorded", recordId: record.id, mine: true });
    } else {
      this.dismiss(userId);
    }
    void usersStore.load();
  }

  /** Looks again for the record of a request whose end is unknown. */
  async lookAgain(userId: string): Promise<void> {
    const intent = ownIntent(userId);
    const before = this.of(userId);
    if (!intent) return this.dismiss(userId);
    await this.#look(intent, before?.phase === "unknown" ? before.problem : undefined);
  }

  /** Finds the record of an intent. `problem` is what was met when it was sent from this very page. */
  async #look(intent: Intent, problem?: Problem): Promise<void> {
    this.#put({ ...about(intent), phase: "looking" });
    for (const wait of LOOKS) {
      await pause(wait);
      try {
        const record = await find(intent, problem?.recordId);
        if (!record) {
          if (Date.now() - (intent.sentAt ?? intent.confirmedAt) > WORKER_DEADLINE) break;
          continue;
        }
        if (wasNeverSent(record)) break;
        forgetIntent(intent);
        this.#put({ ...about(intent), phase: "recorded", recordId: record.id, mine: true });
        return;
      } catch (error) {
        const failed = problemOf(error);
        if (failed.kind === "signedOut") sessionStore.ended(failed);
        this.#put({
          ...about(intent),
          phase: "unknown",
          problem: problem ?? failed,
          idempotencyKey: intent.idempotencyKey,
        });
        return;
      }
    }
    this.#put({ ...about(intent), phase: "lost" });
  }
}

const about = ({ userId, userName, userEmail, confirmedAt }: Intent) => ({ userId, userName, userEmail, confirmedAt });

/** What whoever is signed in has asked for this user. */
function ownIntent(userId: string): Intent | undefined {
  const askedBy = sessionStore.session?.actor;
  return askedBy === undefined ? undefined : readIntent({ askedBy, userId });
}

const same = (intent: Intent, note: ResetNote): boolean => wordsOf(intent.note) === wordsOf(note);

/** All that a note says, for comparing. */
const wordsOf = ({ reason, reference, verifiedBy, proofs = [], because, helpRequest, breakGlass }: ResetNote): string =>
  JSON.stringify([
    ...[reason, reference, verifiedBy, because, helpRequest, breakGlass].map((text) => text ?? ""),
    proofs.map(({ proof, text = "" }) => [proof, text]),
  ]);

/** The same of a record; what this service has seen itself is nothing that was said. */
const wordsOfRecord = (record: ResetRecord): string => {
  const stated = record.proofs.filter(
    ({ proof, text }) => isStated(proof) && !(proof === "other" && text === record.verifiedBy),
  );
  return wordsOf({
    ...(record as Pick<ResetNote, "reason" | "reference" | "verifiedBy" | "because">),
    helpRequest: record.helpRequestId,
    breakGlass: record.breakGlass?.reason,
    proofs: stated as NonNullable<ResetNote["proofs"]>,
  });
};

const isStated = (proof: Proof): boolean => STATED_PROOFS.some((stated) => stated === proof);

/** The record of an intent: the one that the worker named, or else the newest that can only be this intent's. */
async function find(intent: Intent, recordId: string | undefined): Promise<ResetRecord | undefined> {
  if (recordId === undefined) {
    const { resets } = await getResets({ userId: intent.userId, limit: 10 });
    return resets.find((reset) => belongs(reset, intent) && !wasNeverSent(reset));
  }
  return getReset(recordId).catch((error: unknown) => {
    if (isAbsent(problemOf(error))) return undefined;
    throw error;
  });
}

/** The worker holds the place of a record that it could not write: closed, without an attempt, and its key is free. */
const wasNeverSent = ({ state, outcome, attempts }: ResetRecord): boolean =>
  state === "refused" && outcome === "notSent" && attempts === 0;

function belongs(record: ResetRecord, intent: Intent): boolean {
  const { session } = sessionStore;
  const mine = session !== undefined && isOwn(record, session);
  // An earlier request of the same person for the same user, refused a moment ago, is another one.
  return mine && wordsOfRecord(record) === wordsOf(intent.note) && isSince(record, intent.confirmedAt);
}

const isSince = ({ createdAt }: ResetRecord, confirmedAt: number): boolean =>
  createdAt >= serverTime(confirmedAt) - CLOCK_TOLERANCE;

const notKept = (): Problem => ({ kind: "notKept", outcome: "notSent", at: Date.now() });

export const requestsStore = new RequestsStore();
