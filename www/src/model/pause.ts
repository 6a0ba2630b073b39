/** The pause of all resets, in words. Pure. */
import type { Session } from "fireblocks-reset-device/gateway-api";

/** The sweep pauses by itself where it finds a request of its own that has no record. */
const BY_ITSELF = "sweep";

export interface PauseNotice {
  title: string;
  /** Who did it; undefined where no person did. */
  by?: string;
  /** Epoch milliseconds. */
  at?: number;
  /** In the words of whoever set it. */
  reason?: string;
  sentence: string;
}

export const PAUSED = "Resets are paused.";

/** What is told to everybody while resets are paused; undefined while they are not. */
export function pauseNotice({ resetsPaused, pause }: Pick<Session, "resetsPaused" | "pause">): PauseNotice | undefined {
  if (!resetsPaused) return undefined;
  if (pause === undefined) {
    return {
      title: PAUSED,
      sentence: "Whoever runs this service has switched them off in its settings. Everything stays readable.",
    };
  }
  const { by, at, reason } = pause;
  const sentence = "Nothing is sent until an auditor resumes them. Everything stays readable.";
  if (by === BY_ITSELF) return { title: "This service has paused all resets.", at, reason, sentence };
  return { title: PAUSED, by, at, reason, sentence };
}

/** Whether this person can stop all resets now: whoever is second has what they want. */
export const mayPause = ({ can, pause }: Pick<Session, "can" | "pause">): boolean => can.pause && pause === undefined;

/** Whether this person can let them go on: what the settings have switched off is switched on there. */
export const mayResume = ({ can, pause }: Pick<Session, "can" | "pause">): boolean => can.resume && pause !== undefined;

export const PAUSING = {
  title: "Pause all resets?",
  consequences: [
    "Nobody can ask for a reset, and nothing that waits for a second person is released.",
    "What Fireblocks already has is not stopped: have it rejected in the Fireblocks Console.",
    "Only an auditor can resume them. Until then everybody sees who paused them, when and why.",
  ],
  label: "Why are resets paused?",
  hint: "For example: a laptop of an admin was stolen.",
  button: "Pause all resets",
};

export const RESUMING = {
  title: "Resume resets?",
  sentence:
    "Resets can be asked for and released again. Requests that were under way when they were paused may be sent within a minute.",
  button: "Resume resets",
};
