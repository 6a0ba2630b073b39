/** The browser's storage. Where the person has switched it off, or it is full, nothing is remembered. */

type Area = "localStorage" | "sessionStorage";

export function recall(area: Area, name: string): string | null {
  try {
    return window[area].getItem(name);
  } catch {
    return null;
  }
}

/** Says whether the value is kept. */
export function remember(area: Area, name: string, value: string): boolean {
  try {
    window[area].setItem(name, value);
    return true;
  } catch {
    return false;
  }
}

export function forget(area: Area, name: string): void {
  try {
    window[area].removeItem(name);
  } catch {
    // What cannot be reached was not kept either.
  }
}

export function namesIn(area: Area): string[] {
  try {
    return Object.keys(window[area]);
  } catch {
    return [];
  }
}
