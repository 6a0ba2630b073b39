/** The time, for what is said relative to it. */
import { Store } from "./store.ts";

class ClockStore extends Store<number> {
  constructor() {
    super(Date.now());
    setInterval(() => {
      if (!document.hidden) this.set(Date.now());
    }, 15_000);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.set(Date.now());
    });
  }
}

export const clockStore = new ClockStore();
