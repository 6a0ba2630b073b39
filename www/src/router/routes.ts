/** Which screen an address shows. Screens other than the first are loaded when they are first shown. */
import { html, type TemplateResult } from "lit";
import type { Address } from "./address.ts";

export type Section = "users" | "history" | "queue" | "button";

export interface Screen {
  title: string;
  /** The entry of the navigation that is the present one. */
  section?: Section;
  load: () => Promise<unknown>;
  render: () => TemplateResult;
}

interface Route {
  pattern: RegExp;
  screen: (parts: string[], address: Address) => Screen;
}

const ROUTES: readonly Route[] = [
  {
    pattern: /^\/$/,
    screen: (_, { query }) => ({
      title: "Users",
      section: "users",
      load: () => import("../screens/users-screen.ts"),
      render: () => html`<users-screen .query=${query}></users-screen>`,
    }),
  },
  {
    pattern: /^\/resets$/,
    screen: (_, { query }) => ({
      title: "History",
      section: "history",
      load: () => import("../screens/history-screen.ts"),
      render: () => html`<history-screen .query=${query}></history-screen>`,
    }),
  },
  {
    pattern: /^\/resets\/([^/]+)$/,
    screen: ([id = ""]) => ({
      title: "Reset",
      section: "history",
      load: () => import("../screens/record-screen.ts"),
      render: () => html`<record-screen record-id=${id}></record-screen>`,
    }),
  },
  {
    pattern: /^\/queue$/,
    screen: () => ({
      title: "Waiting for a second person",
      section: "queue",
      load: () => import("../screens/queue-screen.ts"),
      render: () => html`<queue-screen></queue-screen>`,
    }),
  },
  {
    pattern: /^\/button$/,
    screen: () => ({
      title: "Button",
      section: "button",
      load: () => import("../screens/button-screen.ts"),
      render: () => html`<button-screen></button-screen>`,
    }),
  },
];

const NOT_FOUND: Screen = {
  title: "Not found",
  load: () => import("../screens/not-found-screen.ts"),
  render: () => html`<not-found-screen></not-found-screen>`,
};

export function screenFor(address: Address): Screen {
  for (const { pattern, screen } of ROUTES) {
    const match = pattern.exec(address.path);
    if (match) return screen(match.slice(1).map(decodePart), address);
  }
  return NOT_FOUND;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const recordPath = (recordId: string): string => `/resets/${encodeURIComponent(recordId)}`;
