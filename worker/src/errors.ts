/**
 * Every error that the worker answers with, in Fireblocks' own shape with an `outcome` added.
 *
 * @module
 */
import type { Outcome } from "fireblocks-reset-device";
import type { ApiError } from "fireblocks-reset-device/gateway-api";

/** Fireblocks' `error.type` for each status that the worker uses. */
const TYPES: Readonly<Record<number, string>> = {
  400: "VALIDATION",
  401: "AUTHENTICATION",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "UNPROCESSABLE_ENTITY",
  413: "VALIDATION",
  415: "VALIDATION",
  422: "UNPROCESSABLE_ENTITY",
  429: "VALIDATION",
  431: "VALIDATION",
};

/**
 * The worker's own numbers, beside Fireblocks' -1 … -12. A number is never given a second meaning.
 */
export const CODES = {
  invalidRequest: 1001,
  tooLarge: 1002,
  notFound: 1003,
  noteRequired: 1004,
  signedOut: 1101,
  signInUnavailable: 1102,
  noRole: 1103,
  crossSite: 1104,
  webhookSecret: 1105,
  unknownUser: 1201,
  owner: 1202,
  self: 1203,
  apiUser: 1204,
  roleWithoutDevice: 1205,
  disabled: 1206,
  notActivated: 1207,
  askerUnknown: 1208,
  serviceToken: 1209,
  askerInactive: 1210,
  noResetNeeded: 1211,
  supportOnly: 1212,
  resetOpen: 1301,
  pendingElsewhere: 1302,
  keyInUse: 1303,
  keyInFlight: 1304,
  keyExpired: 1305,
  wrongState: 1306,
  secondPerson: 1307,
  pendingUnclear: 1308,
  lookFirst: 1309,
  demandsUnmet: 1310,
  forbidden: 1311,
  breakGlass: 1312,
  unknownHelpRequest: 1313,
  tooFewAdmins: 1314,
  helpOpen: 1321,
  noCode: 1322,
  wrongCode: 1323,
  rateLimited: 1401,
  dailyLimit: 1402,
  workspaceLimit: 1403,
  coolDown: 1404,
  paused: 1501,
  notRecorded: 1502,
  unavailable: 1503,
  configuration: 1504,
  upstream: 1505,
  noTime: 1506,
  internal: 1599,
} as const;

export interface ErrorDetails {
  /** Default: `refused`. Nothing that the worker itself refuses has taken effect. */
  outcome?: Outcome;
  recordId?: string;
  signInUrl?: string;
  retryAfterSeconds?: number;
  /** Fireblocks' `X-Request-ID`, where Fireblocks was asked. */
  requestId?: string;
  /** Fireblocks' own `error.type`, where it said one. */
  type?: string;
  cause?: unknown;
}

/** An answer other than success. Its message is for the person who asked. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly outcome: Outcome;

  constructor(
    readonly status: number,
    readonly code: number,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message, { cause: details.cause });
    this.outcome = details.outcome ?? "refused";
  }

  body(): ApiError {
    const { recordId, signInUrl } = this.details;
    return {
      message: this.message,
      code: this.code,
      error: { type: this.details.type ?? TYPES[this.status] ?? "INTERNAL", message: this.message },
      outcome: this.outcome,
      ...(recordId !== undefined && { recordId }),
      ...(signInUrl !== undefined && { signInUrl }),
    };
  }

  headers(): Record<string, string> {
    const { recordId, retryAfterSeconds, requestId } = this.details;
    return {
      ...(recordId !== undefined && { "X-Reset-Record": recordId }),
      ...(retryAfterSeconds !== undefined && { "Retry-After": String(retryAfterSeconds) }),
      ...(requestId !== undefined && { "X-Request-ID": requestId }),
    };
  }
}
