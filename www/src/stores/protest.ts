/** What the person says against a reset of theirs, and that somebody pretends to be them. */
import { raiseAlarm, stopReset } from "../gateway/alarm-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import type { MeStore } from "./me.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface ProtestState {
  /** What is on its way, by the id of the reset that it is about; empty where it is about none. */
  busy?: string;
  /** The newest try failed. */
  refused?: { about: string; problem: Problem };
}

export class ProtestStore extends Store<ProtestState> {
  readonly #me: MeStore;

  constructor(me: MeStore) {
    super({});
    this.#me = me;
  }

  stop = (resetId: string): Promise<boolean> => this.#say(resetId, () => stopReset(resetId));
  raise = (text: string, resetId?: string): Promise<boolean> =>
    this.#say(resetId ?? "", () => raiseAlarm(text, resetId));

  /** What failed about this reset, or about none. */
  refusedAbout(about: string): Problem | undefined {
    const { refused } = this.state;
    return refused?.about === about && refused.problem.kind !== "signedOut" ? refused.problem : undefined;
  }

  async #say(about: string, say: () => Promise<unknown>): Promise<boolean> {
    if (this.state.busy !== undefined) return false;
    this.set({ busy: about });
    let problem: Problem | undefined;
    try {
      await say();
    } catch (error) {
      problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
    }
    // As it is now, whatever the answer was.
    await this.#me.look();
    this.set(problem ? { refused: { about, problem } } : {});
    return problem === undefined;
  }
}
