/**
 * What a gateway says beside Fireblocks' own paths: who is signed in, the users, the records. Worker, page, button and
 * command all speak by these types, which are one contract and so one file. Times are epoch milliseconds.
 *
 * @module fireblocks-reset-device/gateway-api
 */
import type { ConsoleUser, Outcome, PhoneStory, ProgressEvidence, ResetState, StatedProof } from "./index.js";

/** What somebody may do: look, reset, or export the whole story. */
export type Role = "viewer" | "resetter" | "auditor";

/** Who stopped all resets, when and why. */
export interface Pause {
  at: number;
  /** E-mail, client id of a service token, `sweep`, or who paused them by the command line. */
  by: string;
  reason: string;
}

/** A role that a group's name does not give any more, and the id by which it would. */
export interface LostRole {
  role: Role;
  groupName: string;
  groupId: string;
}

/** Which Fireblocks the gateway speaks to. */
export type Environment = "production" | "sandbox" | "local";

/** `GET /api/session`: who is asking, and where. */
export interface Session {
  /** Absent for a service token. */
  email?: string;
  /** The Access `sub`, or the client id of a service token. */
  actor: string;
  roles: Role[];
  /** Roles that a group's name would have given: a group that has an id gives them by its id alone. */
  lostRoles?: LostRole[];
  /** What this person may do now. */
  can: {
    read: boolean;
    reset: boolean;
    export: boolean;
    settle: boolean;
    /** Stop all resets (`POST /api/pause`). */
    pause: boolean;
    /** Let them go on (`POST /api/resume`). */
    resume: boolean;
  };
  environment: Environment;
  /** Absent when Fireblocks could not be asked; `problem` then says why. */
  workspace?: { id?: string; name?: string };
  problem?: ApiError;
  /** By a setting of whoever runs the gateway, or by a person: then `pause` says who, when and why. */
  resetsPaused: boolean;
  pause?: Pause;
  /** Whether another person must release a reset before it is sent. */
  requireSecondPerson: boolean;
  /** Whether a policy asks for more than that, so that resets may wait for a second person or for their time. */
  policy?: boolean;
  /** Whether `reason` and a proof of identity must be given. */
  requireNote: boolean;
  /**
   * How much waits for this very person's decision: of all that needs somebody, what they can decide now. `TODO_LIMIT` stands for
   * that and more. Absent for whoever decides nothing, and while it cannot be counted.
   */
  todo?: number;
  signOutUrl: string;
}

/** Every error of the gateway: Fireblocks' `ErrorSchema` and `ErrorResponse` in one, with our `outcome`. */
export interface ApiError {
  message: string;
  code: number;
  error: { type: string; message: string };
  outcome: Outcome;
  /** The open or finished record that this is about. */
  recordId?: string;
  /** With a 401: where to sign in. */
  signInUrl?: string;
}

/**
 * The life of a record. `proposed`: something that is demanded before it may be sent is missing, a second person's release for
 * one. `waiting`: all of it is there, and the reset leaves at `leavesAt`. `recorded`: durable, nothing sent yet. `sending`:
 * an attempt is under way. `stopped`: the affected person said that it was not them, before anything was sent.
 */
export type RecordState =
  | "proposed"
  | "waiting"
  | "recorded"
  | "sending"
  | ResetState
  /** The request was agreed to, or not, and then failed in Fireblocks. */
  | "failed"
  | "refused"
  | "unknown"
  | "settled"
  | "stopped"
  | "withdrawn";

/** How it was proven that the affected person is who they say. The first two only the gateway itself can set. */
export type Proof = "codeMatched" | "managerConfirmed" | StatedProof;

/** A proof of a record, and where it is from. */
export interface ProofGiven {
  proof: Proof;
  /** In words, where somebody said more. */
  text?: string;
  at: number;
  /** Who stated it, or made the gateway see it. */
  by: string;
}

/** A proof of a record as it is told: with what it means, by {@link PROOF_WORDS}. */
export interface ProofTold extends ProofGiven {
  meaning: string;
}

