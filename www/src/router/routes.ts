/** Which screen an address shows. Screens other than the first are loaded when they are first shown. */
import { html, type TemplateResult } from "lit";
import { SCREENS } from "../model/screens.ts";
import type { Address } from "./address.ts";

export type Section = "users" | "history" | "queue" | "me";

export interface Screen {
  title: string;
  /** The entry of the navigation that is the present one. */
  section?: Section;
  /** It is for whoever is signed in: what it shows is their own, whatever their role. */
  personal?: true;
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
      title: SCREENS.users.title,
      section: "users",
      load: () => import("../screens/users-screen.ts"),
      render: () => html`<users-screen .query=${query}></users-screen>`,
    }),
  },
  {
    pattern: /^\/resets$/,
    screen: (_, { query }) => ({
      title: SCREENS.history.title,
      section: "history",
      load: () => import("../screens/history-screen.ts"),
      render: () => html`<history-screen .query=${query}></history-screen>`,
    }),
  },
  {
    pattern: /^\/resets\/([^/]+)$/,
    screen: ([id = ""]) => ({
      title: SCREENS.record.title,
      section: "history",
      load: () => import("../screens/record-screen.ts"),
      render: () => html`<record-screen record-id=${id}></record-screen>`,
    }),
  },
  {
    pattern: /^\/refused$/,
    screen: () => ({
      title: SCREENS.refused.title,
      section: "history",
      load: () => import("../screens/refused-screen.ts"),
      render: () => html`<refused-screen></refused-screen>`,
    }),
  },
  {
    pattern: /^\/queue$/,
    screen: () => ({
      title: SCREENS.queue.title,
      section: "queue",
      load: () => import("../screens/queue-screen.ts"),
      render: () => html`<queue-screen></queue-screen>`,
    }),
  },
  {
    pattern: /^\/me$/,
    screen: () => ({
      title: SCREENS.me.title,
      section: "me",
      personal: true,
      load: () => import("../screens/me-screen.ts"),
      render: () => html`<me-screen></me-screen>`,
    }),
  },
  {
    pattern: /^\/help\/([^/]+)$/,
    screen: ([id = ""]) => ({
      title: SCREENS.help.title,
      section: "queue",
      load: () => import("../screens/help-screen.ts"),
      render: () => html`<help-screen help-id=${id}></help-screen>`,
    }),
  },
  {
    pattern: /^\/confirm\/([^/]+)$/,
    screen: ([id = ""]) => ({
      title: SCREENS.confirm.title,
      personal: true,
      load: () => import("../screens/confirm-screen.ts"),
      render: () => html`<confirm-screen record-id=${id}></confirm-screen>`,
    }),
  },
  {
    pattern: /^\/button$/,
    screen: () => ({
      title: SCREENS.button.title,
      load: () => import("../screens/button-screen.ts"),
      render: () => html`<button-screen></button-screen>`,
    }),
  },
];

const NOT_FOUND: Screen = {
  title: SCREENS.notFound.title,
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
