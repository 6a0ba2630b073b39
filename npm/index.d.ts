/**
 * Resets the mobile device of a Fireblocks console user, safely, from any JavaScript runtime.
 *
 * A reset that succeeds has filed an **approval request**; the device is reset only after the
 * workspace's approvers agree and the user pairs again.
 *
 * @module fireblocks-reset-device
 */

/** Base addresses of the Fireblocks API, by region (the values of the official SDK's `BasePath`). */
export declare const BasePath: {
  readonly US: "https://api.fireblocks.io/v1";
  readonly EU: "https://eu-api.fireblocks.io/v1";
  readonly EU2: "https://eu2-api.fireblocks.io/v1";
  readonly Sandbox: "https://sandbox-api.fireblocks.io/v1";
};

/** Signs `data` with RSASSA-PKCS1-v1_5 and SHA-256 (JWS `RS256`) and resolves with the signature's bytes. */
export type Signer = (
  data: Uint8Array & { readonly buffer: ArrayBuffer },
) => Promise<Uint8Array | ArrayBuffer> | Uint8Array | ArrayBuffer;

/** One attempt at a request, as told to {@link ClientConfig.onAttempt}. Never holds a secret. */
export interface Attempt {
  /** The operationId, for example `resetDevice`. */
  operation: string;
  /** 1 for the first attempt. */
  attempt: number;
  /** HTTP status, where a response arrived. */
  status?: number;
  /** Milliseconds from sending to the end of the response's body, or to the failure. */
  durationMs: number;
  /** `X-Request-ID` of the response. */
  requestId?: string;
  /** What went wrong; absent on success. */
  errorKind?: FireblocksErrorKind;
  /** Milliseconds until the next attempt; absent when there will be none. */
  retryDelayMs?: number;
}

export interface ClientConfig {
  /** Base address, with or without `/v1` and a trailing slash. In a page it may be a path (`/v1`). Default: {@link BasePath.US}. */
  basePath?: string;
  /** The API user's key. Without it requests carry no authorization (a gateway of yours adds it). */
  apiKey?: string;
  /** The API user's RSA private key: PEM (PKCS#8 or PKCS#1), a `CryptoKey`, or a function that signs. */
  secretKey?: string | CryptoKey | Signer;
  /** Used in place of the global `fetch`. */
  fetch?: typeof fetch;
  /** Extra headers for every request. They cannot replace the client's own. */
  headers?: Record<string, string>;
  /** Appended to the client's `User-Agent`, where the runtime lets it be set. */
  userAgent?: string;
  /** Milliseconds for one attempt, response body included. Default 30 000. */
  timeoutMs?: number;
  /** Milliseconds for one call with all its attempts and waits. Default 90 000. */
  deadlineMs?: number;
  /** Attempts after the first. Default 2. */
  maxRetries?: number;
  /** Lifetime of each JWT in seconds (`exp` − `iat`). Default 29. */
  tokenLifetimeSeconds?: number;
  /** Allows `http:` to hosts other than loopback. Default false. */
  allowHttp?: boolean;
  /** Told of each attempt. An exception that it throws is ignored. */
  onAttempt?: (attempt: Attempt) => void;
}

export interface RequestOptions {
  /** Stops the call, a wait between attempts included. */
  signal?: AbortSignal;
  /** Replaces {@link ClientConfig.timeoutMs} for this call. */
  timeoutMs?: number;
  /** Replaces {@link ClientConfig.maxRetries} for this call. */
  maxRetries?: number;
}

/** Why a reset is asked for. Sent as a JSON body to a gateway; Fireblocks itself takes no body. */
export interface ResetNote {
  reason?: string;
  /** A ticket or case number. */
  reference?: string;
  /** How the affected person's identity was verified. */
  verifiedBy?: string;
}

export interface ResetDeviceOptions extends RequestOptions {
  note?: ResetNote;
}

