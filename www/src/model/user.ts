/** How a console user is named and described. */
import type { ConsoleUser } from "fireblocks-reset-device";
import type { UserRow } from "fireblocks-reset-device/gateway-api";

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A word of Fireblocks' that this page does not know yet, made readable: `NEW_ROLE` → `New role`. */
export function readable(value: string): string {
  return capital(value.replaceAll("_", " ").trim().toLowerCase());
}

export function userName({ firstName, lastName, email, id }: ConsoleUser): string {
  return [firstName, lastName].filter(Boolean).join(" ") || email || id || "Unnamed user";
}

const ROLES: Readonly<Record<string, string>> = {
  OWNER: "Owner",
  ADMIN: "Admin",
  NON_SIGNING_ADMIN: "Non-Signing Admin",
  SIGNER: "Signer",
  COLLATERALS_SIGNER: "Collaterals Signer",
  EDITOR: "Editor",
  APPROVER: "Approver",
  VIEWER: "Viewer",
  AUDITOR: "Auditor",
  NCW_ADMIN: "NCW Admin",
  NCW_SIGNER: "NCW Signer",
  SECURITY_ADMIN: "Security Admin",
  SECURITY_AUDITOR: "Security Auditor",
};

export const roleLabel = (role: string | undefined): string => (role ? (ROLES[role] ?? readable(role)) : "No role");

export type Tone = "neutral" | "brand" | "success" | "warning" | "danger";

/** Source of the meanings: Fireblocks' support article on user statuses. */
const STATUSES: Readonly<Record<string, { label: string; tone: Tone }>> = {
  READY: { label: "Ready", tone: "success" },
  PENDING_ACTIVATION: { label: "Pending activation", tone: "neutral" },
  PENDING_DEVICE_PAIRING: { label: "Pending device pairing", tone: "warning" },
  PENDING_DEVICE_SETUP: { label: "Pending device setup", tone: "warning" },
};

export function statusLabel(user: Pick<ConsoleUser, "status" | "enabled">): { label: string; tone: Tone } {
  if (user.enabled === false) return { label: "Disabled", tone: "neutral" };
  if (!user.status) return { label: "No status", tone: "neutral" };
  return STATUSES[user.status] ?? { label: readable(user.status), tone: "neutral" };
}

/** What the status filter and the address bar call a user's status. */
export const statusKey = (user: Pick<ConsoleUser, "status" | "enabled">): string =>
  user.enabled === false ? "DISABLED" : (user.status ?? "");

export const statusKeyLabel = (key: string): string =>
  key === "DISABLED" ? "Disabled" : statusLabel({ status: key, enabled: true }).label;

/** Said once for whoever looks, and not in every row. */
export const isOfEveryUser = ({ blocked }: Pick<UserRow, "blocked">): boolean => blocked?.code === "noRole";

/** Why a user cannot be reset: the worker's sentence, but where it would name the role as Fireblocks spells it. */
export function whyBlocked({ blocked, role }: Pick<UserRow, "blocked" | "role">): string {
  if (blocked?.code === "roleWithoutDevice") return `${roleLabel(role)}s have no mobile device to reset.`;
  return blocked?.message ?? "";
}
