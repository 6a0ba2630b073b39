/** Light, dark, or as the system has it. `public/theme.js` applies the choice before the first paint. */
import { Store } from "./store.ts";

export type Theme = "system" | "light" | "dark";

const NAME = "reset-device/theme";

function read(): Theme {
  const value = localStorage.getItem(NAME);
  return value === "light" || value === "dark" ? value : "system";
}

class ThemeStore extends Store<Theme> {
  constructor() {
    super(read());
    addEventListener("storage", () => this.set(read()));
  }

  choose(theme: Theme): void {
    if (theme === "system") localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, theme);
    dispatchEvent(new Event("theme-change"));
    this.set(theme);
  }
}

export const themeStore = new ThemeStore();
