/** What was typed, kept for this person in this tab until it is sent: a reload, or signing in again, loses nothing. */
import type { Answers } from "../model/reset-form.ts";
import { sessionStore } from "./session.ts";
import { forget, recall, remember } from "./storage.ts";

/** Whoever signs in here after somebody else finds none of theirs. */
const name = (what: string) => `reset-device/draft/${sessionStore.session?.actor}/${what}`;

/** The answers in a form of several fields. `what`: the user whose dialog it is in, or what else they are about. */
export function readDraft(what: string): Answers {
  try {
    const value: unknown = JSON.parse(recall("sessionStorage", name(what)) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Answers) : {};
  } catch {
    return {};
  }
}

export function writeDraft(what: string, answers: Answers): void {
  remember("sessionStorage", name(what), JSON.stringify(answers));
}

export function forgetDraft(what: string): void {
  forget("sessionStorage", name(what));
}

/** The words in a form of one field. `what`: what they are about, as no other form's are. */
export const readWords = (what: string): string => recall("sessionStorage", name(what)) ?? "";

export function writeWords(what: string, words: string): void {
  remember("sessionStorage", name(what), words);
}

/** What somebody says who asks for help. */
export const HELP_WORDS = "help";

/** They are given, and need not be kept any more. */
export function forgetWords(what: string): void {
  forget("sessionStorage", name(what));
}
