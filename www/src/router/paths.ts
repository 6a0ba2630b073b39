/** The addresses of the screens, for whatever links to one. */
import type { HelpRequest } from "fireblocks-reset-device/gateway-api";

export const recordPath = (recordId: string): string => `/resets/${encodeURIComponent(recordId)}`;

export const REFUSED_PATH = "/refused";

export const helpPath = (helpId: string): string => `/help/${encodeURIComponent(helpId)}`;

/** The dialog that asks for the reset which a request for help was for, with what the person said there. */
export function resetForHelpPath({ userId, id, because }: Pick<HelpRequest, "userId" | "id" | "because">): string {
  return `/?${new URLSearchParams({ reset: userId, help: id, ...(because && { because }) })}`;
}

/** What is to do. */
export const QUEUE_PATH = "/queue";

/** One's own device. */
export const ME_PATH = "/me";

export const historyPath = (userId: string): string => `/resets?userId=${encodeURIComponent(userId)}`;
