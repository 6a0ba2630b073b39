/** The dialog that asks before anything is sent. */

import type { GatewaySession } from "../gateway.js";
import type { ConsoleUser, ResetNote } from "../index.js";
import { element } from "./dom.js";
import { hideModal, onPlainEscape, showModal } from "./modal.js";
import { NoteFields } from "./note-fields.js";

/** Where the dialog is: what can be done and typed follows from it. */
export type Phase = "closed" | "looking" | "ready" | "blocked" | "sending";

/** What confirming does, and the word for it: at once, or after a second person has agreed. */
const FILES = "This files an approval request.";
const PROPOSES = "This proposes the reset. After a second person has released it, an approval request is filed.";
const ASK = "Request the reset";
const PROPOSE = "Propose the reset";

/** What the dialog shows once the user has been looked up. */
export interface Findings {
  user?: ConsoleUser | undefined;
  session?: GatewaySession | undefined;
  warning?: string | undefined;
  /** The note of the one request that may be asked for, where an earlier one may have arrived. */
  repeats?: ResetNote | undefined;
}

/** A native modal dialog: focus is kept inside, Escape closes it, and focus returns to the button. */
export class Confirmation {
  readonly dialog: HTMLDialogElement;
  readonly #heading = element("h2", { id: "heading", part: "heading" }, "Reset this user's mobile device?");
  readonly #facts = element("dl", { part: "facts" });
  readonly #alert = element("p", { part: "alert", role: "alert" });
  readonly #fields = new NoteFields(() => this.#enter(this.#phase));
  readonly #cancel = element("button", { part: "button cancel", type: "button" }, "Cancel");
  readonly #confirm = element("button", { part: "button confirm", type: "submit" }, ASK);
  readonly #begins = element("span", {}, FILES);
  readonly #onLeave: () => void;
  #phase: Phase = "closed";
  #userId = "";
  #verb = ASK;
  #repeats = false;
  #disabled = false;

