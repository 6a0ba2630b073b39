/** What the dialog asks for beside whom it is about: the fields of the note, and what helps after what happened. */

import { NOTE_LIMITS, PROOF_WORDS, REMEDIES, STORIES } from "../gateway-api.js";
import type { PhoneStory, ResetNote, StatedProof } from "../index.js";
import { element } from "./dom.js";

type TextInput = HTMLInputElement | HTMLTextAreaElement;

/** What is typed. */
type TextField = "reason" | "verifiedBy" | "reference";

/** How the identity was verified: in words, or by one of the kinds that a gateway's policy may ask for, with words to it. */
const PROOFS: readonly [StatedProof, string][] = [
  ["other", "In my own words"],
  ["videoCall", PROOF_WORDS.videoCall.label],
  ["inPerson", PROOF_WORDS.inPerson.label],
  ["calledBack", PROOF_WORDS.calledBack.label],
];

export class NoteFields {
  readonly #because = choice("because", [["", "Not said"], ...STORIES.map((it) => [it, REMEDIES[it].label] as const)]);
  readonly #remedy = element("div", { part: "remedy", "aria-live": "polite" });
  readonly #proof = choice("proof", PROOFS);
  readonly #verifiedBy = text("input", "verifiedBy");
  readonly #reason = text("textarea", "reason");
  readonly #reference = text("input", "reference");
  readonly #texts = [this.#verifiedBy, this.#reason, this.#reference];
  /** Whether the gateway requires the note. */
  #required = true;

  /** In the order in which they are asked: what happened first, since no reset may be the answer. */
  readonly elements: readonly HTMLElement[] = [
    labelled("What happened to the phone? (optional)", this.#because),
    this.#remedy,
    labelled("Proof of identity", this.#proof),
    labelled("How was the user's identity verified?", this.#verifiedBy),
    labelled("Reason", this.#reason),
    labelled("Ticket or reference (optional)", this.#reference),
  ];

  /** @param onStory - called when something else happened to the phone than before. */
  constructor(onStory: () => void) {
    this.#reason.setAttribute("rows", "2");
    this.#proof.addEventListener("change", () => this.#requireWords());
    this.#because.addEventListener("change", () => {
      this.#showRemedy();
      onStory();
    });
  }

  set required(required: boolean) {
    this.#reason.required = required;
    this.#required = required;
    this.#requireWords();
  }

  /** While it is true the fields show what is sent, and cannot be changed. */
  set fixed(fixed: boolean) {
    for (const field of this.#texts) field.readOnly = fixed;
    for (const field of [this.#proof, this.#because]) field.disabled = fixed;
  }

  /** Whether a reset helps, as far as it was said what happened. */
  get helps(): boolean {
    return this.#story === undefined || REMEDIES[this.#story].reset;
  }

  /** The first field that has to be filled and is not. Blanks alone are nothing, though not to the browser's own check. */
  get lacking(): TextInput | undefined {
    return this.#texts.find((field) => field.required && !field.readOnly && field.value.trim() === "");
  }

  get note(): ResetNote {
    const note: ResetNote = {};
    for (const field of this.#texts) {
      const value = field.value.trim();
      if (value) note[field.name as TextField] = value;
    }
    const proof = this.#proof.value as StatedProof;
    if (proof !== "other") {
      const { verifiedBy: words } = note;
      delete note.verifiedBy;
      note.proofs = [{ proof, ...(words && { text: words }) }];
    }
    if (this.#story) note.because = this.#story;
    return note;
  }

  show(note: ResetNote): void {
    for (const field of this.#texts) field.value = note[field.name as TextField] ?? "";
    const [proven] = note.proofs ?? [];
    this.#proof.value = proven?.proof ?? "other";
    if (proven) this.#verifiedBy.value = proven.text ?? "";
    this.#because.value = note.because ?? "";
    this.#requireWords();
    this.#showRemedy();
  }

  focus(): void {
    this.#because.focus();
  }

  get #story(): PhoneStory | undefined {
    return (this.#because.value as PhoneStory) || undefined;
  }

  /** A proof that is named says enough by itself. */
  #requireWords(): void {
    this.#verifiedBy.required = this.#required && this.#proof.value === "other";
  }

  #showRemedy(): void {
    this.#remedy.replaceChildren(...(this.#story ? remedy(this.#story) : []));
  }
}

function remedy(story: PhoneStory): HTMLElement[] {
  const { summary, steps } = REMEDIES[story];
  const list = element("ol", {}, ...steps.map((step) => element("li", {}, step)));
  return [element("strong", {}, summary), ...(steps.length > 0 ? [list] : [])];
}

function text<Tag extends "input" | "textarea">(tag: Tag, name: TextField): HTMLElementTagNameMap[Tag] {
  return element(tag, { part: "input", name, maxlength: `${NOTE_LIMITS[name]}` });
}

function choice(name: string, options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  const made = options.map(([value, label]) => element("option", { value }, label));
  return element("select", { part: "input", name }, ...made);
}

function labelled(words: string, field: HTMLElement): HTMLLabelElement {
  return element("label", { part: "label" }, element("span", {}, words), field);
}
