/** The keyboard's shortcuts, wherever the focus is, except where something is being typed. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { ME_PATH, QUEUE_PATH } from "../router/paths.ts";

interface Actions {
  help: () => void;
  search: () => void;
  go: (path: string) => void;
}

/** Milliseconds within which the second letter must follow a `g`. */
const SECOND_LETTER = 1200;

const PLACES: Readonly<Record<string, string>> = { u: "/", h: "/resets", t: QUEUE_PATH, m: ME_PATH };

const EDITABLE = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

function typing(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof Element && target.matches(EDITABLE);
}

const dialogOpen = (event: KeyboardEvent): boolean =>
  event.composedPath().some((node) => node instanceof HTMLDialogElement);

export class Shortcuts implements ReactiveController {
  readonly #actions: Actions;
  #pressedG = Number.NEGATIVE_INFINITY;

  constructor(host: ReactiveControllerHost, actions: Actions) {
    this.#actions = actions;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener("keydown", this.#heard);
  }

  hostDisconnected(): void {
    removeEventListener("keydown", this.#heard);
  }

  readonly #heard = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typing(event) || dialogOpen(event)) return;
    const afterG = event.timeStamp - this.#pressedG < SECOND_LETTER;
    this.#pressedG = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    const place = afterG ? PLACES[event.key] : undefined;
    if (place !== undefined) this.#actions.go(place);
    else if (event.key === "/") this.#actions.search();
    else if (event.key === "?") this.#actions.help();
    else return;
    event.preventDefault();
  };
}
