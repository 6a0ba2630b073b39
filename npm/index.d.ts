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

/** How a client reaches Fireblocks, or a gateway of yours. */
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

/** What one call may have of its own. */
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
  /** Why, in words. */
  reason?: string;
  /** A ticket or case number. */
  reference?: string;
  /** How the affected person's identity was verified. */
  verifiedBy?: string;
}

/** What one reset may have of its own. */
export interface ResetDeviceOptions extends RequestOptions {
  /** For a gateway's record. Refused where the client signs, since Fireblocks takes no body. */
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
  /** A notice about the operation itself, where Fireblocks sends one. */
  lifecycle?: LifecycleWarning;
}

/** The known values, and whatever Fireblocks adds later. */
type Open<T extends string> = T | (string & {});

/** The role of a {@link ConsoleUser}. */
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
/** How far a {@link ConsoleUser} has come: registered, paired with a device, set up. */
export type ConsoleUserStatus = Open<
  "PENDING_ACTIVATION" | "PENDING_DEVICE_PAIRING" | "PENDING_DEVICE_SETUP" | "READY"
>;

/** A user of the workspace. Fireblocks documents every field as optional. */
export interface ConsoleUser {
  /** The id that {@link Client.resetDevice} takes. */
  id?: string;
  /** Given name. */
  firstName?: string;
  /** Family name. */
  lastName?: string;
  /** The address that the user signs in with. */
  email?: string;
  /** What the user may do in the workspace. */
  role?: ConsoleUserRole;
  /** False where the user is disabled. */
  enabled?: boolean;
  /** READY, or what is missing until then. */
  status?: ConsoleUserStatus;
  /** A person, or an API user, which has no device. */
  userType?: Open<"API" | "CONSOLE">;
}

/** The answer of {@link Client.getConsoleUsers}. */
export interface GetConsoleUsersResponse {
  /** Every user of the workspace. */
  users: ConsoleUser[];
}

/** The answer of {@link Client.getWorkspace}. */
export interface Workspace {
  /** Fireblocks' id of it. */
  id?: string;
  /** The name that people know it by. */
  name?: string;
}

/** What {@link Client.getAuditLogs} asks for. Values are case-sensitive; of a list any value counts. */
export interface GetAuditLogsParams {
  /** Epoch milliseconds, at most a year back. Without it Fireblocks answers with the last 24 hours. */
  startTime?: number;
  /** Epoch milliseconds. Default: now. */
  endTime?: number;
  /** For example `Administration`. */
  category?: string | string[];
  /** For example `Re-enroll mobile device`. */
  subject?: string | string[];
  /** For example `Approved`. */
  event?: string | string[];
  /** Name of who acted. */
  user?: string | string[];
  /** Id of who acted. */
  userId?: string | string[];
  /** By time. Default `DESC`: newest first. */
  order?: "ASC" | "DESC";
  /** 1 to 500. Default 200. */
  pageSize?: number;
  /** `next` of the page before. */
  pageCursor?: string;
  /** Deprecated by Fireblocks, in favour of `startTime`. */
  timePeriod?: "DAY" | "WEEK";
}

/** A row of the audit log. `user` and `userId` name who acted; no field names the person acted upon. */
export interface AuditLogData {
  /** Of the row. */
  id?: string;
  /** Epoch milliseconds. */
  timestamp?: number;
  /** Epoch milliseconds. */
  createdAt?: number;
  /** Name of who acted. */
  user?: string;
  /** Id of who acted. */
  userId?: string;
  /** What the event is about. */
  subject?: string;
  /** What happened. */
  event?: string;
  /** For example `Administration`. */
  category?: string;
  /** The workspace. */
  tenantId?: string;
}

/** The answer of {@link Client.getAuditLogs}. */
export interface GetAuditLogsResponse {
  /** The rows of this page. */
  data: AuditLogData[];
  /** `pageCursor` of the next page; absent or null at the end. */
  next?: string | null;
}

/** What {@link Client.getApprovals} asks for. The list holds requests that wait. */
export interface GetApprovalsParams {
  /** Also those that this user has approved already. */
  includeUserApproved?: boolean;
  /** Those that this user may approve. Not together with `includeAllUsers`. */
  userId?: string;
  /** Every one of the workspace, where the key may see them. */
  includeAllUsers?: boolean;
  /** How much is told of each request's quorum. Default `NONE`. */
  quorumStatusMode?: "NONE" | "SUMMARY";
  /** 1 to 30. Default 20. */
  pageSize?: number;
  /** `next` of the page before. */
  pageCursor?: string;
}