/** What the policy asks for before a reset may leave. */
export interface Demands {
  /** The names of the rules that ask for it, for people to read. */
  rules: string[];
  /** Of each list at least one must be given. */
  proofs: Proof[][];
  secondPerson: boolean;
  /** The longest counts. A given proof may make a wait shorter. */
  waits: { minutes: number; with?: Partial<Record<Proof, number>> }[];
  /** Whether it must be said what happened to the phone. */
  because: boolean;
  /** No reset may leave at all while a rule says so. */
  forbidden?: boolean;
}

/** `POST /api/resets/{id}/release`: what the second person has verified themselves, beside what the record has. */
export interface Release {
  proofs?: readonly { proof: StatedProof; text?: string }[];
}

/** `GET /api/users/{id}/demands?because&helpRequest`: what a reset of this user, asked for now by this person, needs. */
export interface ResetDemands extends Demands {
  /** Which proofs the gateway has seen itself already, for the request for help that was named. */
  met: Proof[];
  /** Whether this person may ask past all of it, in an emergency. */
  breakGlass: boolean;
  /** How many admins and signers it leaves. */
  quorum: Quorum;
  /** Whether the person's manager is known, and asked where their confirmation alone is missing. */
  managerAsked: boolean;
  /**
   * Why it would be refused now all the same, and what to do instead: it would leave too few admins beside another admin's
   * open reset, whose record this is where it was asked for here.
   */
  blocked?: { code: string; message: string; recordId?: string };
}

/** Where a line of a record's story comes from. */
export type EventSource = "worker" | "sweep" | "fireblocks" | "person" | "userStatus" | "approvals" | "auditLog";

/** One line of a record's story. Append-only. */
export interface ResetEvent {
  at: number;
  /** What happened, for example `recorded`, `attempt`, `answered`, or a {@link RecordState}. */
  event: string;
  source: EventSource;
  /** Who did it, where a person did. */
  actor?: string;
  /** Plain facts: attempt number, status, request id, a settle's reason. Never a secret. */
  detail?: Record<string, string | number | boolean | null>;
}

/** One reset, as recorded. */
export interface ResetRecord {
  id: string;
  createdAt: number;
  updatedAt: number;
  state: RecordState;
  /**
   * How surely a state that Fireblocks was seen to bring about is this reset's own. A `completed` that is only `suggested`
   * says that the user is ready; whether by this request is not proven.
   */
  evidence?: ProgressEvidence;
  /** True while this record is its user's one open reset; false once nothing follows. */
  open: boolean;
  /** Who asked: e-mail, or the client id of a service token. */
  askedBy: string;
  releasedBy?: string;
  userId: string;
  userEmail?: string;
  userName?: string;
  userRole?: string;
  statusBefore?: string;
  /** The workspace that it is about; absent where it could not be read. */
  workspaceId?: string;
  /** How old Fireblocks' list of users was when the reset was decided on, in milliseconds. */
  listAgeMs: number;
  reason?: string;
  reference?: string;
  verifiedBy?: string;
  /** How the affected person's identity was proven, oldest first. */
  proofs: ProofTold[];
  /** What happened to the phone. */
  because?: PhoneStory;
  /** The request for help that this reset answers. */
  helpRequestId?: string;
  /** What the policy demanded when it was last looked at. */
  demands?: Demands;
  /** When a `waiting` reset leaves; absent while the wait has not begun. */
  leavesAt?: number;
  /**
   * Why it does not leave by itself when its time has come: whoever's role is from a group must be seen to have it still, or
   * the sweep had stopped in between. Then it leaves by `POST /api/resets/{id}/send`.
   */
  needsPress?: "group" | "gap";
  /** Whether the affected person could be told of it by mail. */
  told?: "told" | "notTold";
  /** The affected person has said that this reset is not theirs. Following goes on; nothing is sent again. */
  contested?: {
    at: number;
    /** Their sign-in. */
    by: string;
    /**
     * What became of the gateway's own try to have the request rejected in Fireblocks. `refused`: Fireblocks did not let it;
     * `unknown`: no clear answer came. Absent while there was no request to reject that is provably this one's.
     */
    rejection?: "rejected" | "refused" | "unknown";
  };
  /** The demands were passed over in an emergency: why, and who has looked at it since. */
  breakGlass?: { reason: string; reviewBy: number; reviewedAt?: number; reviewedBy?: string; review?: string };
  /** The key that the worker sent to Fireblocks. */
  upstreamKey: string;
  attempts: number;
  outcome?: Outcome | "accepted";
  /** Fireblocks' `X-Request-ID`. */
  requestId?: string;
  /** The sentence that the asker was given, on failure. */
  message?: string;
  /** Past `STALE_AFTER_DAYS` without an end. */
  stale: boolean;
  approvals?: { current?: number; threshold?: number };
  /** Absent where nobody is awaited, or nobody knows until when. */
  due?: Due;
  /** With `GET /api/resets/{id}` alone, oldest first. */
  events?: ResetEvent[];
  /** With `GET /api/resets/{id}` alone: what is said of somebody who pretends to be this user, and is not closed yet. */
  alarms?: Alarm[];
}

