/** The resets that were recorded, a page at a time, newest first. */
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { getResets, type ResetQuery } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface HistoryState {
  resets?: readonly ResetRecord[];
  /** There is another page. */
  next?: string;
  /** `resets` answer the query before, while the present one is on its way. */
  other?: boolean;
  loading: boolean;
  problem?: Problem;
}

const PAGE = 50;

export class HistoryStore extends Store<HistoryState> {
  #query: ResetQuery = {};
  #running?: AbortController;

  constructor() {
    super({ loading: false });
  }

  /**
   * Reads the first page of `query`. A page that is still on its way is given up. What answered another query stays until
   * this one has an answer, and is `other`.
   */
  async load(query: ResetQuery): Promise<void> {
    const same = JSON.stringify(query) === JSON.stringify(this.#query);
    this.#query = query;
    const other = this.state.resets !== undefined && (!same || this.state.other === true);
    await this.#read({ ...this.state, loading: true, ...(other && { other }) }, undefined);
  }

  async more(): Promise<void> {
    if (!this.state.loading && this.state.next) await this.#read({ ...this.state, loading: true }, this.state.next);
  }

  async #read(meanwhile: HistoryState, cursor: string | undefined): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.set(meanwhile);
    try {
      const page = await getResets({ ...this.#query, limit: PAGE, ...(cursor && { cursor }) }, running.signal);
      if (running.signal.aborted) return;
      const before = cursor ? (this.state.resets ?? []) : [];
      this.set({ resets: [...before, ...page.resets], loading: false, ...(page.next && { next: page.next }) });
    } catch (error) {
      if (running.signal.aborted) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...(this.state.other ? {} : this.state), loading: false, problem });
    }
  }
}