/** What {@link Client.getApproval} asks for. */
export interface GetApprovalParams {
  /** Whose standing `userStatus` tells. */
  userId?: string;
  /** How much is told of the request's quorum. Default `NONE`. */
  quorumStatusMode?: "NONE" | "SUMMARY" | "FULL";
}

/** A request that approvers decide on. */
export interface ApprovalRequestItem {
  /** A JSON text, exactly as it is signed by approvers: `requestId`, `requestType`, `requestTimestamp` (epoch ms), `expiresAt` (epoch s), `requestData`. */
  requestPayload?: string;
  /** Fireblocks' signature of it. */
  requestSignature?: string;
  /** Where one user stands towards it. */
  userStatus?: Open<
    "USER_STATUS_NOT_APPLICABLE" | "USER_NOT_ELIGIBLE_TO_APPROVE" | "USER_NOT_APPROVED" | "USER_APPROVED"
  >;
  /** Absent with `quorumStatusMode` `NONE`. */
  quorumStatus?: {
    /** Where the request stands. */
    requestStatus?: Open<"PENDING" | "APPROVED" | "REJECTED" | "CANCELLED" | "TIMED_OUT" | "FAILED">;
    /** How many approvals it needs and has. */
    quorum?: { type?: string; threshold?: number; currentApprovalCount?: number; status?: string };
    /** With `FULL` alone. */
    users?: unknown[];
  };
}

/** The answer of {@link Client.getApprovals}. */
export interface GetApprovalsResponse {
  /** The requests of this page. */
  data: ApprovalRequestItem[];
  /** `pageCursor` of the next page; absent or null at the end. */
  next?: string | null;
}

/** What can be known of a reset after it was asked for. */
export type ResetState =
  /** Fireblocks has accepted the request, and its approvers have not decided yet as far as can be seen. */
  | "approvalRequested"
  /** The approvers have agreed. */
  | "approved"
  /** The device is reset; the user must pair one. */
  | "awaitingPairing"
  /** The user, or for a signer the Owner, must finish the set-up. */
  | "awaitingSetup"
  /** The user is ready again. */
  | "completed"
  /** An approver said no. */
  | "rejected"
  /** The request was withdrawn. */
  | "cancelled"
  /** The request ran out. */
  | "expired";

/** Where a state was learnt from. */
export type ProgressSource = "receipt" | "userStatus" | "approvals" | "auditLog";

/** How far a reset has come, and what shows it. */
export interface ResetProgress {
  /** The furthest state that something proves. */
  state: ResetState;
  /** Where that state was learnt from. */
  source: ProgressSource;
  /** Epoch milliseconds: when it happened where the source says so, otherwise when it was seen. */
  at: number;
  /** True for `completed`, `rejected`, `cancelled` and `expired`: nothing follows. */
  final: boolean;
  /** The user's `status` as last seen. */
  userStatus?: ConsoleUserStatus;
  /** Approvals given and needed, where the approvals API is readable. */
  approvals?: { current?: number; threshold?: number };
  /** The approvals API's own id of the request, where it is readable: for {@link Client.getApproval}. */
  approvalRequestId?: string;
  /** True where another reset was open in this time, so that audit rows, which name no target, prove nothing. */
  otherResetsOpen: boolean;
}

/** What {@link inferProgress} reasons from: everything seen so far of one reset. */
export interface ResetObservations {
  /** The console user's id. */
  userId: string;
  /** Epoch milliseconds: when the reset was asked for. */
  since: number;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus;
  /** The user's status as seen over time, oldest first, up to the newest look. */
  statuses?: { status: ConsoleUserStatus; at: number }[];
  /** The newest look at the approvals API, and a request that it has lost by itself; absent where the key may not read it. */
  approvals?: { items: ApprovalRequestItem[]; at: number };
  /** Rows of the audit log, in any order. Those of the week before `since` tell whether another reset was still open. */
  auditLogs?: AuditLogData[];
  /** True where another reset was open in the same workspace in this time. Once {@link ResetProgress} says so, it stays. */
  otherResetsOpen?: boolean;
  /** What was reached before, so that progress never goes backwards. */
  previous?: Pick<ResetProgress, "state" | "source" | "at">;
}

