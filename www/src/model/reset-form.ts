/** What is asked before a reset, and what is wrong with an answer. Pure. */
import type { PhoneStory, ResetNote, StatedProof } from "fireblocks-reset-device";
import {
  NOTE_LIMITS,
  PROOF_WORDS,
  type Proof,
  type ResetDemands,
  STORIES,
  type UserRow,
  unmetProofs,
} from "fireblocks-reset-device/gateway-api";
import { asksManager, EMERGENCY, proofText, takesAll } from "./demands.ts";

/** The proofs that are chosen; the fourth, in one's own words, is {@link Answers.verifiedBy}. */
export type ChosenProof = Exclude<StatedProof, "other">;
export const CHOSEN: readonly ChosenProof[] = ["inPerson", "videoCall", "calledBack"];

export interface Answers extends Pick<ResetNote, "reason" | "reference" | "verifiedBy" | "breakGlass"> {
  /** Each proof that was chosen, with what there is to say of it. */
  proofs?: Partial<Record<ChosenProof, string>>;
  because?: PhoneStory;
  /** The user's e-mail, typed once more. */
  email?: string;
}

/** What is typed. */
export type Field = "verifiedBy" | "reason" | "reference" | "email" | "breakGlass";
/** Where something can be wrong. */
export type Place = Field | "proofs" | "because";

interface FieldText {
  label: string;
  hint: string;
  /** What the worker takes (worker/src/resets/request.ts), in characters. */
  longest?: number;
}

/** What is typed to confirm; somebody without an e-mail is confirmed by the id. */
const confirmation = ({ email, id }: UserRow): string => email || id;

/** `required`: whether the note must be given. */
export function fieldTexts(user: UserRow, required: boolean): Record<Field, FieldText> {
  const optional = required ? "" : " (optional)";
  return {
    verifiedBy: {
      label: `Another way, in your own words${optional}`,
      hint: "For example: their team lead stood next to them and vouched for them.",
      longest: NOTE_LIMITS.verifiedBy,
    },
    reason: {
      label: `Why is the reset needed?${optional}`,
      hint: "For example: phone lost on a train.",
      longest: NOTE_LIMITS.reason,
    },
    reference: { label: "Ticket or reference (optional)", hint: "", longest: NOTE_LIMITS.reference },
    email: { label: `Type ${confirmation(user)} to confirm`, hint: "" },
    breakGlass: { label: EMERGENCY.label, hint: EMERGENCY.hint, longest: NOTE_LIMITS.reason },
  };
}

/** What is asked of a chosen proof. */
export const PROOF_HINTS: Readonly<Record<ChosenProof, string>> = {
  inPerson: "Where did you meet, and what did you compare?",
  videoCall: "What did you compare on the call?",
  calledBack: "Which number did you call, and where did you get it?",
};

export const PROOFS_LEGEND = "How did you verify who is asking?";
export const proofLabel = (proof: Proof): string => PROOF_WORDS[proof].label;

/** The proofs that are given so far. */
export function givenProofs({ proofs = {}, verifiedBy }: Pick<Answers, "proofs" | "verifiedBy">): StatedProof[] {
  const other = verifiedBy?.trim() ? (["other"] as const) : [];
  return [...CHOSEN.filter((proof) => proofs[proof] !== undefined), ...other];
}

/** What has to be put right, by field. `demands`: what the policy asks for, where it could be read. */
export function answerProblems(
  answers: Answers,
  user: UserRow,
  required: boolean,
  demands?: ResetDemands,
): Partial<Record<Place, string>> {
  const problems: Partial<Record<Place, string>> = {};
  const stated = givenProofs(answers);
  // What the manager is asked for afterwards is not missing here.
  const asked = demands && asksManager(demands, stated) ? (["managerConfirmed"] as const) : [];
  const given: readonly Proof[] = [...stated, ...(demands?.met ?? []), ...asked];
  if (demands?.because && answers.because === undefined) problems.because = "Say what happened to the phone.";
  const unmet = demands && unmetProofs(demands, given).find((proofs) => !takesAll(proofs));
  if (unmet) problems.proofs = `Still needed: ${proofText(unmet)}.`;
  else if (required && stated.length + (demands?.met.length ?? 0) === 0)
    problems.verifiedBy = "Say how you made sure that it is really them.";
  if (required && !answers.reason?.trim()) problems.reason = "Say why the reset is needed.";
  return { ...problems, ...confirmationProblem(answers, user) };
}

/** In an emergency nothing else is needed than why, and whom. */
export function emergencyProblems(answers: Answers, user: UserRow): Partial<Record<Place, string>> {
  const said = (answers.breakGlass?.trim().length ?? 0) >= 3;
  return { ...(!said && { breakGlass: EMERGENCY.problem }), ...confirmationProblem(answers, user) };
}

function confirmationProblem({ email }: Answers, user: UserRow): { email?: string } {
  if (email?.trim().toLowerCase() === confirmation(user).toLowerCase()) return {};
  const what = user.email ? "e-mail" : "id";
  return {
    email: email
      ? `This is not the ${what} of the user above. Check whose device you are about to reset.`
      : `Type the ${what} of the user above.`,
  };
}

/** The chosen proofs as they are sent. */
export const statedProofs = (proofs: Answers["proofs"] = {}): { proof: ChosenProof; text?: string }[] =>
  CHOSEN.flatMap((proof) => {
    const text = proofs[proof];
    return text === undefined ? [] : [{ proof, ...(text.trim() && { text: text.trim() }) }];
  });

/** The note as it is sent: without what was left empty. `emergency`: whether all that is demanded is passed over. */
export function noteOf(answers: Answers, emergency = false, helpRequest = ""): ResetNote {
  const { verifiedBy, reason, reference, breakGlass, because } = answers;
  const texts = { verifiedBy, reason, reference, ...(emergency && { breakGlass }) };
  const given = Object.entries(texts).map(([name, text]) => [name, text?.trim()]);
  const proofs = statedProofs(answers.proofs);
  return {
    ...Object.fromEntries(given.filter(([, text]) => text)),
    ...(proofs.length > 0 && { proofs }),
    ...(because !== undefined && { because }),
    ...(helpRequest !== "" && { helpRequest }),
  };
}

/** The answer to what happened to the phone, where it is one of those that are offered. */
export function storyAnswer(story: string): Pick<Answers, "because"> {
  const because = STORIES.find((known) => known === story);
  return because === undefined ? {} : { because };
}

/** Why this user's reset cannot be asked for by whoever looks. */
export const NO_RESET = "You may see this user, but not ask for a reset.";
export const OPEN_ALREADY = "A reset of this user is open already.";
