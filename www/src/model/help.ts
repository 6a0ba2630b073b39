/** A request for help in words: for the person, for whoever helps, and as a story. Pure. */
import type { PhoneStory } from "fireblocks-reset-device";
import {
  type HelpCode,
  type HelpEvent,
  type HelpRequest,
  type HelpState,
  REMEDIES,
} from "fireblocks-reset-device/gateway-api";
import { capital, type Tone } from "./user.ts";

/** What can have happened to a phone for which a reset is the answer. */
export type Because = Extract<PhoneStory, "lost" | "stolen" | "authenticatorLost" | "changed">;

/** What the person is asked; after the last two something else than a reset helps. */
export const BECAUSE: readonly { value: PhoneStory; label: string }[] = [
  { value: "lost", label: "My phone is lost or broken" },
  { value: "stolen", label: "My phone was stolen" },
  { value: "authenticatorLost", label: "My phone is gone, and my authenticator app with it" },
  { value: "changed", label: "I have my phone, but the Fireblocks app does not let me in" },
  { value: "oldPhoneWorks", label: "My old phone still works, and I want to move to a new one" },
  { value: "owner", label: "I am an Owner, here or in another workspace on that phone" },
];

const STORIES: Readonly<Record<PhoneStory, string>> = {
  lost: "The phone is lost or broken",
  stolen: "The phone was stolen",
  authenticatorLost: "The phone is gone, and the authenticator app with it",
  changed: "The phone is there, but its app does not let its owner in",
  oldPhoneWorks: "The old phone still works",
  owner: "It is the workspace's Owner",
};

export const becauseText = (because: PhoneStory | undefined): string | undefined => because && STORIES[because];

/** What help can be asked for with. */
export const isBecause = (story: PhoneStory | undefined): story is Because =>
  story !== undefined && REMEDIES[story].reset;

const HELP_STATES: Readonly<Record<HelpState, { label: string; tone: Tone }>> = {
  open: { label: "Asks for help", tone: "brand" },
  matched: { label: "Code matched", tone: "warning" },
  confirmed: { label: "Both sides proven", tone: "success" },
  used: { label: "Reset recorded", tone: "success" },
  cancelled: { label: "Taken back", tone: "neutral" },
  expired: { label: "Ended after a day", tone: "neutral" },
};

/** A state that this page does not know yet is shown by the worker's word for it. */
export const helpState = ({ state }: Pick<HelpRequest, "state">): { label: string; tone: Tone } =>
  HELP_STATES[state] ?? { label: capital(state), tone: "neutral" };

export const isOpenHelp = ({ state }: Pick<HelpRequest, "state">): boolean =>
  state === "open" || state === "matched" || state === "confirmed";

/** What a code is good for now. */
export type CodeLife = "none" | "alive" | "ranOut" | "spent";

export function codeLife(code: HelpCode | undefined, now: number): CodeLife {
  if (code === undefined) return "none";
  if (code.triesLeft === 0) return "spent";
  return now >= code.until ? "ranOut" : "alive";
}

/** How long a code is good for, in words that change seldom enough to be read. */
export function timeLeft(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds <= 0) return "It has run out.";
  if (seconds <= 10) return "It runs out in a few seconds.";
  if (seconds < 60) return `It is good for ${Math.ceil(seconds / 10) * 10} more seconds.`;
  const half = Math.round(seconds / 30) / 2;
  const minutes = half % 1 === 0 ? String(half) : `${Math.floor(half)}½`;
  return `It is good for ${minutes} more ${half === 1 ? "minute" : "minutes"}.`;
}

/** Digit by digit, as a screen reader is to say it. */
export const spelled = (digits: string): string =>
  `${[...digits].slice(0, 3).join(" ")}, ${[...digits].slice(3).join(" ")}`;

/** In two halves, for the eye. */
export const halves = (digits: string): [string, string] => [digits.slice(0, 3), digits.slice(3)];

/** The digits that were typed or pasted, in whatever width and with whatever stands between them. */
export const digitsOf = (typed: string): string => typed.normalize("NFKC").replaceAll(/[\s\p{P}]/gu, "");

export const codeProblem = (digits: string): string => (/^\d{6}$/.test(digits) ? "" : "The code has six digits.");

export const helperName = ({ helper }: Pick<HelpRequest, "helper">): string => helper?.name ?? helper?.by ?? "";

/** Whoever asks, by the best name that there is. */
export const whose = ({
  userName,
  userEmail,
  userId,
}: Pick<HelpRequest, "userName" | "userEmail" | "userId">): string => userName || userEmail || userId;

/** The wrong codes that were typed for the present code, newest first; empty where there were none. */
export function wrongTries({ code, events }: Pick<HelpRequest, "code" | "events">): HelpEvent[] {
  if (code === undefined) return [];
  return events.filter(({ event, detail }) => event === "codeWrong" && detail?.code === code.number).reverse();
}

/** Whom the person said they do not talk to, where that is the newest thing that happened but for a new code. */
export function deniedHelper({ events }: Pick<HelpRequest, "events">): string | undefined {
  const last = events.findLast(({ event }) => event !== "codeGiven");
  return last?.event === "denied" ? (last.detail?.helper ?? last.actor) : undefined;
}

const TRIES = ["No try is", "One try is", "Two tries are", "Three tries are"];