/** `GET /api/resets?cursor&limit&state&open&review&userId&askedBy&from&to`, newest first. `review=due`: those to be reviewed. */
export interface ResetPage {
  resets: ResetRecord[];
  /** Give it as `cursor` for the next page; absent on the last. */
  next?: string;
}

/** Something that was refused to somebody; the same again on the same day is counted. */
export interface RefusedAttempt {
  id: number;
  /** E-mail, or the client id of a service token. */
  actor: string;
  actorId: string;
  /**
   * `reset`, `release`, `send`, `withdraw`, `settle`, `review`, `match`, `confirm`, `stop`, `pause`, `resume`, `export`, `alarm`,
   * `closeAlarm` or `decideElsewhere`.
   */
  action: string;
  /** The user's id, or the record's; absent where it is about none. */
  subject?: string;
  /** The gateway's number for why not. */
  code: number;
  /** Not counted beyond 1 000. */
  count: number;
  firstAt: number;
  lastAt: number;
}

/** `GET /api/refused-attempts?before&limit`, newest first; for auditors. */
export interface RefusedAttemptPage {
  attempts: RefusedAttempt[];
  /** Give it as `before` for the next page; absent on the last. */
  next?: number;
}

/** Who is awaited in a record's present stage, and until when. */
export interface Due {
  /**
   * `secondPerson`: a proposal ends then. `departure`: it is sent then. `approvers`: the request runs out. `owner`: the key
   * shares of somebody who signs must be approved. `person`: the set-up must be finished.
   */
  awaited: "secondPerson" | "departure" | "approvers" | "owner" | "person";
  since: number;
  until: number;
}

/** How many people of a kind have a device now, and how many would be left while the reset goes on. */
export interface Headcount {
  ready: number;
  left: number;
}

/** What a reset would leave of the people whom the workspace needs; every open reset is taken off. */
export interface Quorum {
  /** Beside the Owner. */
  admins: Headcount;
  /** With the Owner. */
  signers: Headcount;
  /** Fewer admins than these are not to be left, where anybody has said so. */
  minReadyAdmins?: number;
}

/** A reset that was possibly made elsewhere: none of the gateway's own accounts for what was seen. */
export interface ElsewhereReset {
  id: string;
  /** When the gateway saw it first. */
  seenAt: number;
  /** A request in Fireblocks' audit log, which names who filed it and never for whom. */
  request?: {
    at: number;
    /** As the log names them. */
    actor: string;
    actorId: string;
    /** It was filed by the gateway's own API user. */
    byOurKey: boolean;
  };
  /**
   * A user who had a device at one look and none at the next. Beside a `request` it is likely that this is its doing, not
   * proven.
   */
  fall?: { userId: string; userEmail?: string; readyAt: number; at: number };
  /** What somebody has said of it. */
  decision?: { verdict: "known" | "notKnown"; at: number; by: string; reason: string };
}

/** `GET /api/elsewhere?undecided&before&limit`, newest first. */
export interface ElsewherePage {
  resets: ElsewhereReset[];
  /** Give it as `before` for the next page; absent on the last. */
  next?: string;
}

