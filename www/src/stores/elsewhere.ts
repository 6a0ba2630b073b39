/** Resets that were possibly made elsewhere and wait for somebody's word. */
import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { decideElsewhere, getElsewhere } from "../gateway/elsewhere-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import type { Verdict } from "../model/elsewhere.ts";
import { Looks } from "./looks.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface ElsewhereState {
  resets?: readonly ElsewhereReset[];
  /** There are older ones. */
  more?: boolean;
  problem?: Problem;
  /** The entry of which something is being said. */
  deciding?: string;
  refused?: { id: string; problem: Problem };
}

export class ElsewhereStore extends Store<ElsewhereState> {
  readonly #looks = new Looks();

  constructor() {
    super({});
  }

  async load(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const { resets, next } = await getElsewhere();
      if (!this.#looks.isNews(look)) return;
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, resets, more: next !== undefined });
    } catch (error) {
      if (this.#looks.isOld(look)) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }

  async decide(id: string, verdict: Verdict, reason: string): Promise<boolean> {
    if (this.state.deciding !== undefined) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, deciding: id });
    let problem: Problem | undefined;
    try {
      await decideElsewhere(id, verdict, reason);
    } catch (error) {
      problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
    }
    if (!problem) void sessionStore.refresh();
    const { deciding: __, ...after } = this.state;
    this.set(problem ? { ...after, refused: { id, problem } } : after);
    return problem === undefined;
  }
}
