/** The dialog that asks before anything is sent. */

import type { GatewaySession } from "../gateway.js";
import type { ConsoleUser, ResetNote } from "../index.js";
import { element } from "./dom.js";

/** Where the dialog is: what can be done and typed follows from it. */
type Phase = "looking" | "ready" | "blocked" | "sending";

/** What confirming does, and the word for it: at once, or after a second person has agreed. */
const FILES = "This files an approval request.";
const PROPOSES = "This proposes the reset. After a second person has released it, an approval request is filed.";
const ASK = "Request the reset";
const PROPOSE = "Propose the reset";

/** A native modal dialog: focus is kept inside, Escape closes it, and focus returns to the button. */
export class Confirmation {
  readonly dialog: HTMLDialogElement;
  readonly #heading = element("h2", { id: "heading", part: "heading" }, "Reset this user's mobile device?");
  readonly #facts = element("dl", { part: "facts" });
  readonly #alert = element("p", { part: "alert", role: "alert" });
  readonly #reason = element("textarea", { part: "input", name: "reason", rows: "2", maxlength: "500" });
  readonly #verifiedBy = element("input", { part: "input", name: "verifiedBy", maxlength: "200" });
  readonly #reference = element("input", { part: "input", name: "reference", maxlength: "200" });
  readonly #cancel = element("button", { part: "button cancel", type: "button" }, "Cancel");
  readonly #confirm = element("button", { part: "button confirm", type: "submit" }, ASK);
  readonly #begins = element("span", {}, FILES);
  #phase: Phase = "looking";
  #verb = ASK;
  #locked = false;

  /**
   * @param onConfirm - called with what was typed, once for each time that the person confirms.
   * @param onClose - called when the dialog has closed, for whatever reason.
   */
  constructor(onConfirm: (note: ResetNote) => void, onClose: () => void) {
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
      labelled("How was the user's identity verified?", this.#verifiedBy),
      labelled("Reason", this.#reason),
      labelled("Ticket or reference (optional)", this.#reference),
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
      if (this.#phase === "ready") onConfirm(this.#note());
    });
    this.#cancel.addEventListener("click", () => this.#phase !== "sending" && this.dialog.close());
    this.dialog.addEventListener("cancel", (event) => {
      if (this.#phase === "sending") event.preventDefault();
    });
    this.dialog.addEventListener("close", onClose);
  }

  /** Opens the dialog; nothing can be confirmed until {@link ready}. */
  open(userId: string): void {
    this.#alert.replaceChildren();
    this.#showFacts([["User", userId]]);
    this.#enter("looking");
    this.dialog.showModal();
    this.#verifiedBy.focus();
  }

  /** Shows whom and where, and lets the person confirm. */
  ready(userId: string, user: ConsoleUser | undefined, session: GatewaySession | undefined, warning?: string): void {
    const name = [user?.firstName, user?.lastName].filter(Boolean).join(" ");
    this.#showFacts([
      ["Name", name],
      ["E-mail", user?.email],
      ["Role", readable(user?.role)],
      ["Status", readable(user?.status)],
      ["User", userId],
      ["Workspace", session?.workspace?.name],
      ["Environment", session?.environment],
    ]);
    const proposes = session?.requireSecondPerson === true;
    this.#begins.textContent = proposes ? PROPOSES : FILES;
    this.#verb = proposes ? PROPOSE : ASK;
    // A gateway that does not say so is taken to require the note, as ours does by default.
    const required = session?.requireNote !== false;
    this.#reason.required = required;
    this.#verifiedBy.required = required;
    if (warning) this.#alert.replaceChildren(warning);
    this.#enter("ready");
  }

  sending(): void {
    this.#alert.replaceChildren();
    this.#enter("sending");
  }

  /** Says why nothing can be confirmed, with a link to sign in where that would help. */
  blocked(message: string, signInUrl?: string): void {
    this.#alert.replaceChildren(message);
    if (signInUrl) {
      this.#alert.append(" ", element("a", { part: "sign-in", href: signInUrl, target: "_blank" }, "Sign in"));
    }
    this.#enter("blocked");
  }

  /**
   * Says what went wrong and lets the person confirm again.
   * @param keepNote - true where the request may have arrived: it may only be repeated as it was.
   */
  failed(message: string, keepNote: boolean): void {
    this.#alert.replaceChildren(message);
    this.#locked = keepNote;
    this.#enter("ready");
    this.#confirm.focus();
  }

  /** Forgets what was typed. */
  clear(): void {
    this.#locked = false;
    for (const field of this.#fields()) field.value = "";
  }

  #fields() {
    return [this.#reason, this.#verifiedBy, this.#reference];
  }

  #note(): ResetNote {
    const note: ResetNote = {};
    for (const field of this.#fields()) {
      const value = field.value.trim();
      if (value) note[field.name as keyof ResetNote] = value;
    }
    return note;
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    const words: Record<Phase, string> = {
      looking: "Looking up the user…",
      ready: this.#locked ? "Repeat the same request" : this.#verb,
      blocked: this.#verb,
      sending: "Sending…",
    };
    this.#confirm.textContent = words[phase];
    this.#confirm.setAttribute("aria-disabled", String(phase !== "ready"));
    this.#cancel.setAttribute("aria-disabled", String(phase === "sending"));
    for (const field of this.#fields()) field.readOnly = this.#locked || phase === "sending";
  }

  #showFacts(facts: [string, string | undefined][]): void {
    this.#facts.replaceChildren(
      ...facts
        .filter(([, value]) => value)
        .flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, ...breakable(value ?? ""))]),
    );
  }
}

/** A word of Fireblocks' for people: `PENDING_DEVICE_SETUP` → `Pending device setup`. */
function readable(word: string | undefined): string | undefined {
  const words = word?.replaceAll("_", " ").toLowerCase();
  return words && words.charAt(0).toUpperCase() + words.slice(1);
}

/** A narrow dialog breaks an address before its `@`, not within a word. */
function breakable(text: string): (Node | string)[] {
  const at = text.indexOf("@");
  return at < 1 ? [text] : [text.slice(0, at), element("wbr"), text.slice(at)];
}

function labelled(text: string, field: HTMLElement): HTMLLabelElement {
  return element("label", { part: "label" }, element("span", {}, text), field);
}