/** `GET /api/users`: Fireblocks' list, with what the server decided about each. */
export interface UserRow extends ConsoleUser {
  id: string;
  /** Absent where a reset may be asked for by this person now. */
  blocked?: { code: string; message: string };
  /** A sentence to show before a reset that is allowed but odd. */
  warning?: string;
  /** The open reset of this user. */
  openReset?: { recordId: string; state: RecordState };
}

/** The users, and how old the list is. */
export interface UserList {
  users: UserRow[];
  /** When Fireblocks' list was fetched. */
  fetchedAt: number;
}

/** `GET /api/health`, for whoever has a role; anybody else is told the status alone. */
export interface HealthReport {
  status: "up" | "down";
  checkedAt: number;
  checks: {
    d1: { ok: boolean; problem?: string };
    /** When the sweep ran last, and until when the oldest attempt was to last that nobody has finished. */
    sweep: { ok: boolean; at?: number; oldestLapsedLease?: number; problem?: string };
    /** Where changes cannot be told to anybody. Does not make the status `down`. */
    notifications?: { ok: boolean; problem?: string };
    /** Base path and key. */
    fireblocks: { ok: boolean; problem?: string };
  };
}

/** What helps after one of the things that can happen to a phone. */
export interface Remedy {
  /** The answer to "What happened to the phone?". */
  label: string;
  /** Whether a reset is the remedy, or a part of it. */
  reset: boolean;
  /** One or two sentences. */
  summary: string;
  /** What else has to be done, in the order in which things work. */
  steps: string[];
}

export type Remedies = Readonly<Record<PhoneStory, Remedy>>;

/** By what happened to the phone, in the order in which it is asked. */
export declare const REMEDIES: Remedies;

/** What can have happened to the phone, in the order in which it is asked. */
export declare const STORIES: readonly PhoneStory[];

/** The longest texts of a note, in UTF-16 units. */
export declare const NOTE_LIMITS: Readonly<{ reason: number; reference: number; verifiedBy: number }>;

/** The proofs that somebody states; the gateway sees the others itself. */
export declare const STATED_PROOFS: readonly StatedProof[];

/** What each proof is called, and what it means: who is known to have done what. */
export declare const PROOF_WORDS: Readonly<Record<Proof, { label: string; meaning: string }>>;

/** The subjects under which Fireblocks' audit log tells of a device reset ("Audit Log Events"). */
export declare const AUDIT_LOG_SUBJECTS: string[];

/** Whether a host always is this machine, so that plain http: may lead there. Given as a URL parser writes it. */
export declare function isLoopback(hostname: string): boolean;

/** `POST /api/me/resets/{id}/stop`: what the affected person's word has come to. */
export interface StopAnswer {
  /** `stopped`: nothing was sent, and nothing will be. `contested`: it had left, and people have to act now. */
  result: "stopped" | "contested";
}

/** The affected person's word that somebody pretends to be them. While one is open, a new reset needs two persons. */
export interface Alarm {
  id: string;
  at: number;
  userId: string;
  userEmail?: string;
  userName?: string;
  /** The person's sign-in. */
  raisedBy: string;
  text: string;
  /** The reset that it is about, where it is about one that was asked for here. */
  recordId?: string;
  /** Who has looked into it, and with what result. */
  closed?: { at: number; by: string; reason: string };
}

/** `GET /api/alarms`: the open ones first, then the newest. */
export interface AlarmList {
  alarms: Alarm[];
}

/**
 * The life of a request for help. `open`: nobody has typed its code yet. `matched`: somebody has. `confirmed`: the person has
 * said that it is whom they talk to. The others are ends; `used`: a reset was recorded for it.
 */
export type HelpState = "open" | "matched" | "confirmed" | "used" | "cancelled" | "expired";

/** The code of a request for help, without its digits: the gateway keeps only a hash of them. */
export interface HelpCode {
  /** How many codes the request has had: another number is another code. */
  number: number;
  /** From then on it matches nothing. */
  until: number;
  /** Over all who try. With none left the code is spent. */
  triesLeft: number;
}

