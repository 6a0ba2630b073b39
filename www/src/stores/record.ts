/** One reset's record, followed until its end. */
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { decide, type Grounds, getReset } from "../gateway/api.ts";
import { type Problem, problemOf, type RecordDecision } from "../gateway/problem.ts";
import { Looks } from "./looks.ts";
import { whileVisible } from "./polling.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface RecordState {
  record?: ResetRecord;
  /** Epoch milliseconds of the newest good look. */
  seenAt?: number;
  /** The newest look failed; `record` is what was seen before. */
  problem?: Problem;
  /** A decision is on its way. */
  deciding?: RecordDecision;
  /** The newest decision failed. */
  refused?: Problem;
}

/** Milliseconds between looks at first, and at most. The server itself looks at Fireblocks about once a minute. */
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 30_000;

export class RecordStore extends Store<RecordState> {
  readonly #id: string;
  readonly #looks = new Looks();
  #pause = FIRST_PAUSE;

  constructor(recordId: string) {
    super({});
    this.#id = recordId;
  }

  async look(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const record = await getReset(this.#id);
      if (!this.#looks.isNews(look)) return;
      const changed = record.state !== this.state.record?.state;
      this.#pause = changed ? FIRST_PAUSE : Math.min(this.#pause * 1.5, LONGEST_PAUSE);
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, record, seenAt: Date.now() });
    } catch (error) {
      if (this.#looks.isOld(look)) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.#pause = Math.max(problem.retryAfterMs ?? 0, Math.min(this.#pause * 2, LONGEST_PAUSE));
      this.set({ ...this.state, problem });
    }
  }

  /**
   * Looks again and again, less often with time, until the reset has ended; also while the session is over, since people sign
   * in again in another tab. Returns the way to stop.
   */
  follow(): () => void {
    return whileVisible(() => this.look(), {
      first: "now",
      next: () => {
        const { record, problem } = this.state;
        const over = record !== undefined && !record.open;
        return over || problem?.kind === "notFound" ? undefined : this.#pause;
      },
    });
  }

  async decide(decision: RecordDecision, grounds: Grounds = {}): Promise<boolean> {
    if (this.state.deciding) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, deciding: decision });
    let refused: Problem | undefined;
    try {
      await decide(this.#id, decision, grounds);
    } catch (error) {
      refused = problemOf(error);
      if (refused.kind === "signedOut") sessionStore.ended(refused);
    }
    const { deciding: __, ...after } = this.state;
    this.set(refused ? { ...after, refused } : after);
    this.#pause = FIRST_PAUSE;
    if (!refused) void sessionStore.refresh();
    await this.look();
    return refused === undefined;
  }
}
