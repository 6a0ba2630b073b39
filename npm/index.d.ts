/**
 * Resets the mobile device of a Fireblocks console user, safely, from Node, Deno, Bun, Workers and browsers.
 *
 * A reset that succeeds has filed an **approval request**; the device is reset only after the
 * workspace's approvers agree and the user pairs again.
 *
 * In the examples `config` is a {@link ClientConfig}, `client` was made by {@link createClient} with it, the default client
 * was set up by {@link configure}, and `userId` is the id of a console user. Each example is run by the project's tests, and
 * prints what stands behind its `console.log`. The whole surface is in one file, since editors open one.
 *
 * @module fireblocks-reset-device
 */

// What this file takes from the global scope is declared by the DOM's types, by Node's and by those of Workers, each in
// its own way, and a program may have none of them. Where a global is declared its own type is meant; elsewhere, and for
// what another library's object may be given, the least that is needed of it.

/** The type of a global class's instances. */
type InstanceOf<Name extends string, Least> = typeof globalThis extends { [_ in Name]: { prototype: infer Known } }
  ? Known
  : Least;

/** The global `fetch`. */
type Fetch = typeof globalThis extends { fetch: infer Known } ? Known : (url: string, init?: never) => Promise<object>;

/** An `AbortSignal`. */
type Signal = InstanceOf<
  "AbortSignal",
  {
    readonly aborted: boolean;
    readonly reason: unknown;
    addEventListener(type: "abort", listener: () => void): void;
    removeEventListener(type: "abort", listener: () => void): void;
  }
>;

/** A `CryptoKey` of WebCrypto. */
type Key = InstanceOf<
  "CryptoKey",
  { readonly type: string; readonly algorithm: { name: string }; readonly usages: readonly string[] }
>;

/** A `WebAssembly.Module`. */
type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Known } } }
  ? Known
  : object;

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
  basePath?: string | undefined;
  /** The API user's key. Without it requests carry no authorization (a gateway of yours adds it). */
  apiKey?: string | undefined;
  /** The API user's RSA private key: PEM (PKCS#8 or PKCS#1), a `CryptoKey`, or a function that signs. */
  secretKey?: string | Key | Signer | undefined;
  /** Used in place of the global `fetch`. */
  fetch?: Fetch | undefined;
  /** Extra headers for every request. They cannot replace the client's own. */
  headers?: Record<string, string> | undefined;
  /** Appended to the client's `User-Agent`, where the runtime lets it be set. */
  userAgent?: string | undefined;
  /** Milliseconds for one attempt, response body included. Default 30 000. */
  timeoutMs?: number | undefined;
  /** Milliseconds for one call with all its attempts and waits. Default 90 000. */
  deadlineMs?: number | undefined;
  /** Attempts after the first. Default 2. */
  maxRetries?: number | undefined;
  /** Lifetime of each JWT in seconds (`exp` − `iat`). Default 29. */
  tokenLifetimeSeconds?: number | undefined;
  /** Allows `http:` to hosts other than loopback. Default false. */
  allowHttp?: boolean | undefined;
  /** Told of each attempt. An exception that it throws is ignored. */
  onAttempt?: ((attempt: Attempt) => void) | undefined;
}

/** What one call may have of its own. */
export interface RequestOptions {
  /** Stops the call, a wait between attempts included. */
  signal?: Signal | undefined;
  /** Replaces {@link ClientConfig.timeoutMs} for this call. */
  timeoutMs?: number | undefined;
  /** Replaces {@link ClientConfig.maxRetries} for this call. */
  maxRetries?: number | undefined;
}

/** What somebody says of how the affected person's identity was proven. */
export type StatedProof = "inPerson" | "videoCall" | "calledBack" | "other";

/**
 * What happened to the phone. `oldPhoneWorks` needs no reset but a device migration; `owner`: only Fireblocks' support can
 * help. `authenticatorLost`: the authenticator app was on it too. `changed`: a new fingerprint, a forgotten PIN, a removed app.
 */
export type PhoneStory = "oldPhoneWorks" | "lost" | "stolen" | "authenticatorLost" | "owner" | "changed";

