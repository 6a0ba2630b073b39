/** Fireblocks' users, as the worker sees them for the person who asks. */
import type { UserList, UserRow } from "fireblocks-reset-device/gateway-api";
import { getUsers } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { whileVisible } from "./polling.ts";
import { sessionStore } from "./session.ts";
import { Store } from "./store.ts";

export interface UsersState {
  list?: UserList;
  loading: boolean;
  /** The newest attempt failed; `list` may still hold what was read before. */
  problem?: Problem;
}

/** Milliseconds between looks while the list is on the screen. */
const REFRESH = 30_000;

class UsersStore extends Store<UsersState> {
  #running: Promise<void> | undefined;

  constructor() {
    super({ loading: false });
  }

  find(userId: string): UserRow | undefined {
    return this.state.list?.users.find(({ id }) => id === userId);
  }

  load(): Promise<void> {
    this.#running ??= this.#load().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #load(): Promise<void> {
    this.set({ ...this.state, loading: true });
    try {
      this.set({ list: await getUsers(), loading: false });
      const { state } = sessionStore;
      // Fireblocks answers again: what the session said of it is over.
      if (state.phase === "in" && state.fireblocks) void sessionStore.refresh();
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.set({ ...this.state, loading: false, problem });
    }
  }

  /** Keeps the list fresh until the returned function is called. */
  keepFresh(): () => void {
    return whileVisible(() => this.load(), { first: "now", next: () => REFRESH });
  }
}

export const usersStore = new UsersStore();
