/**
 * What the policy demands of a reset, and whether it is there.
 *
 * @module
 */
import type { PhoneStory, ResetNote } from "fireblocks-reset-device";
import {
  type Demands,
  PROOF_WORDS,
  type ProofGiven,
  REMEDIES,
  STATED_PROOFS,
  unmetProofs,
  waitOf,
} from "fireblocks-reset-device/gateway-api";
import type { Person } from "../access/people";
import { CODES, GatewayError } from "../errors";
import { demandsOf, horizonOf, notReached, rulesOf } from "../policy/demands";
import { openAlarmOf } from "../records/alarms";
import { otherResets } from "../records/earlier-resets";
import type { Grounds } from "../records/grounds";
import { canBeTold } from "../records/outbox";
import { proofsOf, type Row } from "../records/row";
import type { Standing } from "../records/store";
import type { Services } from "../services";
import type { ResetRequest } from "./asking";
import { requireBreakGlass } from "./break-glass";
import type { Target } from "./conditions";
import { proofsOfHelp } from "./help-proofs";
import { managerOf } from "./managers";
import { leavesTooFewAdmins } from "./quorum";

/** How a new reset goes on. */
export interface Admission {
  demands: Demands;
  proofs: ProofGiven[];
  state: "proposed" | "waiting" | "sending";
  /** How long it waits once nothing else is missing, in milliseconds. */
  waitMs: number;
  /** Who is asked to confirm it, where that alone is missing. */
  manager?: string;
  /** What must still be so when it is recorded. */
  grounds: Grounds;
}

/** @throws {@link GatewayError} where something is missing that only a new request can bring */
export async function admit(
  services: Services,
  request: ResetRequest,
  { user, adminGuard }: Target,
  { alarmed }: Pick<Standing, "alarmed">,
): Promise<Admission> {
  const { person, note, userId } = request;
  const seen = note.helpRequest === undefined ? [] : await proofsOfHelp(services, note.helpRequest, userId, person);
  // What somebody says beside `proofs` in words alone is the proof `other`.
  const words = note.verifiedBy === undefined ? [] : [{ proof: "other" as const, text: note.verifiedBy }];
  const proofs = [...seen, ...statedProofs([...(note.proofs ?? []), ...words], person, services.now())];
  const passed = note.breakGlass !== undefined;
  if (passed) requireBreakGlass(services, person);
  const { demands, grounds } = await decideDemands(services, {
    ...{ userId: request.userId, but: "", passed, askedAt: services.now() },
    ...{ role: user.role, because: note.because, canBeTold: canBeTold(services.configuration, user), alarmed },
    leavesTooFewAdmins: leavesTooFewAdmins(adminGuard),
  });
  const missing = missingIn(demands, proofs, note.because);
  const report = { userId, userEmail: user.email, helpRequestId: note.helpRequest, asker: person };
  const manager =
    missing !== undefined && isManagersAlone(demands, proofs, note.because)
      ? await managerOf(services, report, request.waitUntil)
      : undefined;
  if (missing !== undefined && manager === undefined) {
    throw refused(422, demands, `${missing} Nothing was recorded or sent.`);
  }
  const waitMs = waitOf(demands, kindsOf(proofs));
  const state = demands.secondPerson || manager !== undefined ? "proposed" : waitMs > 0 ? "waiting" : "sending";
  return { demands, proofs, state, waitMs, grounds, ...(manager !== undefined && { manager }) };
}

/** Whether nothing is missing but what the person's manager can confirm. */
function isManagersAlone(demands: Demands, proofs: readonly ProofGiven[], because: PhoneStory | undefined): boolean {
  const withManager = [...proofs, { proof: "managerConfirmed" as const, at: 0, by: "" }];
  return missingIn(demands, proofs, because) !== undefined && missingIn(demands, withManager, because) === undefined;
}

/** Whether a recorded reset lacks nothing but what the person's manager can confirm, by what was demanded of it. */
export function waitsForManager(row: Row): boolean {
  if (row.state !== "proposed" || row.demands === null) return false;
  return isManagersAlone(JSON.parse(row.demands) as Demands, proofsOf(row), row.because ?? undefined);
}

/** What is demanded now of a reset that is recorded. What depends on the time of day is that of the asking. */
export async function demandsNow(
  services: Services,
  row: Row,
  { user, adminGuard }: Pick<Target, "user" | "adminGuard">,
): Promise<Demands> {
  return demandsFor(services, {
    alarmed: await openAlarmOf(services.bindings.DB, row.user_id),
    ...{ userId: row.user_id, but: row.id, passed: row.break_glass !== null, askedAt: row.created_at },
    ...{ role: user.role, because: row.because ?? undefined },
    canBeTold: row.told !== "notTold" && canBeTold(services.configuration, user),
    leavesTooFewAdmins: leavesTooFewAdmins(adminGuard),
  });
}

