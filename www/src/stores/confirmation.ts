/** What a manager is asked about one reset. */
import type { Confirmation } from "fireblocks-reset-device/gateway-api";
import { answerConfirmation, getConfirmation } from "../gateway/help-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface ConfirmationState {
  asked?: Confirmation;
  problem?: Problem;
  busy: boolean;
  /** The answer could not be given. */
  refused?: Problem;
}

export class ConfirmationStore extends Store<ConfirmationState> {
  readonly #recordId: string;

  constructor(recordId: string) {
    super({ busy: false });
    this.#recordId = recordId;
  }

  async load(): Promise<void> {
    try {
      const asked = await getConfirmation(this.#recordId);
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, asked });
    } catch (error) {
      this.set({ ...this.state, problem: this.#met(error) });
    }
  }

  async answer(confirm: boolean, reason: string): Promise<boolean> {
    if (this.state.busy) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, busy: true });
    try {
      this.set({ asked: await answerConfirmation(this.#recordId, confirm, reason), busy: false });
      return true;
    } catch (error) {
      this.set({ ...this.state, busy: false, refused: this.#met(error) });
      await this.load();
      return false;
    }
  }

  #met(error: unknown): Problem {
    const problem = problemOf(error);
    if (problem.kind === "signedOut") sessionStore.ended(problem);
    return problem;
  }
}
