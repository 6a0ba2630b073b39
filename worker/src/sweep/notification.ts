/**
 * What is told of a change of state: enough to write to the affected user.
 *
 * @module
 */
import type { Environment } from "../configuration";
import type { Row } from "../records/row";

/** The payload of a notification. `type` is `reset.` and the record's new state. */
export interface Notification {
  type: string;
  /** When the state changed, ISO 8601. */
  timestamp: string;
  data: {
    recordId: string;
    state: string;
    outcome?: string;
    environment: Environment;
    user: { id: string; email?: string; name?: string; role?: string };
    askedBy: string;
    askedAt: string;
    reference?: string;
    /** Fireblocks' `X-Request-ID`. */
    requestId?: string;
    approvals?: { current?: number; threshold?: number };
  };
}

export function notificationOf(row: Row, environment: Environment): Notification {
  return {
    type: `reset.${row.state}`,
    timestamp: new Date(row.updated_at).toISOString(),
    data: {
      recordId: row.id,
      state: row.state,
      ...(row.outcome !== null && { outcome: row.outcome }),
      environment,
      user: {
        id: row.user_id,
        ...(row.user_email !== null && { email: row.user_email }),
        ...(row.user_name !== null && { name: row.user_name }),
        ...(row.user_role !== null && { role: row.user_role }),
      },
      askedBy: row.asked_by,
      askedAt: new Date(row.created_at).toISOString(),
      ...(row.reference !== null && { reference: row.reference }),
      ...(row.request_id !== null && { requestId: row.request_id }),
      ...(row.approvals_current !== null && {
        approvals: {
          current: row.approvals_current,
          ...(row.approvals_threshold !== null && { threshold: row.approvals_threshold }),
        },
      }),
    },
  };
}
