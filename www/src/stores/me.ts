/** What concerns oneself: the user, the request for help with its code, the resets. */
import type { HelpGiven, HelpRequest, Me } from "fireblocks-reset-device/gateway-api";
import { askForHelp, cancelHelp, confirmHelper, denyHelper, getMe, renewCode } from "../gateway/help-api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { type Because, isOpenHelp } from "../model/help.ts";
import { Looks } from "./looks.ts";
import { whileVisible } from "./polling.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

/** A code that this tab was given: shown here, and nowhere kept. */
export interface ShownCode {
  helpId: string;
  number: number;
  digits: string;
  /** When it runs out, by this browser's own clock. */
  until: number;
}

export interface MeState {
  me?: Me;
  /** Epoch milliseconds of the newest good look. */
  seenAt?: number;
  problem?: Problem;
  code?: ShownCode;
  /** Something is on its way. */
  busy: boolean;
  /** What was tried last failed. */
  refused?: Problem;
}

/** Milliseconds between looks: while two people talk, and otherwise. */
const WHILE_TALKING = 2_500;
const OTHERWISE = 20_000;

export class MeStore extends Store<MeState> {
  readonly #looks = new Looks();
  #stop?: (() => void) | undefined;

  constructor() {
    super({ busy: false });
  }

  async look(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const me = await getMe();
      if (!this.#looks.isNews(look)) return;
      const { problem: _, ...rest } = this.state;
      this.set({ ...rest, me, seenAt: Date.now() });
    } catch (error) {
      if (this.#looks.isOld(look)) return;
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, problem });
    }
  }

  /** Looks again and again while somebody looks, also after they were signed out. Returns the way to stop. */
  follow(): () => void {
    this.#poll("now");
    return () => {
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  #poll(first: "now" | "later"): void {
    this.#stop?.();
    this.#stop = whileVisible(() => this.look(), {
      first,
      next: () => {
        const { me, problem } = this.state;
        if (problem) return problem.kind === "forbidden" ? undefined : OTHERWISE;
        return me?.help && isOpenHelp(me.help) ? WHILE_TALKING : OTHERWISE;
      },
    });
  }

  ask = (asked: { because?: Because; text?: string }): Promise<boolean> => this.#change(() => askForHelp(asked));
  renew = (): Promise<boolean> => this.#change(renewCode);
  /** `matchedAt`: when the code was typed by whom the screen shows. */
  confirm = (matchedAt: number): Promise<boolean> => this.#change(() => confirmHelper(matchedAt));
  deny = (): Promise<boolean> => this.#change(denyHelper);
  cancel = (): Promise<boolean> => this.#change(cancelHelp);

  async #change(act: () => Promise<HelpRequest | HelpGiven>): Promise<boolean> {
    if (this.state.busy) return false;
    const { refused: _, ...rest } = this.state;
    this.set({ ...rest, busy: true });
    try {
      const help = await act();
      this.#looks.overtake();
      const { me, code, ...others } = this.state;
      this.set({
        ...others,
        busy: false,
        ...(me && { me: { ...me, help: withoutDigits(help) } }),
        ...codeOf(help, code),
      });
      // Two people may talk from now on: the pace that was before is too slow.
      if (this.#stop) this.#poll("later");
      return true;
    } catch (error) {
      const refused = problemOf(error);
      if (refused.kind === "signedOut") sessionStore.ended(refused);
      this.set({ ...this.state, busy: false, refused });
      await this.look();
      return false;
    }
  }
}

/** A code lasts as long as the worker says, counted from its answer on: two clocks may differ. */
function codeOf(help: HelpRequest | HelpGiven, before: ShownCode | undefined): { code?: ShownCode } {
  if (!("digits" in help) || help.code === undefined) return before ? { code: before } : {};
  const { number, until } = help.code;
  return { code: { helpId: help.id, number, digits: help.digits, until: Date.now() + until - help.updatedAt } };
}

function withoutDigits(help: HelpRequest | HelpGiven): HelpRequest {
  if (!("digits" in help)) return help;
  const { digits: _, ...request } = help;
  return request;
}
