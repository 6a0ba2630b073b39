/** One request for help, as whoever helps sees it, and the list of those that are open. */
import type { HelpPage, HelpRequest } from "fireblocks-reset-device/gateway-api";
import { getHelp, getHelpPage, matchCode } from "../gateway/help-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { isOpenHelp } from "../model/help.ts";
import { Looks } from "./looks.ts";
import { whileVisible } from "./polling.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface HelpStoreState {
  request?: HelpRequest;
  problem?: Problem;
  busy: boolean;
  /** The newest try failed. */
  refused?: Problem;
}

/** Milliseconds between looks: two people wait for each other. */
const PAUSE = 2_500;
const AFTER_TROUBLE = 10_000;

export class HelpStore extends Store<HelpStoreState> {
  readonly #id: string;
  readonly #looks = new Looks();

  constructor(id: string) {
    super({ busy: false });
    this.#id = id;
  }

  async look(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const request = await getHelp(this.#id);
      if (!this.#looks.isNews(look)) return;
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, request });
    } catch (error) {
      if (this.#looks.isOld(look)) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }

  /** Until the request has ended, also while the session is over. Returns the way to stop. */
  follow(): () => void {
    return whileVisible(() => this.look(), {
      first: "now",
      next: () => {
        const { request, problem } = this.state;
        if (problem?.kind === "notFound" || problem?.kind === "noRole") return undefined;
        if (request && !isOpenHelp(request)) return undefined;
        return problem ? AFTER_TROUBLE : PAUSE;
      },
    });
  }

  async match(code: string): Promise<boolean> {
    if (this.state.busy) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, busy: true });
    try {
      const request = await matchCode(this.#id, code);
      this.#looks.overtake();
      this.set({ ...this.state, busy: false, request });
      void sessionStore.refresh();
      return true;
    } catch (error) {
      const refused = problemOf(error);
      if (refused.kind === "signedOut") sessionStore.ended(refused);
      await this.look();
      this.set({ ...this.state, busy: false, refused });
      return false;
    }
  }
}

export interface HelpListState {
  requests?: HelpPage["requests"];
  problem?: Problem;
}

/** The open ones. */
export class HelpListStore extends Store<HelpListState> {
  constructor() {
    super({});
  }

  async load(): Promise<void> {
    try {
      this.set({ requests: (await getHelpPage()).requests });
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }
}
