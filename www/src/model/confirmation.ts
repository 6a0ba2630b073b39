/** What a manager is asked, in words. Pure. */
import type { Confirmation } from "fireblocks-reset-device/gateway-api";

export const reportName = ({ userName, userEmail }: Confirmation): string => userName ?? userEmail ?? "this person";

export const CONFIRMATION = {
  title: (name: string) => `Did ${name} ask for a device reset?`,
  sentence: (name: string, askedBy: string) =>
    `${askedBy} wants to have the mobile device of ${name} reset in Fireblocks. Ask ${name} yourself, in person or on a number that you know, before you answer. Do not go by a message or a call that came to you.`,
  label: "How do you know?",
  hint: "For example: I met her in the office an hour ago.",
  yes: (name: string) => `Yes, ${name} asked for it`,
  no: "No, stop this request",
  consequences:
    "With your yes the request may go on, if nothing else is missing. With your no it ends, and nothing is sent.",
} as const;

/** What is said where nothing is left to answer. */
const ANSWERED: Readonly<Record<Exclude<Confirmation["state"], "asked">, { title: string; sentence: string }>> = {
  confirmed: {
    title: "You have confirmed it",
    sentence: "Your answer is recorded. There is nothing more for you to do.",
  },
  declined: { title: "You have said no", sentence: "The request has ended, and nothing was sent to Fireblocks." },
  over: { title: "There is nothing left to answer", sentence: "The request went on or ended without your answer." },
};

/** Of a state that this page does not know yet it says no more than that. */
export const answered = ({ state }: Confirmation): { title: string; sentence: string } =>
  ANSWERED[state as keyof typeof ANSWERED] ?? {
    title: "There is nothing to answer here",
    sentence: "This page does not know yet what became of the request.",
  };

const SHORTEST = 3;
export const LONGEST_ANSWER = 300;

/** What is wrong with the words; empty where nothing is. */
export const answerProblem = (text: string): string =>
  text.trim().length < SHORTEST ? "Say it in a few words. It becomes a part of the record." : "";
