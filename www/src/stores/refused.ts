/** What was refused to whom, a page at a time, newest first. */
import type { RefusedAttempt } from "fireblocks-reset-device/gateway-api";
import { getRefusedAttempts } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface RefusedState {
  attempts?: readonly RefusedAttempt[];
  /** There is another page. */
  next?: number;
  loading: boolean;
  problem?: Problem;
}

const PAGE = 50;

export class RefusedStore extends Store<RefusedState> {
  constructor() {
    super({ loading: false });
  }

  /** Reads the first page. */
  load(): Promise<void> {
    return this.#read(undefined);
  }

  async more(): Promise<void> {
    if (this.state.next !== undefined) await this.#read(this.state.next);
  }

  async #read(before: number | undefined): Promise<void> {
    if (this.state.loading) return;
    const { problem: _, ...known } = this.state;
    this.set({ ...known, loading: true });
    try {
      const { attempts, next } = await getRefusedAttempts(before, PAGE);
      const seen = before === undefined ? [] : (this.state.attempts ?? []);
      this.set({ attempts: [...seen, ...attempts], loading: false, ...(next !== undefined && { next }) });
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, loading: false, problem });
    }
  }
}
