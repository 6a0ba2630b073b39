/** What was typed in a dialog, kept for this tab until it is sent, so that a reload loses nothing. */
import type { Answers } from "../model/reset-form.ts";
import { forget, recall, remember } from "./storage.ts";

const name = (userId: string) => `reset-device/draft/${userId}`;

export function readDraft(userId: string): Answers {
  try {
    const value: unknown = JSON.parse(recall("sessionStorage", name(userId)) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Answers) : {};
  } catch {
    return {};
  }
}

export function writeDraft(userId: string, note: Answers): void {
  remember("sessionStorage", name(userId), JSON.stringify(note));
}

export function forgetDraft(userId: string): void {
  forget("sessionStorage", name(userId));
}
