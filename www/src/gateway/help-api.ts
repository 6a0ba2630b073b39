/** The worker's routes of one's own screen, of requests for help and of what managers confirm. */
import type { Confirmation, HelpGiven, HelpPage, HelpRequest, Me } from "fireblocks-reset-device/gateway-api";
import type { Because } from "../model/help.ts";
import { ask, read } from "./api.ts";

const change = <T>(path: string, body?: unknown): Promise<T> =>
  ask(path, { changing: "help" }, (response) => response.json() as Promise<T>, { body });

export const getMe = (): Promise<Me> => read("/api/me", "what concerns you");

export const askForHelp = (asked: { because?: Because; text?: string }): Promise<HelpGiven> =>
  change("/api/me/help", asked);
export const renewCode = (): Promise<HelpGiven> => change("/api/me/help/code");
/** `matchedAt`: when the code was typed by whom the page shows. */
export const confirmHelper = (matchedAt: number): Promise<HelpRequest> => change("/api/me/help/confirm", { matchedAt });
export const denyHelper = (): Promise<HelpRequest> => change("/api/me/help/deny");
export const cancelHelp = (): Promise<HelpRequest> => change("/api/me/help/cancel");

export const getHelpPage = (): Promise<HelpPage> => read("/api/help", "the requests for help");
export const getHelp = (id: string): Promise<HelpRequest> =>
  read(`/api/help/${encodeURIComponent(id)}`, "the request for help");
export const matchCode = (id: string, code: string): Promise<HelpRequest> =>
  change(`/api/help/${encodeURIComponent(id)}/match`, { code });

const confirmationAddress = (recordId: string): string => `/api/confirmations/${encodeURIComponent(recordId)}`;

export const getConfirmation = (recordId: string): Promise<Confirmation> =>
  read(confirmationAddress(recordId), "what you are asked");
export const answerConfirmation = (recordId: string, confirm: boolean, reason: string): Promise<Confirmation> =>
  change(confirmationAddress(recordId), { confirm, reason });