/** Infers the state of a reset from what was seen. Pure: no request, no clock. */
export declare function inferProgress(observations: ResetObservations): Promise<ResetProgress>;

/** Where a watch begins, and how often it looks. */
export interface WatchResetOptions {
  /** Epoch milliseconds when the reset was asked for. Default: now. */
  since?: number;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus;
  /** Ends the watch at once, with a {@link FireblocksError} of kind `aborted`. */
  signal?: AbortSignal;
  /** Milliseconds between looks at first; grows with time. Default 2 000. */
  intervalMs?: number;
  /** The longest pause between two looks, in milliseconds. Default 60 000. */
  maxIntervalMs?: number;
  /** True where other resets were open in this window. */
  otherResetsOpen?: boolean;
}

/** The operations, over one configuration. Its functions need no `this`. */
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
  getApproval(requestId: string, params?: GetApprovalParams, options?: RequestOptions): Promise<ApprovalRequestItem>;
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
/** {@link Client.getWorkspace} of the default client. */
export declare function getWorkspace(options?: RequestOptions): Promise<Workspace>;
/** {@link Client.getAuditLogs} of the default client. */
export declare function getAuditLogs(
  params?: GetAuditLogsParams,
  options?: RequestOptions,
): Promise<GetAuditLogsResponse>;
/** {@link Client.getApprovals} of the default client. */
export declare function getApprovals(
  params?: GetApprovalsParams,
  options?: RequestOptions,
): Promise<GetApprovalsResponse>;
/** {@link Client.getApproval} of the default client. */
export declare function getApproval(
  requestId: string,
  params?: GetApprovalParams,
  options?: RequestOptions,
): Promise<ApprovalRequestItem>;
/** {@link Client.watchReset} of the default client. */
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
 * - `notSent`: Fireblocks has seen nothing: nothing left this process, or a gateway says that it sent nothing on;
 * - `refused`: Fireblocks (or the gateway) answered no, nothing was filed;
 * - `unknown`: an approval request may exist. Look before trying again, and then with the same key.
 */
export type Outcome = "notSent" | "refused" | "unknown";

/** What went wrong: a closed list. */
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

/** A {@link FireblocksError} as plain data, for messages and stores. Its members are those of the error. */
export interface FireblocksErrorJSON {
  /** Always the same. */
  name: "FireblocksError";
  /** For a person to act on. */
  message: string;
  /** What went wrong. */
  kind: FireblocksErrorKind;
  /** What the whole call may have done. */
  outcome: Outcome;
  /** Whether the same call, with the same key, may succeed later. */
  retryable: boolean;
  /** How many requests were sent. */
  attempts: number;
  /** HTTP status of the last response. */
  status?: number;
  /** Fireblocks' own number, for example -7. */
  code?: number;
  /** Fireblocks' own `error.type`, for example `AUTHORIZATION`. */
  type?: string;
  /** `X-Request-ID` of the last response. */
  requestId?: string;
  /** The key that was sent, or would have been: ask again with it. */
  idempotencyKey?: string;
  /** The gateway's record (`X-Reset-Record`, or `recordId` of its error body). */
  recordId?: string;
  /** How long the server asked to wait, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * The one kind of error of this package. Its message says what happened, whether anything may have taken effect, and
 * what to do next. It holds no secret.
 */
export declare class FireblocksError extends Error {
  private constructor();
  /** Always the same. */
  readonly name: "FireblocksError";
  /** What went wrong. */
  readonly kind: FireblocksErrorKind;
  /** What the whole call may have done, not its last attempt alone. */
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
  /** `X-Request-ID` of the last response: give it to Fireblocks' support. */
  readonly requestId?: string;
  /** The key that was sent, or would have been: ask again with it. */
  readonly idempotencyKey?: string;
  /** The gateway's record (`X-Reset-Record`, or `recordId` of its error body). */
  readonly recordId?: string;
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The error behind this one; an abort's reason as it was given. */
  readonly cause?: unknown;
  /** As plain data, without `cause`. */
  toJSON(): FireblocksErrorJSON;
  /** Brings an error back from a message or a store. What cannot be read of it becomes `internal` and `unknown`. */
  static from(json: FireblocksErrorJSON): FireblocksError;
}