/** A notice that Fireblocks' gateway puts on an operation (`Fireblocks-Lifecycle-State`, `Sunset`, `Link`). */
export interface LifecycleWarning {
  /** `beta`, `deprecated`, `closed`, `ga`, or a value that is newer than this package. */
  state?: string;
  /** The `Sunset` header as received (an HTTP date). */
  sunset?: string;
  /** The `Link` header as received (RFC 8288). */
  link?: string;
}

/** Fireblocks has accepted the request: an approval request was filed. The device is not reset yet. */
export interface ResetReceipt {
  /** `X-Request-ID`: give it to Fireblocks' support. */
  requestId?: string;
  /** The key that was sent; use it to ask again for the same reset within 24 hours. */
  idempotencyKey: string;
  /** How many requests were sent. */
  attempts: number;
  /** The gateway's record of this reset (`X-Reset-Record`), where there is a gateway. */
  recordId?: string;
  lifecycle?: LifecycleWarning;
}

type Open<T extends string> = T | (string & {});

export type ConsoleUserRole = Open<
  | "OWNER"
  | "ADMIN"
  | "SIGNER"
  | "COLLATERALS_SIGNER"
  | "EDITOR"
  | "APPROVER"
  | "VIEWER"
  | "NON_SIGNING_ADMIN"
  | "AUDITOR"
  | "NCW_ADMIN"
  | "NCW_SIGNER"
  | "SECURITY_ADMIN"
  | "SECURITY_AUDITOR"
>;
export type ConsoleUserStatus = Open<
  "PENDING_ACTIVATION" | "PENDING_DEVICE_PAIRING" | "PENDING_DEVICE_SETUP" | "READY"
>;

/** A user of the workspace. Fireblocks documents every field as optional. */
export interface ConsoleUser {
  id?: string;
  firstName?: string;
  lastName?: string;
  email?: string;
  role?: ConsoleUserRole;
  enabled?: boolean;
  status?: ConsoleUserStatus;
  userType?: Open<"API" | "CONSOLE">;
}

export interface GetConsoleUsersResponse {
  users: ConsoleUser[];
}

export interface Workspace {
  id?: string;
  name?: string;
}

export interface GetAuditLogsParams {
  /** Epoch milliseconds. */
  startTime?: number;
  /** Epoch milliseconds. */
  endTime?: number;
  category?: string | string[];
  subject?: string | string[];
  event?: string | string[];
  user?: string | string[];
  userId?: string | string[];
  order?: "ASC" | "DESC";
  /** 1 to 500. */
  pageSize?: number;
  pageCursor?: string;
  timePeriod?: "DAY" | "WEEK";
}

/** A row of the audit log. `user` and `userId` name who acted; no field names the person acted upon. */
export interface AuditLogData {
  id?: string;
  timestamp?: number;
  createdAt?: number;
  user?: string;
  userId?: string;
  subject?: string;
  event?: string;
  category?: string;
  tenantId?: string;
}

export interface GetAuditLogsResponse {
  data: AuditLogData[];
  next?: string | null;
}

export interface GetApprovalsParams {
  includeUserApproved?: boolean;
  userId?: string;
  includeAllUsers?: boolean;
  quorumStatusMode?: "NONE" | "SUMMARY";
  /** 1 to 30. */
  pageSize?: number;
  pageCursor?: string;
}

export interface ApprovalRequestItem {
  /** A JSON text, exactly as it is signed by approvers. */
  requestPayload?: string;
  requestSignature?: string;
  userStatus?: string;
  quorumStatus?: {
    requestStatus?: Open<"PENDING" | "APPROVED" | "REJECTED" | "CANCELLED" | "TIMED_OUT" | "FAILED">;
    quorum?: { type?: string; threshold?: number; currentApprovalCount?: number; status?: string };
    users?: unknown[];
  };
}

export interface GetApprovalsResponse {
  data: ApprovalRequestItem[];
  next?: string | null;
}

/** What can be known of a reset after it was asked for. */
export type ResetState =
  | "approvalRequested"
  | "approved"
  | "awaitingPairing"
  | "awaitingSetup"
  | "completed"
  | "rejected"
  | "cancelled"
  | "expired";