/** One line of the story of a request for help. */
export interface HelpEvent {
  seq: number;
  at: number;
  /** `asked`, `codeGiven`, `codeWrong`, `matched`, `confirmed`, `denied`, `cancelled`, `expired` or `used`. */
  event: string;
  /** Who did it, as records name people. */
  actor?: string;
  detail?: { code?: number; triesLeft?: number; helper?: string; recordId?: string };
}

/** What somebody asks for on their own screen. `GET /api/help/{id}`, and the body of what changes it. */
export interface HelpRequest {
  id: string;
  state: HelpState;
  createdAt: number;
  updatedAt: number;
  /** It ends by itself then. */
  expiresAt: number;
  userId: string;
  userEmail?: string;
  userName?: string;
  because?: PhoneStory;
  /** What the person says of it. */
  text?: string;
  /** Absent where no code was given since the last one matched. */
  code?: HelpCode;
  /** Who has typed the right code, and the word that both sides then see; it is told to these two alone. */
  helper?: { by: string; name?: string; at: number; word?: string };
  confirmedAt?: number;
  events: HelpEvent[];
}

/** `GET /api/help`: the open ones, oldest first. */
export interface HelpPage {
  requests: Omit<HelpRequest, "events">[];
}

/** The answer to `POST /api/me/help` and `POST /api/me/help/code`: the only place where the digits of a code ever are. */
export interface HelpGiven extends HelpRequest {
  /** Six digits. */
  digits: string;
}

/** A reset as the person reads it whose device it is about. */
export interface MyReset {
  id: string;
  state: RecordState;
  /** How surely the state is this reset's own. */
  evidence?: ProgressEvidence;
  open: boolean;
  createdAt: number;
  updatedAt: number;
  askedBy: string;
  releasedBy?: string;
  reason?: string;
  because?: PhoneStory;
  /** How the person's identity is said to have been proven. */
  proofs: Proof[];
  leavesAt?: number;
  /** Absent where nobody is awaited, or nobody knows until when. */
  due?: Due;
  told?: "told" | "notTold";
  contested?: NonNullable<ResetRecord["contested"]>;
  /** What of it happened when, without what is others' business. */
  events: Pick<ResetEvent, "at" | "event" | "source">[];
}

/** `GET /api/me`: one's own user in the workspace, for whoever is one of its console users. Nothing of anybody else. */
export interface Me {
  user: { id: string; name?: string; email?: string; role?: string; status?: string };
  /** Why no reset can be asked for here. */
  blocked?: { code: string; message: string };
  /** The open request for help, or else the newest one of the last day. */
  help?: HelpRequest;
  /** The resets of the own device, newest first. */
  resets: MyReset[];
  /** The own alarms that are not closed. */
  alarms: Alarm[];
}

/** `GET /api/confirmations/{recordId}`: what a person's manager is asked, and nobody else. */
export interface Confirmation {
  recordId: string;
  /** `asked`: an answer is waited for. `over`: the reset went on or ended without one. */
  state: "asked" | "confirmed" | "declined" | "over";
  userName?: string;
  userEmail?: string;
  askedBy: string;
  askedAt: number;
  reason?: string;
  because?: PhoneStory;
}

/** The longest text of a request for help, in UTF-16 units. */
export declare const HELP_TEXT_LIMIT: number;

/** How far what waits for somebody is counted: in `Session.todo` it stands for that and more. */
export declare const TODO_LIMIT: number;

/** Who approves changes of a workspace beside the Owner. */
export declare const ADMIN_ROLES: readonly string[];

/** Roles whose users sign, each with a key share that the Owner has to approve after a pairing. */
export declare const SIGNING_ROLES: readonly string[];

/** The lists of a reset's demands of which nothing is given. */
export declare function unmetProofs(demands: Pick<Demands, "proofs">, given: readonly Proof[]): Proof[][];

/** How long a reset waits with these proofs, in milliseconds. */
export declare function waitOf(demands: Pick<Demands, "waits">, given: readonly Proof[]): number;
