/**
 * What the worker and the page say to each other, beside Fireblocks' own paths.
 * Times are epoch milliseconds.
 *
 * @module
 */
import type { ConsoleUser, Outcome, ResetState } from "fireblocks-reset-device";

export type Role = "viewer" | "resetter" | "auditor";

/** `GET /api/session`: who is asking, and where. */
export interface Session {
  /** Absent for a service token. */
  email?: string;
  /** The Access `sub`, or the client id of a service token. */
  actor: string;
  roles: Role[];
  /** What this person may do now. */
  can: { read: boolean; reset: boolean; export: boolean; settle: boolean };
  environment: "production" | "sandbox" | "local";
  /** Absent when Fireblocks could not be asked; `problem` then says why. */
  workspace?: { id?: string; name?: string };
  problem?: ApiError;
  resetsPaused: boolean;
  requireSecondPerson: boolean;
  /** `reason` and `verifiedBy` must be given. */
  requireNote: boolean;
  signOutUrl: string;
}

/** Every error of the worker: Fireblocks' `ErrorSchema` and `ErrorResponse` in one, with our `outcome`. */
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

/** The life of a record. `recorded`: durable, nothing sent yet. `sending`: an attempt is under way. */
export type RecordState =
  | "proposed"
  | "recorded"
  | "sending"
  | ResetState
  | "refused"
  | "unknown"
  | "settled"
  | "withdrawn";

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
  /** True while this record is its user's one open reset. */
  open: boolean;
  /** Who asked: e-mail, or the client id of a service token. */
  askedBy: string;
  releasedBy?: string;
  userId: string;
  userEmail?: string;
  userName?: string;
  userRole?: string;
  statusBefore?: string;
  /** How old Fireblocks' list of users was when the reset was decided on, in milliseconds. */
  listAgeMs: number;
  reason?: string;
  reference?: string;
  verifiedBy?: string;
  /** The key that the worker sent to Fireblocks. */
  upstreamKey: string;
  attempts: number;
  outcome?: Outcome | "accepted";
  requestId?: string;
  /** The sentence that the asker was given, on failure. */
  message?: string;
  /** Past `STALE_AFTER_DAYS` without an end. */
  stale: boolean;
  approvals?: { current?: number; threshold?: number };
  /** With `GET /api/resets/{id}` alone, oldest first. */
  events?: ResetEvent[];
}

/** `GET /api/resets?cursor&limit&state&open&userId&askedBy&from&to`, newest first. */
export interface ResetPage {
  resets: ResetRecord[];
  /** Give it as `cursor` for the next page; absent on the last. */
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
    /** Base path and key. */
    fireblocks: { ok: boolean; problem?: string };
  };
}
