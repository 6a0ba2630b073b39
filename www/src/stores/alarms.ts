/** The alarms of the workspace, for whoever looks after resets. */
import type { Alarm } from "fireblocks-reset-device/gateway-api";
import { closeAlarm, getAlarms } from "../gateway/alarm-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { Looks } from "./looks.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface AlarmsState {
  alarms?: Alarm[];
  problem?: Problem;
  /** The alarm that is being closed. */
  closing?: string;
  refused?: { id: string; problem: Problem };
}

export class AlarmsStore extends Store<AlarmsState> {
  readonly #looks = new Looks();

  constructor() {
    super({});
  }

  async load(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const { alarms } = await getAlarms();
      if (!this.#looks.isNews(look)) return;
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, alarms });
    } catch (error) {
      if (this.#looks.isOld(look)) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }

  async close(id: string, reason: string): Promise<boolean> {
    if (this.state.closing !== undefined) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, closing: id });
    let problem: Problem | undefined;
    try {
      await closeAlarm(id, reason);
    } catch (error) {
      problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
    }
    if (!problem) void sessionStore.refresh();
    const { closing: __, ...after } = this.state;
    this.set(problem ? { ...after, refused: { id, problem } } : after);
    return problem === undefined;
  }
}
