import type { ReactiveController, ReactiveControllerHost } from "lit";

/** A piece of state that elements can follow. Each concern has its own. */
export class Store<State> {
  #state: State;
  readonly #listeners = new Set<() => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  protected set(state: State): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Calls `listener` after each change. Returns the way to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Renders its host anew whenever one of `stores` changes, for as long as the host is in the page. */
export class Follow implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #stores: readonly Store<unknown>[];
  #stops: (() => void)[] = [];

  constructor(host: ReactiveControllerHost, ...stores: Store<unknown>[]) {
    this.#host = host;
    this.#stores = stores;
    host.addController(this);
  }

  hostConnected(): void {
    this.#stops = this.#stores.map((store) => store.subscribe(() => this.#host.requestUpdate()));
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }
}