/** @throws {@link GatewayError} where a recorded reset lacks something, with who can bring it */
export function requireMet(demands: Demands, row: Row): void {
  const because = row.because ?? undefined;
  const missing = missingIn(demands, proofsOf(row), because);
  if (missing === undefined) return;
  const all = STATED_PROOFS.map((proof) => ({ proof, at: 0, by: "" }));
  const ways = [
    ...(missingIn(demands, proofsOf(withProofs(row, all)), because) === undefined
      ? ["Whoever releases it can state what of it they have verified themselves (proofs)"]
      : []),
    ...(isManagersAlone(demands, proofsOf(row), because) ? ["The person's manager may be asked for it"] : []),
  ];
  const next = [...ways, "Withdraw it, and ask again with all of it"].join(". Or: ");
  throw refused(409, demands, `${missing} Nothing was sent. ${next}.`, row.id);
}

/** How long a recorded reset is to wait, in milliseconds. */
export function waitOfRow(demands: Demands, row: Row): number {
  return waitOf(demands, kindsOf(proofsOf(row)));
}

interface Wanted {
  userId: string;
  /** The record itself, which is none of the others. */
  but: string;
  role: string | undefined;
  because: PhoneStory | undefined;
  askedAt: number;
  /** Whether the person was told of it by mail, or can be. */
  canBeTold: boolean;
  leavesTooFewAdmins: boolean;
  /** Whether an alarm about the person is open. */
  alarmed: boolean;
  /** In an emergency the policy is passed over, but never an alarm. */
  passed: boolean;
}

export async function demandsFor(services: Services, wanted: Wanted): Promise<Demands> {
  return (await decideDemands(services, wanted)).demands;
}

async function decideDemands(services: Services, wanted: Wanted): Promise<{ demands: Demands; grounds: Grounds }> {
  const { userId, but, role, because, askedAt, canBeTold, leavesTooFewAdmins, alarmed, passed } = wanted;
  const { configuration, bindings } = services;
  const rules = passed ? [] : rulesOf(configuration);
  const { personMs, workspaceMs } = horizonOf(rules);
  const others =
    personMs === 0 && workspaceMs === 0
      ? { ofPerson: [], inWorkspace: [] }
      : await otherResets(bindings.DB, {
          ...{ userId, but, personSince: askedAt - personMs, workspaceSince: askedAt - workspaceMs },
        });
  const facts = {
    ...{ role, because, askedAt, ...others, canBeTold },
    alarm: alarmed,
    leavesTooFewAdmins: leavesTooFewAdmins && !passed,
  };
  return { demands: demandsOf(rules, facts), grounds: { alarmed, notReached: notReached(rules, facts) } };
}

/** What somebody says that they have verified. */
export function statedProofs(
  stated: NonNullable<ResetNote["proofs"]>,
  { name: by }: Pick<Person, "name">,
  at: number,
): ProofGiven[] {
  return stated.map(({ proof, text }) => ({ proof, ...(text !== undefined && { text }), at, by }));
}

/** The record with what somebody else has verified since. */
export function withProofs(row: Row, more: readonly ProofGiven[]): Row {
  return more.length === 0 ? row : { ...row, proofs: JSON.stringify([...proofsOf(row), ...more]) };
}

export function kindsOf(proofs: readonly ProofGiven[]) {
  return proofs.map(({ proof }) => proof);
}

/** A sentence that names what is missing; undefined where nothing is. */
export function missingIn(
  demands: Demands,
  proofs: readonly ProofGiven[],
  because: PhoneStory | undefined,
): string | undefined {
  if (demands.forbidden) return `The policy forbids this reset now: ${demands.rules.join("; ")}.`;
  const missing = unmetProofs(demands, kindsOf(proofs)).map(
    (list) => `proof of identity, one of: ${list.map((proof) => `${PROOF_WORDS[proof].label} (${proof})`).join(", ")}`,
  );
  if (demands.because && because === undefined) missing.push("what happened to the phone (because)");
  if (missing.length === 0) return undefined;
  return `The policy demands more (${demands.rules.join("; ")}). Still missing: ${missing.join("; and ")}.`;
}

function refused(status: 409 | 422, { forbidden }: Demands, message: string, recordId?: string): GatewayError {
  const code = forbidden ? CODES.forbidden : CODES.demandsUnmet;
  return new GatewayError(status, code, message, recordId === undefined ? {} : { recordId });
}

/** Some stories have another end than a reset. @throws {@link GatewayError} */
export function refuseStory({ because }: Pick<ResetNote, "because">): void {
  if (because === undefined || REMEDIES[because].reset) return;
  const code = because === "owner" ? CODES.supportOnly : CODES.noResetNeeded;
  throw new GatewayError(422, code, `${REMEDIES[because].summary} Nothing was sent.`);
}
