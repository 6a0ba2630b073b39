/**
 * The numbers that the JavaScript half goes by. They have a module of their own, without imports: esbuild writes such
 * constants where they are used.
 *
 * @module
 */

/** Longer than any setting, in UTF-16 units; the WebAssembly copies texts into its memory. */
export const LONGEST_TEXT = 65_536;
/** Longer than the PEM text of any key, even with its certificates around it. */
export const LONGEST_PEM = 65_536;

/** An RS256 signature is as long as the modulus, in bytes, and a modulus has at least 2048 bits. */
export const SHORTEST_SIGNATURE = 256;

/** The most that is read of the body of a success, in bytes. */
export const LONGEST_SUCCESS = 32 * 1024 * 1024;
/** The most that is read of the body of anything else, in bytes. */
export const LONGEST_ERROR = 64 * 1024;

/** How many keys whose calls have ended `unknown` a client remembers. */
export const MOST_OPEN_KEYS = 1_000;
/** How long, in milliseconds: as long as Fireblocks keeps a key. */
export const OPEN_KEY_MS = 24 * 3_600_000;

/** Between the first two looks of a watch, in milliseconds. */
export const FIRST_INTERVAL_MS = 2_000;
/** The longest pause between two looks where nobody says otherwise, in milliseconds. */
export const LONGEST_INTERVAL_MS = 60_000;
/** By how much the pause grows from look to look. */
export const GROWTH = 1.5;
/** A server that asks for a longer pause, in milliseconds, is asked again after this one. */
export const LONGEST_ASKED_MS = 3_600_000;
/** Two clocks that are less than this apart, in milliseconds, show the same time. */
export const SAME_CLOCK_MS = 1_000;
/** A list longer than this many pages is not read to its end at every look. */
export const MOST_PAGES = 4;
/** How far back another reset is looked for that may still have been open, in milliseconds: a week, and a day for the clocks. */
export const LOOK_BACK_MS = 8 * 86_400_000;
/** What was refused this often in a row, a watch takes to be closed to it. */
export const MOST_REFUSALS = 3;
/** Of so many looks one is at what is closed as well. */
export const CLOSED_LOOKS = 10;
