/** The open resets that have an end, first due first. */
import type { ResetRecord } from "fireblocks-reset-device/gateway-api";
import { getDueResets } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface DueState {
  resets?: readonly ResetRecord[];
  problem?: Problem;
}

export class DueStore extends Store<DueState> {
  constructor() {
    super({});
  }

  async load(): Promise<void> {
    try {
      this.set({ resets: (await getDueResets()).resets });
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }
}