/** What the person reads of wrong tries. */
export function wrongText(request: Pick<HelpRequest, "code" | "events">): string | undefined {
  const tries = wrongTries(request);
  const [last] = tries;
  if (last === undefined || request.code === undefined) return undefined;
  const who = [...new Set(tries.map(({ actor }) => actor))].join(" and ");
  const { triesLeft } = request.code;
  return triesLeft === 0
    ? `Three wrong codes were typed, by ${who}. This code can no longer be used: show a new one. If you are not talking to them, somebody else may be trying to.`
    : `A wrong code was typed by ${who}. ${TRIES[triesLeft]} left for this code.`;
}

/** What the person reads and does. */
export const OWN = {
  title: "Your device",
  intro: "Your own user in this workspace, and every reset of your device that was asked for here.",
  begin: {
    title: "I need my device reset",
    sentence:
      "Ask here first, then call an admin yourself, on a number or in a chat that you know already. They can ask Fireblocks for the reset once you have proven to each other who you are.",
    because: "What happened?",
    text: "Anything they should know (optional)",
    hint: "For example: I can be reached at my desk until five.",
    button: "Ask for help",
  },
  code: {
    title: "Read this code to the admin whom you called",
    sentence: "They type it on their screen. Yours then shows who typed it, and two words that they must say.",
    warning:
      "Never read it to somebody who called you, whoever they say they are. Hang up, and call back on a number that you know.",
    renew: "Show a new code",
  },
  hidden: {
    title: "Show a code when you have an admin on the line",
    sentence: "A code is shown once, in the tab that asked for it, and is good for three minutes.",
    button: "Show a code",
  },
  ranOut: "The code has run out. Show a new one when the admin is ready to type it.",
  elsewhere:
    "Another code was made since, in another tab or on another device. The one that was here can no longer be used.",
  matched: {
    title: (name: string) => `Are you talking to ${name}?`,
    sentence:
      "Somebody signed in as them has typed your code. Have them say these words to you first. Do not read them out yourself.",
    word: "The words that they must say",
    yes: "Yes, that is who I am talking to",
    no: "No, it is somebody else",
  },
  confirmed: {
    title: (name: string) => `${name} can ask for your reset now`,
    sentence:
      "You have said that you are talking to them. They ask for the reset next; it appears here as soon as it is recorded.",
    no: "I am talking to somebody else",
  },
  denied: (who: string) =>
    `You have said that ${who} is not who you are talking to. Their match no longer counts. Hang up, and tell your security team.`,
  used: "A reset was recorded for your request. You find it on this page.",
  expired: "Your last request for help has ended, as each does after a day.",
  takeBack: "I do not need help any more",
  limits:
    "The code shows that you talk to the admin who is signed in. It does not help where somebody else is signed in as you, or sits between your two calls.",
  resets: "Resets of your device",
  noResets: "None was asked for here.",
  nobody: {
    title: "No device of yours is here",
    sentence: "Your sign-in matches no user of this workspace.",
  },
} as const;

/** What the helper reads and does. */
export const HELPER = {
  queue: "Requests for help",
  queueIntro: "These people have asked for a reset on their own screen. Open one while you talk to them.",
  open: {
    title: (name: string) => `Type the code that ${name} reads out`,
    sentence: (name: string) =>
      `${name} sees it on their own screen. Call them on a number that you know, or let them call you. Whoever knows the code is signed in as ${name}.`,
    label: "Code",
    hint: "Six digits",
    button: "Check the code",
  },
  noCode: {
    none: (name: string) => `No code is shown now. Ask ${name} to press “Show a code”.`,
    ranOut: (name: string) => `The code has run out. Ask ${name} to show a new one.`,
    spent: (name: string) =>
      `Three wrong codes were typed, so this one can no longer be used. Ask ${name} to show a new one.`,
  },
  matched: {
    title: (name: string) => `Say these words to ${name}`,
    sentence: (name: string) =>
      `The code was right. ${name} sees the same words with your name, and says on their own screen that it is you. Until then nothing is proven.`,
    awaited: (name: string) => `${name} confirms that they talk to you.`,
  },
  byOther: (who: string, name: string) => `${who} has typed the code, and helps ${name}.`,
  confirmed: {
    title: (name: string) => `${name} has confirmed that they talk to you`,
    sentence: "Both sides are proven. This serves one reset, asked for by you, until the request ends.",
    button: "Ask for the reset",
  },
  denied: (name: string) =>
    `${name} has said that they do not talk to whoever typed the code. Do not go on by telephone. If it was you, somebody else may be on the line.`,
  ended: "Nothing more can be done with it.",
  story: "What happened so far",
  invite: (name: string) => `Let ${name} prove who they are`,
  inviteText: (name: string) =>
    `Ask ${name} to open this address on any device they can sign in with, and to press “Ask for help”. Then their request waits here for the code.`,
  waits: (name: string) => `${name} has asked for help on their own screen.`,
  typeIt: "Type the code",
} as const;

const EVENTS: Readonly<Record<string, string>> = {
  asked: "Help asked for",
  codeGiven: "Code shown",
  codeWrong: "Wrong code typed",
  matched: "Code matched",
  confirmed: "Confirmed by the person",
  denied: "Denied by the person",
  cancelled: "Taken back",
  expired: "Ended after a day",
  used: "Reset recorded",
};

/** One line of the story. */
export function helpEventText({ event, detail }: HelpEvent): string {
  const label = EVENTS[event] ?? event;
  if (event === "codeWrong" && detail?.triesLeft !== undefined) {
    return `${label}: ${(TRIES[detail.triesLeft] ?? `${detail.triesLeft} tries are`).toLowerCase()} left`;
  }
  if (event === "denied" && detail?.helper) return `${label}: not talking to ${detail.helper}`;
  return label;
}

/** The path of one's own screen, as it is told to somebody. */
export const meAddress = (origin: string): string => `${origin}/me`;
