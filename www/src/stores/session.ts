/** Who is asking, where, and what they may do. */
import type { Session } from "fireblocks-reset-device/gateway-api";
import { getSession } from "../gateway/api.ts";
import { type Problem, problemFromSession, problemOf } from "../gateway/problem.ts";
import { Looks } from "./looks.ts";
import { whileVisible } from "./polling.ts";
import { forget, recall, remember } from "./storage.ts";
import { Store } from "./store.ts";

export type SessionState =
  | { phase: "loading" }
  | { phase: "in"; session: Session; fireblocks?: Problem }
  /** No session could be had: signed out, no role, or no answer. */
  | { phase: "out"; problem: Problem };

const signedIn = (session: Session): SessionState => ({
  phase: "in",
  session,
  ...(session.problem && { fireblocks: problemFromSession(session.problem) }),
});

/** Milliseconds between looks: what others leave to do is told this late at most. */
const REFRESH = 60_000;

export class SessionStore extends Store<SessionState & { ended?: Problem }> {
  readonly #looks = new Looks();

  constructor() {
    super({ phase: "loading" });
  }

  get session(): Session | undefined {
    return this.state.phase === "in" ? this.state.session : undefined;
  }

  /** `ready`: what else must be there before the page may show itself. */
  async load(ready?: Promise<unknown>): Promise<void> {
    const asked = getSession();
    // It is looked at below, after `ready`: until then a failure must not count as unhandled.
    asked.catch(() => undefined);
    await ready?.catch(() => undefined);
    try {
      const session = await asked;
      this.set(signedIn(session));
    } catch (error) {
      this.set({ phase: "out", problem: problemOf(error) });
    }
  }

  /** Looks again. What is on the screen stays where no session comes; that it is over is said. */
  async refresh(): Promise<void> {
    const look = this.#looks.begin();
    try {
      const session = await getSession();
      if (this.#looks.isNews(look)) this.set(signedIn(session));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut" && this.#looks.isNews(look)) this.ended(problem);
    }
  }

  /** Looks again and again, also once the session is over: people sign in again in another tab. Returns the way to stop. */
  keepFresh(): () => void {
    return whileVisible(() => this.refresh(), { first: "later", next: () => REFRESH });
  }

  /** Whether the page tells above every screen of this trouble, so that a screen need not tell it again. */
  tells({ kind }: Problem): boolean {
    if (this.state.phase !== "in") return false;
    return kind === this.state.fireblocks?.kind || (kind === "signedOut" && this.state.ended !== undefined);
  }

  /** Another call was told that the session is over. What is on the screen stays, with a way to sign in again. */
  ended(problem: Problem): void {
    if (this.state.phase === "in" && !this.state.ended) this.set({ ...this.state, ended: problem });
  }
}

export const sessionStore = new SessionStore();

/**
 * Where to sign in; without an address of the worker's, the page itself, which Access guards. Links to it have a
 * `target`: the router must leave them to the browser.
 */
export function signInUrl(problem: Problem): string {
  return problem.signInUrl ?? "/";
}

const RETURN_TO = "reset-device/return-to";

/** Signing in leads back to the start page: remembers where the person was. */
export function rememberPlace(): void {
  remember("sessionStorage", RETURN_TO, location.pathname + location.search);
}

/** The place that was remembered before signing in, once. */
export function takePlace(): string | undefined {
  const place = recall("sessionStorage", RETURN_TO);
  forget("sessionStorage", RETURN_TO);
  return place?.startsWith("/") && !place.startsWith("//") ? place : undefined;
}
