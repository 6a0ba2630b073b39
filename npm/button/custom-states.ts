/** Shows the state to the page's style sheets, as `:state(completed)`, as far as the browser can. */

export class CustomStates {
  readonly #states: CustomStateSet | undefined;
  #shown: string | undefined;

  constructor(host: HTMLElement) {
    // Absent in some DOMs, and with it every custom state; others have one half of it alone.
    this.#states = typeof host.attachInternals === "function" ? host.attachInternals()?.states : undefined;
  }

  /** Takes the last state back and shows this one. */
  show(state: string): void {
    if (this.#shown !== undefined) this.#states?.delete(this.#shown);
    this.#shown = [state, `--${state}`].find((name) => this.#add(name));
  }

  /** Chrome before 125 takes only names that begin with two dashes, and matches them as `:--completed`. */
  #add(name: string): boolean {
    try {
      this.#states?.add(name);
      return true;
    } catch {
      return false;
    }
  }
}