/** Where a state was learnt from. */
export type ProgressSource = "receipt" | "userStatus" | "approvals" | "auditLog";

export interface ResetProgress {
  state: ResetState;
  source: ProgressSource;
  /** Epoch milliseconds: when it happened where the source says so, otherwise when it was seen. */
  at: number;
  /** True for `completed`, `rejected`, `cancelled` and `expired`: nothing follows. */
  final: boolean;
  /** The user's `status` as last seen. */
  userStatus?: ConsoleUserStatus;
  /** Approvals given and needed, where the approvals API is readable. */
  approvals?: { current?: number; threshold?: number };
}

/** What {@link inferProgress} reasons from: everything seen so far of one reset. */
export interface ResetObservations {
  /** The console user's id. */
  userId: string;
  /** Epoch milliseconds: when the reset was asked for. */
  since: number;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus;
  /** The user's status as seen over time, oldest first. */
  statuses?: { status: ConsoleUserStatus; at: number }[];
  /** The newest look at the approvals API; absent where the key may not read it. */
  approvals?: { items: ApprovalRequestItem[]; at: number };
  /** Rows of the audit log since `since`, in any order. */
  auditLogs?: AuditLogData[];
  /** True where another reset was open in the same workspace in this time, so that audit rows prove nothing. */
  otherResetsOpen?: boolean;
  /** The state that was reached before, so that progress never goes backwards. */
  previous?: ResetState;
  /** Epoch milliseconds now. */
  now: number;
}

/** Infers the state of a reset from what was seen. Pure: no request, no clock. */
export declare function inferProgress(observations: ResetObservations): Promise<ResetProgress>;

export interface WatchResetOptions {
  /** Epoch milliseconds when the reset was asked for. Default: now. */
  since?: number;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus;
  signal?: AbortSignal;
  /** Milliseconds between looks at first; grows with time. Default 2 000. */
  intervalMs?: number;
  /** The longest pause between two looks, in milliseconds. Default 60 000. */
  maxIntervalMs?: number;
  /** True where other resets were open in this window. */
  otherResetsOpen?: boolean;
}

export interface Client {
  /** `POST /management/users/{id}/reset_device`: files an approval request to reset the user's mobile device. */
  resetDevice(id: string, idempotencyKey?: string, options?: ResetDeviceOptions): Promise<ResetReceipt>;
  /** `GET /management/users`: every user of the workspace. */
  getConsoleUsers(options?: RequestOptions): Promise<GetConsoleUsersResponse>;
  /** `GET /workspace`: the workspace that the key belongs to. */
  getWorkspace(options?: RequestOptions): Promise<Workspace>;
  /** `GET /management/audit_logs`. */
  getAuditLogs(params?: GetAuditLogsParams, options?: RequestOptions): Promise<GetAuditLogsResponse>;
  /** `GET /approvals` (beta). */
  getApprovals(params?: GetApprovalsParams, options?: RequestOptions): Promise<GetApprovalsResponse>;
  /** `GET /approvals/{requestId}` (beta). */
  getApproval(requestId: string, options?: RequestOptions): Promise<ApprovalRequestItem>;
  /** Follows a reset until it ends or `signal` aborts; yields each change. */
  watchReset(id: string, options?: WatchResetOptions): AsyncIterable<ResetProgress>;
}

/** Makes a client of its own. Rejects with a {@link FireblocksError} where the configuration cannot work. */
export declare function createClient(config?: ClientConfig): Promise<Client>;

/** Configures the default client, which {@link resetDevice} and the other bare functions use. */
export declare function configure(config: ClientConfig): Promise<void>;

