/** What a reset needs before it may leave, in words, and what of it is still missing. Pure. */
import type { PhoneStory } from "fireblocks-reset-device";
import {
  type Demands,
  PROOF_WORDS,
  type Proof,
  REMEDIES,
  type ResetDemands,
  STATED_PROOFS,
  STORIES,
  unmetProofs,
  waitOf,
} from "fireblocks-reset-device/gateway-api";
import { list } from "./time.ts";

/** The stories as they are offered. */
export const STORY_CHOICES = STORIES.map((value) => ({ value, label: REMEDIES[value].label }));

/** Where something else than a reset helps. */
export const helpsOtherwise = (because: PhoneStory | undefined): boolean =>
  because !== undefined && !REMEDIES[because].reset;

export const STORY_LABEL = "What happened to the phone?";
export const STORY_NONE = "Choose";
export const NO_RESET_NEEDED =
  "With this answer no reset can be requested. Choose another one if that is not what happened.";

export const storyLabel = (story: string): string => STORY_CHOICES.find(({ value }) => value === story)?.label ?? story;

const NOUNS: Readonly<Record<Proof, string>> = {
  codeMatched: "a matched code",
  managerConfirmed: "the manager's confirmation",
  inPerson: "a meeting in person",
  videoCall: "a video call",
  calledBack: "a call back on a known number",
  other: "another proof in your words",
};

const noun = (proof: Proof): string => NOUNS[proof] ?? `“${proof}”`;

/** A list that takes whatever there is. */
export const takesAll = (proofs: readonly Proof[]): boolean => proofs.length === Object.keys(PROOF_WORDS).length;

export const proofText = (proofs: readonly Proof[]): string =>
  takesAll(proofs) ? "a proof of identity" : list("disjunction", proofs.map(noun));

/** One proof of each list. */
export const neededText = (lists: readonly Proof[][]): string => lists.map(proofText).join(", and ");

/** `one hour's wait`, `90 minutes' wait`, `6 seconds' wait`. */
export function waitText(ms: number): string {
  const [count, unit] =
    ms < 60_000
      ? [Math.max(1, Math.round(ms / 1000)), "second"]
      : ms % 86_400_000 === 0
        ? [ms / 86_400_000, "day"]
        : ms % 3_600_000 === 0
          ? [ms / 3_600_000, "hour"]
          : [Math.round(ms / 60_000), "minute"];
  return count === 1 ? `one ${unit}'s wait` : `${count} ${unit}s' wait`;
}

/** Whether nothing is missing but what the person's manager is asked for. */
export function asksManager(demands: ResetDemands, stated: readonly Proof[]): boolean {
  const unmet = unmetProofs(demands, [...demands.met, ...stated]);
  return demands.managerAsked && unmet.length > 0 && unmet.every((proofs) => proofs.includes("managerConfirmed"));
}

export const provenText = (name: string): string =>
  `${name} has read the code to you and said that they talk to you: a matched code is the proof.`;

export const MANAGER_ASKED = "Where you give no other proof of these, the person's manager is asked to confirm it.";

/** Whether there is more to say than what the form asks for anyway. */
export const isDemanding = (demands: Demands): boolean =>
  demands.forbidden === true ||
  demands.because ||
  demands.waits.some(({ minutes }) => minutes > 0) ||
  demands.proofs.some((proofs) => !takesAll(proofs)) ||
  (demands.secondPerson && demands.rules.some((rule) => !isSetting(rule)));

/** `For Elena: a video call, a second person, then one hour's wait.` */
export function needsText(name: string, demands: Demands, given: readonly Proof[] = []): string {
  if (demands.forbidden) return `The policy allows no reset of ${name}'s device now.`;
  const parts = [
    ...(demands.because ? ["the answer above"] : []),
    ...demands.proofs.map(proofText),
    ...(demands.secondPerson ? ["a second person"] : []),
  ];
  const wait = waitOf(demands, given);
  if (wait > 0) parts.push(`${parts.length > 0 ? "then " : ""}${waitText(wait)}`);
  return `For ${name}: ${parts.join(", ")}.`;
}

/** Why it would be refused now, and what to do instead: in the page's own words, where it knows the reason. */
export function blockedTexts(
  name: string,
  { blocked, quorum }: Pick<ResetDemands, "blocked" | "quorum">,
): { title: string; what: string; next?: string } | undefined {
  if (blocked?.code !== "tooFewAdmins") return blocked && { title: NEEDS.forbidden, what: blocked.message };
  const { minReadyAdmins } = quorum;
  const few =
    minReadyAdmins === undefined
      ? "too few admins"
      : minReadyAdmins === 1
        ? "no admin"
        : `fewer than ${minReadyAdmins} admins`;
  // What was asked for elsewhere has no record here.
  const first =
    blocked.recordId === undefined
      ? "Look in the Fireblocks Console who asked for it, and see it through first or have it cancelled."
      : "See it through first, or end it.";
  return {
    title: "Another admin's reset comes first",
    what: `It is open now. Beside it, a reset of ${name}'s device would leave ${few} with a device, perhaps too few to approve anything.`,
    next: `${first} Then ask for this one again.`,
  };
}

/** The proofs that make the wait shorter, and to what. */
export function shorterWaits(demands: Demands): string[] {
  const longest = waitOf(demands, []);
  return (Object.keys(PROOF_WORDS) as Proof[])
    .map((proof) => ({ proof, ms: waitOf(demands, [proof]) }))
    .filter(({ ms }) => ms < longest)
    .map(({ proof, ms }) => `With ${noun(proof)}: ${ms === 0 ? "no wait" : waitText(ms)}.`);
}

/** Who asks for all that: rules of the policy, settings, and the service by itself. */
export const RULES = "Rules that apply";
export const rulesText = (demands: Pick<Demands, "rules">): string => `${RULES}: ${ruleNames(demands)}.`;

/** The rules' names; the settings that always hold are told as what they are. */
export const ruleNames = ({ rules }: Pick<Demands, "rules">): string => {
  const own = rules.filter((rule) => !isSetting(rule));
  return [...own, ...(own.length < rules.length ? ["the settings of this service"] : [])].join(", ");
};

const isSetting = (rule: string): boolean => rule.startsWith("REQUIRE_");

/** What is said of a proof that only the service itself can see. */
export const seenAlone = (demands: Demands): boolean =>
  demands.proofs.some(
    (proofs) => !takesAll(proofs) && !proofs.some((proof) => STATED_PROOFS.some((stated) => stated === proof)),
  );

export const SEEN_ALONE = "You cannot state this yourself: this service has to see it. Ask the person to open /me.";

export const NEEDS = {
  title: "What this reset needs",
  forbidden: "Not possible now",
  openOther: "Open the other reset",
  loading: "Reading what this reset needs…",
  unread: "What this reset needs could not be read. If something is missing, the service says so and sends nothing.",
};

export const EMERGENCY = {
  summary: "It cannot wait: override the policy",
  sentence:
    "The reset is then asked for at once. Everybody who runs this service is told now, the record is marked, and somebody else must review it within a day. The Owner, your own device and the day's limits stay as they are.",
  label: "Why can it not wait?",
  hint: "It becomes a part of the record, and is sent to everybody.",
  button: "Override the policy",
  problem: "Say why it cannot wait.",
};
