import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import type WaTextarea from "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import { html, nothing } from "lit";

interface WordsArea {
  label: string;
  hint: string;
  /** What is wrong with the words, in the hint's place. */
  error?: string | undefined;
  /** The most characters. */
  longest?: number | undefined;
  value: string;
  onWords: (words: string) => void;
  /** Whether a dialog opens with the focus here. */
  first?: boolean;
}

/** Asks for a few words of one's own. */
export const wordsArea = ({ label, hint, error, longest, value, onWords, first = false }: WordsArea) =>
  html`<wa-textarea
    ?autofocus=${first}
    class=${error ? "wrong" : ""}
    label=${label}
    hint=${error || hint}
    maxlength=${longest ?? nothing}
    rows="2"
    resize="auto"
    .value=${value}
    @input=${({ target }: Event) => onWords((target as WaTextarea).value ?? "")}
  ></wa-textarea>`;
