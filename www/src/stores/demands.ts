/** What a reset of one user needs, as the worker says. */
import type { ResetDemands } from "fireblocks-reset-device/gateway-api";
import { getDemands } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface DemandsState {
  demands?: ResetDemands;
  /** The newest look failed. */
  problem?: Problem;
}

/** What else is known of the request. */
type Asking = Parameters<typeof getDemands>[1];

export class DemandsStore extends Store<DemandsState> {
  #looking: AbortController | undefined;

  constructor() {
    super({});
  }

  /** Looks for another user, of whom nothing is known yet. */
  begin(userId: string, asking: Asking): Promise<void> {
    this.set({});
    return this.look(userId, asking);
  }

  /** What was known before stays until the answer is there; an older look's answer is not taken any more. */
  async look(userId: string, asking: Asking): Promise<void> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    try {
      const demands = await getDemands(userId, asking, looking.signal);
      if (!looking.signal.aborted) this.set({ demands });
    } catch (error) {
      if (looking.signal.aborted) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ problem });
    }
  }
}
