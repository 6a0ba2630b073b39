/** The addresses of the screens, for whatever links to one. */

export const recordPath = (recordId: string): string => `/resets/${encodeURIComponent(recordId)}`;

export const REFUSED_PATH = "/refused";

export const helpPath = (helpId: string): string => `/help/${encodeURIComponent(helpId)}`;

/** What is to do. */
export const QUEUE_PATH = "/queue";

/** One's own device. */
export const ME_PATH = "/me";

export const historyPath = (userId: string): string => `/resets?userId=${encodeURIComponent(userId)}`;
