/** Light, dark, or as the system has it. A script in `index.html` applies the choice, already before the first paint. */
import { forget, recall, remember } from "./storage.ts";
import { Store } from "./store.ts";

export type Theme = "system" | "light" | "dark";

const NAME = "reset-device/theme";

function read(): Theme {
  const value = recall("localStorage", NAME);
  return value === "light" || value === "dark" ? value : "system";
}

class ThemeStore extends Store<Theme> {
  constructor() {
    super(read());
    addEventListener("storage", () => this.set(read()));
  }

  choose(theme: Theme): void {
    if (theme === "system") forget("localStorage", NAME);
    else remember("localStorage", NAME, theme);
    dispatchEvent(new Event("theme-change"));
    // What could not be kept does not hold.
    this.set(read());
  }
}

export const themeStore = new ThemeStore();