/** {@link Client.resetDevice} of the default client. */
export declare function resetDevice(
  id: string,
  idempotencyKey?: string,
  options?: ResetDeviceOptions,
): Promise<ResetReceipt>;
/** {@link Client.getConsoleUsers} of the default client. */
export declare function getConsoleUsers(options?: RequestOptions): Promise<GetConsoleUsersResponse>;
export declare function getWorkspace(options?: RequestOptions): Promise<Workspace>;
export declare function getAuditLogs(
  params?: GetAuditLogsParams,
  options?: RequestOptions,
): Promise<GetAuditLogsResponse>;
export declare function getApprovals(
  params?: GetApprovalsParams,
  options?: RequestOptions,
): Promise<GetApprovalsResponse>;
export declare function getApproval(requestId: string, options?: RequestOptions): Promise<ApprovalRequestItem>;
export declare function watchReset(id: string, options?: WatchResetOptions): AsyncIterable<ResetProgress>;

/**
 * Loads the WebAssembly. Never needed: every operation loads it on first use. Call it to load early,
 * or with a source of your own (from `fireblocks-reset-device/slim`, which carries no bytes).
 */
export declare function init(
  source?: WebAssembly.Module | BufferSource | Response | URL | string | Promise<Response | WebAssembly.Module>,
): Promise<void>;

/**
 * What may have happened:
 * - `notSent`: nothing left this process, Fireblocks has seen nothing;
 * - `refused`: Fireblocks (or the gateway) answered no, nothing was filed;
 * - `unknown`: an approval request may exist. Look before trying again, and then with the same key.
 */
export type Outcome = "notSent" | "refused" | "unknown";

export type FireblocksErrorKind =
  /** An id, key or option is not usable. */
  | "invalidArgument"
  /** The configuration or the secret key is not usable. */
  | "configuration"
  /** The WebAssembly could not be loaded. */
  | "loading"
  /** The caller's `signal` was aborted. */
  | "aborted"
  /** An attempt or the whole call ran out of time. */
  | "timeout"
  /** No response: connection refused, reset, DNS, CORS. */
  | "network"
  /** 401. */
  | "authentication"
  /** 403. */
  | "forbidden"
  /** 404. */
  | "notFound"
  /** 409: for a gateway, another reset of this user is open. */
  | "conflict"
  /** 410: the operation is closed. */
  | "gone"
  /** 429. */
  | "rateLimited"
  /** 400 for a key that was used before an internal error. */
  | "idempotencyKeySpent"
  /** Any other 4xx. */
  | "invalidRequest"
  /** 5xx and 408. */
  | "server"
  /** 3xx: never followed. */
  | "redirect"
  /** A 2xx that Fireblocks did not send, or a body that cannot be read. */
  | "unexpectedResponse"
  /** A defect of this package. */
  | "internal";

/** A {@link FireblocksError} as plain data, for messages and stores. */
export interface FireblocksErrorJSON {
  name: "FireblocksError";
  message: string;
  kind: FireblocksErrorKind;
  outcome: Outcome;
  retryable: boolean;
  attempts: number;
  status?: number;
  code?: number;
  type?: string;
  requestId?: string;
  idempotencyKey?: string;
  recordId?: string;
  retryAfterMs?: number;
}

/** Says what happened, whether anything may have taken effect, and what to do next. Holds no secret. */
export declare class FireblocksError extends Error {
  readonly name: "FireblocksError";
  readonly kind: FireblocksErrorKind;
  readonly outcome: Outcome;
  /** Whether the same call, with the same key, may succeed later. */
  readonly retryable: boolean;
  /** How many requests were sent. */
  readonly attempts: number;
  /** HTTP status of the last response. */
  readonly status?: number;
  /** Fireblocks' own number, for example -7. */
  readonly code?: number;
  /** Fireblocks' own `error.type`, for example `AUTHORIZATION`. */
  readonly type?: string;
  readonly requestId?: string;
  readonly idempotencyKey?: string;
  /** The gateway's record (`X-Reset-Record`, or `recordId` of its error body). */
  readonly recordId?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The error behind this one; an abort's reason as it was given. */
  readonly cause?: unknown;
  toJSON(): FireblocksErrorJSON;
  static from(json: FireblocksErrorJSON): FireblocksError;
}