/** Why a reset is asked for. Sent as a JSON body to a gateway; Fireblocks itself takes no body. */
export interface ResetNote {
  /** Why, in words. */
  reason?: string | undefined;
  /** A ticket or case number. */
  reference?: string | undefined;
  /** How the affected person's identity was verified, in words: the same as the proof `other` with this text. */
  verifiedBy?: string | undefined;
  /** How the affected person's identity was proven, each with what there is to say of it. */
  proofs?: readonly { proof: StatedProof; text?: string | undefined }[] | undefined;
  /** What happened to the phone. */
  because?: PhoneStory | undefined;
  /** The id of the affected person's request for help that this reset answers. */
  helpRequest?: string | undefined;
  /** Why everything that the gateway's policy demands is to be passed over, in an emergency. */
  breakGlass?: string | undefined;
}

/** What one reset may have of its own. */
export interface ResetDeviceOptions extends RequestOptions {
  /** For a gateway's record. Refused where the client signs, since Fireblocks takes no body. */
  note?: ResetNote | undefined;
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

/** Fireblocks has accepted what was asked for. */
export interface WriteReceipt {
  /** `X-Request-ID`: give it to Fireblocks' support. */
  requestId?: string;
  /** The key that was sent; use it to ask again for the same within 24 hours. */
  idempotencyKey: string;
  /** How many requests were sent. */
  attempts: number;
  /** A notice about the operation itself, where Fireblocks sends one. */
  lifecycle?: LifecycleWarning;
}

/** An approval request was filed. The device is not reset yet. */
export interface ResetReceipt extends WriteReceipt {
  /** The gateway's record of this reset (`X-Reset-Record`), where there is a gateway. */
  recordId?: string;
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

/** What {@link Client.getAuditLogs} asks for. Values are case-sensitive; of a list any value counts, an empty one is refused. */
export interface GetAuditLogsParams {
  /** Epoch milliseconds, at most a year back. Without it Fireblocks answers with the last 24 hours. */
  startTime?: number | undefined;
  /** Epoch milliseconds. Default: now. */
  endTime?: number | undefined;
  /** For example `Administration`. */
  category?: string | string[] | undefined;
  /** For example `Re-enroll mobile device`. */
  subject?: string | string[] | undefined;
  /** For example `Approved`. */
  event?: string | string[] | undefined;
  /** Name of who acted. */
  user?: string | string[] | undefined;
  /** Id of who acted. */
  userId?: string | string[] | undefined;
  /** By time. Default `DESC`: newest first. */
  order?: "ASC" | "DESC" | undefined;
  /** 1 to 500. Default 200. */
  pageSize?: number | undefined;
  /** `next` of the page before; `null`, as the last page has it, is the first page. */
  pageCursor?: string | null | undefined;
  /** Deprecated by Fireblocks, in favour of `startTime`. */
  timePeriod?: "DAY" | "WEEK" | undefined;
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
  includeUserApproved?: boolean | undefined;
  /** Those that this user may approve. Not together with `includeAllUsers`. */
  userId?: string | undefined;
  /** Every one of the workspace, where the key may see them. */
  includeAllUsers?: boolean | undefined;
  /** How much is told of each request's quorum. Default `NONE`. */
  quorumStatusMode?: "NONE" | "SUMMARY" | undefined;
  /** 1 to 30. Default 20. */
  pageSize?: number | undefined;
  /** `next` of the page before; `null`, as the last page has it, is the first page. */
  pageCursor?: string | null | undefined;
}

/** What {@link Client.getApproval} asks for. */
export interface GetApprovalParams {
  /** Whose standing `userStatus` tells. */
  userId?: string | undefined;
  /** How much is told of the request's quorum. Default `NONE`. */
  quorumStatusMode?: "NONE" | "SUMMARY" | "FULL" | undefined;
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
  | "expired"
  /** Fireblocks could not carry the request out. It says nothing of the device: look at the user's status. */
  | "failed";

/** Where a state was learnt from. */
export type ProgressSource = "receipt" | "userStatus" | "approvals" | "auditLog";

/**
 * How surely a state is this reset's own. `suggested`: it has happened to the user, and may be another request's doing.
 * `rejected`, `cancelled`, `expired` and `failed` are always `proven`.
 */
export type ProgressEvidence = "proven" | "suggested";

/** How far a reset has come, and what shows it. */
export interface ResetProgress {
  /** The furthest state that something shows. */
  state: ResetState;
  /** How surely that state is this reset's own. */
  evidence: ProgressEvidence;
  /** Where that state was learnt from. */
  source: ProgressSource;
  /** Epoch milliseconds: when it happened where the source says so, otherwise when it was seen. */
  at: number;
  /** True for `completed`, `rejected`, `cancelled`, `expired` and `failed`: nothing follows. */
  final: boolean;
  /** The user's `status` as last seen. */
  userStatus?: ConsoleUserStatus;
  /** Where the request itself stands, in Fireblocks' word: also one that is newer than this package, and tells no state. */
  requestStatus?: string;
  /** Approvals given and needed, where the approvals API is readable. */
  approvals?: { current?: number; threshold?: number };
  /** The approvals API's own id of the request, once it was found there: for {@link Client.getApproval}. */
  approvalRequestId?: string;
  /**
   * What the approvals tell of this very request. Absent where they could never be read. `found`: it is the only one that
   * it can be. `missing`: none of those that were seen. `unclear`: one of several, and it cannot be told which.
   */
  ownRequest?: "found" | "missing" | "unclear";
  /** True where another reset may have been open in this time, so that audit rows, which name no target, prove nothing. */
  otherResetsOpen: boolean;
}

/** What {@link inferProgress} reasons from: everything seen so far of one reset. */
export interface ResetObservations {
  /** The console user's id. */
  userId: string;
  /** Epoch milliseconds: when the reset was asked for. */
  since: number;
  /** Epoch milliseconds: when the answer came. Where it is absent, within twelve seconds. */
  answeredAt?: number | undefined;
  /**
   * By how many milliseconds Fireblocks' clock is ahead of the one that all times here but those of Fireblocks are by.
   * Absent where it is not known: the two are then taken to be at most twelve seconds apart.
   */
  clockDifferenceMs?: number | undefined;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus | undefined;
  /** The user's status as seen over time, oldest first, up to the newest look. */
  statuses?: { status: ConsoleUserStatus; at: number }[] | undefined;
  /** The newest look at the approvals API, and a request that it has lost by itself; absent where the key may not read it. */
  approvals?: { items: ApprovalRequestItem[]; at: number } | undefined;
  /** The approvals API's own id of the request, where it is known; the one in `previous` counts as well. */
  approvalRequestId?: string | undefined;
  /** Rows of the audit log, in any order, from eight days before `since`: another reset may have been open since then. */
  auditLogs?: AuditLogData[] | undefined;
  /** Epoch milliseconds: when the log was asked for. What was written in the minute before may be missing. */
  auditLogsAt?: number | undefined;
  /** Epoch milliseconds: from when on the log was asked for, where that is not eight days before `since`. */
  auditLogsFrom?: number | undefined;
  /** True where another reset was open in the same workspace in this time. Once {@link ResetProgress} says so, it stays. */
  otherResetsOpen?: boolean | undefined;
  /** What was inferred last, as it was, so that progress never goes backwards and nothing is forgotten. */
  previous?: (Pick<ResetProgress, "state" | "source" | "at"> & Partial<ResetProgress>) | undefined;
}

/**
 * Infers the state of a reset from what was seen. Pure: no request, no clock. What each source can prove is in
 * `docs/progress.md` of the repository.
 *
 * @example
 * ```ts
 * const { state, source } = await inferProgress({
 *   userId,
 *   since: 1_000,
 *   statusBefore: "READY",
 *   statuses: [{ status: "PENDING_DEVICE_PAIRING", at: 2_000 }],
 * });
 * console.log(state, source); // awaitingPairing userStatus
 * ```
 */
export declare function inferProgress(observations: ResetObservations): Promise<ResetProgress>;

/**
 * Whether a reset of this user may wait for approval: whether any of the `items` that wait, or may, names the user in
 * any role, or has a payload that cannot be read. It is to be asked before a reset is sent, and errs to yes;
 * {@link inferProgress} tells what is this reset's own.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * const { data } = await getApprovals({ includeAllUsers: true });
 * console.log(await isResetPending(userId, data)); // true
 * ```
 */
export declare function isResetPending(userId: string, items: ApprovalRequestItem[]): Promise<boolean>;

/** Where a watch begins, and how often it looks. */
export interface WatchResetOptions {
  /** Epoch milliseconds when the reset was asked for. Default: now. */
  since?: number | undefined;
  /** The user's status before the reset was asked for. */
  statusBefore?: ConsoleUserStatus | undefined;
  /** Ends the watch at once, with a {@link FireblocksError} of kind `aborted`. */
  signal?: Signal | undefined;
  /** Milliseconds between looks at first; grows with time. Default 2 000. */
  intervalMs?: number | undefined;
  /** The longest pause between two looks, in milliseconds. Default 60 000. */
  maxIntervalMs?: number | undefined;
  /** True where other resets were open in this window. */
  otherResetsOpen?: boolean | undefined;
}

/** The operations, over one configuration. Its functions need no `this`. */
export interface Client {
  /**
   * `POST /management/users/{id}/reset_device`: files an approval request to reset the user's mobile device.
   *
   * @example
   * ```ts
   * // The same key within 24 hours is the same reset, and is asked for once.
   * const receipt = await client.resetDevice(userId, "case-4711");
   * console.log(receipt.idempotencyKey, receipt.attempts); // case-4711 1
   * ```
   */
  resetDevice(id: string, idempotencyKey?: string, options?: ResetDeviceOptions): Promise<ResetReceipt>;
  /**
   * `GET /management/users`: every user of the workspace.
   *
   * @example
   * ```ts
   * const { users } = await client.getConsoleUsers();
   * const noor = users.find(({ email }) => email === "noor.haddad@northwind.example");
   * console.log(noor?.status); // READY
   * ```
   */
  getConsoleUsers(options?: RequestOptions): Promise<GetConsoleUsersResponse>;
  /**
   * `GET /workspace`: the workspace that the key belongs to.
   *
   * @example
   * ```ts
   * const { name } = await client.getWorkspace({ signal: AbortSignal.timeout(10_000) });
   * console.log(name); // Northwind Treasury
   * ```
   */
  getWorkspace(options?: RequestOptions): Promise<Workspace>;
  /**
   * `GET /management/audit_logs`: a page of the audit log.
   *
   * @example
   * ```ts
   * await client.resetDevice(userId);
   * const subject = ["Re-enroll mobile device", "Device reset"];
   * let pageCursor: string | null | undefined; // Of the first page: none, or null.
   * do {
   *   const { data, next } = await client.getAuditLogs({ subject, startTime: Date.now() - 60_000, pageCursor });
   *   for (const { event } of data) console.log(event); // Submitted request
   *   pageCursor = next;
   * } while (pageCursor);
   * ```
   */
  getAuditLogs(params?: GetAuditLogsParams, options?: RequestOptions): Promise<GetAuditLogsResponse>;
  /**
   * `GET /approvals` (beta): a page of the requests that wait for their approvers.
   *
   * @example
   * ```ts
   * await client.resetDevice(userId);
   * const { data } = await client.getApprovals({ includeAllUsers: true, quorumStatusMode: "SUMMARY" });
   * console.log(data.map(({ quorumStatus }) => quorumStatus?.requestStatus)); // [ 'PENDING' ]
   * ```
   */
  getApprovals(params?: GetApprovalsParams, options?: RequestOptions): Promise<GetApprovalsResponse>;
  /**
   * `GET /approvals/{requestId}` (beta): one request, also after it has ended.
   *
   * @example
   * ```ts
   * await client.resetDevice(userId);
   * for await (const { approvalRequestId } of client.watchReset(userId)) {
   *   if (!approvalRequestId) continue;
   *   const approval = await client.getApproval(approvalRequestId, { quorumStatusMode: "SUMMARY" });
   *   console.log(approval.quorumStatus?.requestStatus); // PENDING
   *   break;
   * }
   * ```
   */
  getApproval(requestId: string, params?: GetApprovalParams, options?: RequestOptions): Promise<ApprovalRequestItem>;
  /**
   * `POST /approvals/{requestId}/reject` (beta): says no to a request that waits, as the API user. Fireblocks takes it only
   * from one that is eligible to act on the request. Outcomes, keys and retries are those of {@link resetDevice}.
   *
   * @example
   * ```ts
   * await client.resetDevice(userId);
   * for await (const { approvalRequestId, state } of client.watchReset(userId, { intervalMs: 100 })) {
   *   if (state === "rejected") console.log(state); // rejected
   *   else if (approvalRequestId) await client.rejectApproval(approvalRequestId, "stop-4711");
   * }
   * ```
   */
  rejectApproval(requestId: string, idempotencyKey?: string, options?: RequestOptions): Promise<WriteReceipt>;
  /**
   * Follows a reset until it ends, `signal` aborts or the reader leaves, which takes effect at once; yields each change.
   *
   * @example
   * ```ts
   * const since = Date.now();
   * await client.resetDevice(userId);
   * for await (const { state, final } of client.watchReset(userId, { since, statusBefore: "READY", intervalMs: 100 })) {
   *   if (final) console.log(state); // completed
   * }
   * ```
   */
  watchReset(id: string, options?: WatchResetOptions): AsyncIterable<ResetProgress>;
}

/**
 * Makes a client of its own. Rejects with a {@link FireblocksError} where the configuration cannot work.
 *
 * @example
 * ```ts
 * const client = await createClient({
 *   basePath: process.env.FIREBLOCKS_BASE_PATH ?? BasePath.EU,
 *   apiKey: process.env.FIREBLOCKS_API_KEY,
 *   secretKey: process.env.FIREBLOCKS_SECRET_KEY, // PEM
 * });
 * console.log((await client.getWorkspace()).name); // Northwind Treasury
 * ```
 */
export declare function createClient(config?: ClientConfig): Promise<Client>;

/**
 * Configures the default client, which {@link resetDevice} and the other bare functions use. The last call wins; one that
 * fails changes nothing.
 *
 * @example
 * ```ts
 * await configure({ ...config, timeoutMs: 10_000 });
 * console.log((await getWorkspace()).name); // Northwind Treasury
 * ```
 */
export declare function configure(config: ClientConfig): Promise<void>;

/**
 * {@link Client.resetDevice} of the default client.
 *
 * @example
 * ```ts
 * try {
 *   const receipt = await resetDevice(userId);
 *   console.log("Approval requested, attempts:", receipt.attempts); // Approval requested, attempts: 1
 * } catch (error) {
 *   // unknown: an approval request may exist. Look first, and ask again with error.idempotencyKey.
 *   if (error instanceof FireblocksError) console.error(error.outcome, error.message);
 * }
 * ```
 */
export declare function resetDevice(
  id: string,
  idempotencyKey?: string,
  options?: ResetDeviceOptions,
): Promise<ResetReceipt>;
/**
 * {@link Client.getConsoleUsers} of the default client.
 *
 * @example
 * ```ts
 * const { users } = await getConsoleUsers();
 * console.log(users.some(({ id }) => id === userId)); // true
 * ```
 */
export declare function getConsoleUsers(options?: RequestOptions): Promise<GetConsoleUsersResponse>;
/**
 * {@link Client.getWorkspace} of the default client.
 *
 * @example
 * ```ts
 * const { name } = await getWorkspace();
 * console.log(name); // Northwind Treasury
 * ```
 */
export declare function getWorkspace(options?: RequestOptions): Promise<Workspace>;
/**
 * {@link Client.getAuditLogs} of the default client.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * const { data } = await getAuditLogs({ category: "Administration", startTime: Date.now() - 60_000, pageSize: 1 });
 * console.log(data[0]?.event); // Submitted request
 * ```
 */
export declare function getAuditLogs(
  params?: GetAuditLogsParams,
  options?: RequestOptions,
): Promise<GetAuditLogsResponse>;
/**
 * {@link Client.getApprovals} of the default client.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * const { data } = await getApprovals({ includeAllUsers: true, pageSize: 30 });
 * console.log(data.length); // 1
 * ```
 */
export declare function getApprovals(
  params?: GetApprovalsParams,
  options?: RequestOptions,
): Promise<GetApprovalsResponse>;
/**
 * {@link Client.getApproval} of the default client.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * const { data } = await getApprovals({ includeAllUsers: true });
 * for (const { requestPayload = "{}" } of data) {
 *   const { quorumStatus } = await getApproval(JSON.parse(requestPayload).requestId, { quorumStatusMode: "FULL" });
 *   console.log(quorumStatus?.quorum?.currentApprovalCount); // 0
 * }
 * ```
 */
export declare function getApproval(
  requestId: string,
  params?: GetApprovalParams,
  options?: RequestOptions,
): Promise<ApprovalRequestItem>;
/**
 * {@link Client.rejectApproval} of the default client.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * const { data } = await getApprovals({ includeAllUsers: true });
 * for (const { requestPayload = "{}" } of data) {
 *   const receipt = await rejectApproval(JSON.parse(requestPayload).requestId);
 *   console.log(receipt.attempts, receipt.lifecycle?.state); // 1 beta
 * }
 * ```
 */
export declare function rejectApproval(
  requestId: string,
  idempotencyKey?: string,
  options?: RequestOptions,
): Promise<WriteReceipt>;
/**
 * {@link Client.watchReset} of the default client.
 *
 * @example
 * ```ts
 * await resetDevice(userId);
 * for await (const { state } of watchReset(userId)) {
 *   console.log(state); // approvalRequested
 *   break; // The watch ends with its loop.
 * }
 * ```
 */
export declare function watchReset(id: string, options?: WatchResetOptions): AsyncIterable<ResetProgress>;

/**
 * Loads the WebAssembly. Never needed: every operation loads it on first use. Call it to load early,
 * or with a source of your own (from `fireblocks-reset-device/slim`, which carries no bytes).
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { createClient, init } from "fireblocks-reset-device/slim";
 *
 * const wasm = new URL(import.meta.resolve("fireblocks-reset-device/reset_device.wasm"));
 * await init(await readFile(wasm));
 * console.log(typeof (await createClient()).resetDevice); // function
 * ```
 */
export declare function init(
  source?:
    | CompiledModule
    | ArrayBuffer
    | ArrayBufferView
    | InstanceOf<"Response", object>
    | InstanceOf<"URL", object>
    | string
    | Promise<InstanceOf<"Response", object> | CompiledModule>,
): Promise<void>;

/**
 * What may have happened:
 * - `notSent`: Fireblocks has seen nothing: nothing left this process, or a gateway says that it sent nothing on;
 * - `refused`: Fireblocks (or the gateway) answered no, nothing was filed, or rejected;
 * - `unknown`: an approval request may exist, or be rejected. Look before trying again, and then with the same key.
 */
export type Outcome = "notSent" | "refused" | "unknown";

/** What went wrong: a closed list. */
export type FireblocksErrorKind =
  /** An id, key or option is not usable. */
  | "invalidArgument"
  /** The configuration or the secret key is not usable, or a signer has failed: that alone is retryable. */
  | "configuration"
  /** The WebAssembly could not be loaded: something is missing here or forbidden, or its download failed: that alone is retryable. */
  | "loading"
  /** The caller's `signal` was aborted. */
  | "aborted"
  /** An attempt or the whole call ran out of time. */
  | "timeout"
  /** No response: connection refused, reset, DNS, CORS. */
  | "network"
  /** 401. */
  | "authentication"
  /** 403. For a gateway, its message says why. */
  | "forbidden"
  /** 404. */
  | "notFound"
  /** 409: for a gateway, another reset of this user is open. */
  | "conflict"
  /** 410: the operation is closed. */
  | "gone"
  /** 429. */
  | "rateLimited"
  /** 400, 409 or 422 for a key that was used before an internal error. */
  | "idempotencyKeySpent"
  /** Any other 4xx. */
  | "invalidRequest"
  /** 5xx, and 408, 444, 460 and 499: who answered has given up waiting. */
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
  /** The runtime's code of a failed connection, for example `ENOTFOUND` in Node. */
  causeCode?: string;
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
 *
 * `instanceof` knows the errors of every copy of the package: of what was imported and what was required, and of what
 * another frame has loaded. An error that was stored or sent is one again through {@link FireblocksError.from}.
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
  /** The runtime's code of a failed connection, for example `ENOTFOUND` in Node. */
  readonly causeCode?: string;
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
  /**
   * As plain data, without `cause`.
   *
   * @example
   * ```ts
   * await client.resetDevice("..").catch((error: FireblocksError) => {
   *   const { kind, idempotencyKey } = error.toJSON();
   *   console.log(kind, idempotencyKey?.length); // invalidArgument 36
   * });
   * ```
   */
  toJSON(): FireblocksErrorJSON;
  /**
   * Brings an error back from a message or a store. What cannot be read of it becomes `internal` and `unknown`.
   *
   * @example
   * ```ts
   * try {
   *   await client.resetDevice("");
   * } catch (error) {
   *   const stored = JSON.stringify(error);
   *   const { kind, outcome } = FireblocksError.from(JSON.parse(stored));
   *   console.log(kind, outcome); // invalidArgument notSent
   * }
   * ```
   */
  static from(json: FireblocksErrorJSON): FireblocksError;
}
