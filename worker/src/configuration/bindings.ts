/**
 * What the worker is given by its runtime. What each setting means is in docs/deploy.md.
 *
 * @module
 */

/** Bindings, and settings as text. */
export interface Bindings {
  DB: D1Database;
  /** The admin page. Without it only the API is served. */
  ASSETS?: Fetcher;
  /** Attempts at a reset for each person in a minute, and as many decisions. */
  RESET_LIMIT?: RateLimit;
  /** Requests of any kind for each person in a minute. */
  READ_LIMIT?: RateLimit;
  /** Sends mail. Without it nobody is told by mail. */
  EMAIL?: SendEmail;

  FIREBLOCKS_BASE_PATH?: string;
  /** Secret. */
  FIREBLOCKS_API_KEY?: string;
  /** Secret. PEM. */
  FIREBLOCKS_SECRET_KEY?: string;
  FIREBLOCKS_RELAY_URL?: string;
  /** Secret. 64 hex digits. */
  FIREBLOCKS_RELAY_SECRET?: string;
  /** Secret. 64 hex digits, or two of these during a rotation. */
  FIREBLOCKS_WEBHOOK_SECRET?: string;
  ACCESS_TEAM_DOMAIN?: string;
  ACCESS_AUD?: string;
  ACCESS_GROUPS?: string;
  ROLES?: string;
  USER_MAP?: string;
  MANAGERS?: string;
  MANAGER_CLAIM?: string;
  RESETS_BY_UNMAPPED?: string;
  RESETS_BY_SERVICE_TOKENS?: string;
  RESETS_PAUSED?: string;
  REQUIRE_SECOND_PERSON?: string;
  REQUIRE_NOTE?: string;
  POLICY?: string;
  BREAK_GLASS?: string;
  PROPOSAL_EXPIRES_HOURS?: string;
  APPROVALS_CHECK?: string;
  DAILY_RESET_LIMIT?: string;
  WORKSPACE_DAILY_RESET_LIMIT?: string;
  RATE_LIMITS?: string;
  ALLOWED_ORIGINS?: string;
  UPSTREAM_TIMEOUT_MS?: string;
  RESEND_WITHIN_MINUTES?: string;
  KEY_SHARES_WITHIN_HOURS?: string;
  SETUP_WITHIN_HOURS?: string;
  MIN_READY_ADMINS?: string;
  STALE_AFTER_DAYS?: string;
  RETENTION_DAYS?: string;
  NOTIFY_URL?: string;
  /** Secret. `whsec_` and base64, as Standard Webhooks has it. */
  NOTIFY_SECRET?: string;
  /** Secret, since an address may be one. JSON. */
  DESTINATIONS?: string;
  PUBLIC_URL?: string;
  MAIL_FROM?: string;
  ALERT_TO?: string;
  ESCALATE_TO?: string;
}

/** The names of the settings. */
export type SettingName = Exclude<keyof Bindings, "DB" | "ASSETS" | "RESET_LIMIT" | "READ_LIMIT" | "EMAIL">;