  /**
   * @param onConfirm - called with the user whom the dialog names and what was typed, once for each time that the
   *   person confirms.
   * @param onLeave - called when the dialog has closed, for whatever reason.
   */
  constructor(onConfirm: (userId: string, note: ResetNote) => void, onLeave: () => void) {
    this.#onLeave = onLeave;
    const form = element(
      "form",
      { part: "form", method: "dialog" },
      this.#heading,
      this.#facts,
      element(
        "p",
        { id: "consequence", part: "consequence" },
        this.#begins,
        " Once the workspace's approvers agree, the user can neither sign nor approve until a device is paired again. " +
          "Nothing is reset before that.",
      ),
      ...this.#fields.elements,
      this.#alert,
      element("div", { part: "actions" }, this.#cancel, this.#confirm),
    );
    this.dialog = element("dialog", {
      part: "dialog",
      "aria-labelledby": "heading",
      "aria-describedby": "consequence",
    });
    this.dialog.append(form);
    form.addEventListener("submit", (event) => {
      // The dialog closes when the gateway has answered, not when the form is sent.
      event.preventDefault();
      if (!this.#confirmable) return;
      const { lacking } = this.#fields;
      if (lacking) {
        lacking.value = "";
        lacking.reportValidity();
      } else onConfirm(this.#userId, this.#fields.note);
    });
    const cancel = () => this.#phase !== "sending" && this.close();
    this.#cancel.addEventListener("click", cancel);
    onPlainEscape(this.dialog, cancel);
    this.dialog.addEventListener("cancel", (event) => {
      if (this.#phase === "sending") event.preventDefault();
    });
    // It comes late: by then the dialog may be open again.
    this.dialog.addEventListener("close", () => this.dialog.open || this.#left());
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** While it is true nothing can be confirmed, whatever else the dialog shows. */
  set disabled(disabled: boolean) {
    if (this.#disabled === disabled) return;
    this.#disabled = disabled;
    this.#enter(this.#phase);
  }

  /** Opens the dialog, or begins anew where it is open; nothing can be confirmed until {@link ready}. */
  open(userId: string): void {
    this.#userId = userId;
    this.#alert.replaceChildren();
    this.#showFacts([["User", userId]]);
    const opens = this.#phase === "closed";
    this.#enter("looking");
    if (!opens) return;
    showModal(this.dialog);
    this.#fields.focus();
  }

  /** Shows whom and where, and lets the person confirm. */
  ready({ user, session, warning, repeats }: Findings): void {
    const name = [user?.firstName, user?.lastName].filter(Boolean).join(" ");
    this.#showFacts([
      ["Name", name],
      ["E-mail", user?.email],
      ["Role", readable(user?.role)],
      ["Status", readable(user?.status)],
      ["User", this.#userId],
      ["Workspace", session?.workspace?.name],
      ["Environment", readable(session?.environment)],
    ]);
    const proposes = session?.requireSecondPerson === true;
    this.#begins.textContent = proposes ? PROPOSES : FILES;
    this.#verb = proposes ? PROPOSE : ASK;
    // A gateway that does not say so is taken to require the note, as ours does by default.
    this.#fields.required = session?.requireNote !== false;
    if (warning) this.#alert.replaceChildren(warning);
    this.#repeat(repeats);
    this.#enter("ready");
  }

  sending(): void {
    this.#alert.replaceChildren();
    this.#enter("sending");
  }

  /** Says why nothing can be confirmed, with a link to sign in where that would help. */
  blocked({ message, signInUrl }: { message: string; signInUrl?: string | undefined }): void {
    this.#alert.replaceChildren(message);
    if (signInUrl) {
      this.#alert.append(" ", element("a", { part: "sign-in", href: signInUrl, target: "_blank" }, "Sign in"));
    }
    this.#enter("blocked");
  }

  /**
   * Says what went wrong and lets the person confirm again.
   * @param repeats - the note of the request where it may have arrived: it may only be repeated as it was.
   */
  failed(message: string, repeats: ResetNote | undefined): void {
    this.#alert.replaceChildren(message);
    this.#repeat(repeats);
    this.#enter("ready");
    this.#confirm.focus();
  }

  close(): void {
    if (this.#phase === "closed") return;
    hideModal(this.dialog);
    this.#left();
  }

  /** Forgets what was typed. */
  clear(): void {
    this.#repeats = false;
    this.#fields.show({});
  }

  #left(): void {
    if (this.#phase === "closed") return;
    this.#enter("closed");
    this.#onLeave();
  }

  get #confirmable(): boolean {
    return this.#phase === "ready" && !this.#disabled && this.#fields.helps;
  }

  /** The fields show what is repeated, and cannot be changed. */
  #repeat(note: ResetNote | undefined): void {
    this.#repeats = note !== undefined;
    if (note) this.#fields.show(note);
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const words: Record<Phase, string> = {
      closed: this.#verb,
      looking: "Looking up the user…",
      ready: this.#readyWords,
      blocked: this.#verb,
      sending: "Sending…",
    };
    this.#confirm.textContent = words[phase];
    this.#confirm.setAttribute("aria-disabled", String(!this.#confirmable));
    this.#cancel.setAttribute("aria-disabled", String(phase === "sending"));
    this.#fields.fixed = this.#repeats || phase === "sending";
  }

  get #readyWords(): string {
    if (this.#disabled) return "Disabled by this page";
    if (!this.#fields.helps) return "No reset helps here";
    return this.#repeats ? "Repeat the same request" : this.#verb;
  }

  #showFacts(facts: [string, string | undefined][]): void {
    this.#facts.replaceChildren(
      ...facts
        .filter(([, value]) => value)
        .flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, ...breakable(value ?? ""))]),
    );
  }
}

/** A word of Fireblocks', or of the gateway's, for people: `PENDING_DEVICE_SETUP` → `Pending device setup`. */
function readable(word: string | undefined): string | undefined {
  const words = word?.replaceAll("_", " ").toLowerCase();
  return words && words.charAt(0).toUpperCase() + words.slice(1);
}

/** A narrow dialog breaks an address before its `@`, not within a word. */
function breakable(text: string): (Node | string)[] {
  const at = text.indexOf("@");
  return at < 1 ? [text] : [text.slice(0, at), element("wbr"), text.slice(at)];
}
