/** What is known of one user at one gateway: what was asked for them, and where that stands. */

import type { FollowedReset } from "../gateway.js";
import type { Outcome, ResetNote } from "../index.js";
import { type ButtonState, isOver, sentenceFor } from "../states.js";
import { newIdempotencyKey } from "./idempotency-key.js";

/** What a person has asked for. However often it is sent, it is sent with one key. */
export interface Intent {
  readonly note: ResetNote;
  readonly idempotencyKey: string;
  /** An answer is awaited, or how the newest try has ended. */
  progress: "sending" | Outcome;
  /** A try of it may have arrived: only the same may be asked again, until something tells what became of it. */
  mayHaveArrived: boolean;
  /** The gateway's record of it, where an answer named one. */
  recordId?: string;
}

/**
 * The button shows the state of one user at a time. That of another is put away and comes back with that user: a request
 * for one is never taken for one for another, and is still known when its answer comes.
 */
export class UserState {
  state: ButtonState | (string & {}) = "idle";
  /** What is said of it. */
  sentence = "";
  /** Why nothing newer is known; said beside it. */
  trouble = "";
  /** The record that tells it. Followed while it is open. */
  record: { id: string; open: boolean } | undefined;
  intent: Intent | undefined;

  constructor(
    readonly userId: string,
    readonly basePath: string,
  ) {}

  /** Whether the record tells what became of the intent. */
  get followsIntent(): boolean {
    return this.intent?.recordId !== undefined && this.intent.recordId === this.record?.id;
  }

  /** Whether a record names another user: whatever it tells is not this one's. */
  isAnothers({ userId }: FollowedReset): boolean {
    return userId !== undefined && this.userId !== "" && userId !== this.userId;
  }

  /** The request whose fate is not known, which alone may be asked for again. */
  get unsettled(): Intent | undefined {
    return this.intent?.mayHaveArrived ? this.intent : undefined;
  }

  /** Whether a new request would be a second one. One that may only be repeated is not. */
  get isUnderWay(): boolean {
    // Whatever a record tells meanwhile: the answer to what was asked is still awaited.
    if (this.intent?.progress === "sending") return true;
    if (this.state === "confirming" || isOver(this.state)) return false;
    if (this.state === "unknown") return this.unsettled === undefined;
    // A state that is newer than this package ends nothing by its name.
    return this.record?.open !== false;
  }

  /** Begins a try: of the same intent where the same is asked for, or where nothing else may be. */
  begin(note: ResetNote): Intent {
    const same = JSON.stringify(this.intent?.note) === JSON.stringify(note);
    if (!this.intent || !(same || this.unsettled)) {
      this.intent = { note, idempotencyKey: newIdempotencyKey(), progress: "sending", mayHaveArrived: false };
    }
    this.intent.progress = "sending";
    return this.intent;
  }

  /**
   * Notes how a try of `intent` has failed, and returns what that means for the intent as a whole: what may have
   * arrived once is not refused by what is said to a repetition.
   */
  fail(intent: Intent, outcome: Outcome, recordId: string | undefined): Outcome {
    intent.mayHaveArrived ||= outcome === "unknown";
    intent.progress = intent.mayHaveArrived ? "unknown" : outcome;
    if (recordId !== undefined) intent.recordId = recordId;
    // The key of a refusal is spent: whoever asks with it again gets the same refusal for a day.
    if (intent.progress === "refused" && this.intent === intent) this.intent = undefined;
    return intent.progress;
  }

  /** The state without any record: of the request that is under way or not settled, otherwise `idle`. */
  get ownState(): ButtonState {
    return this.intent?.progress ?? "idle";
  }
}

/** The states of users that one element knows, by user and gateway. */
export class UserStates {
  readonly #kept = new Map<string, UserState>();

  /** The state of this user at this gateway, as it was when it was last shown. */
  of(userId: string, basePath: string): UserState {
    const key = JSON.stringify([userId, basePath]);
    const userState = this.#kept.get(key) ?? new UserState(userId, basePath);
    this.#kept.set(key, userState);
    return userState;
  }

  /** Nothing of this record is shown any more. Returns the states that it was shown in. */
  drop(recordId: string): UserState[] {
    const shown = [...this.#kept.values()].filter(({ record }) => record?.id === recordId);
    for (const userState of shown) {
      userState.record = undefined;
      userState.state = userState.ownState;
      userState.sentence = sentenceFor(userState.state);
      userState.trouble = "";
    }
    return shown;
  }

  /** The next of this user and gateway begins anew. */
  forget(userState: UserState): void {
    this.#kept.delete(JSON.stringify([userState.userId, userState.basePath]));
  }
}
