/** Who is asking, where, and what they may do, in words. Pure. */
import { type ResetRecord, type Role, type Session, TODO_LIMIT } from "fireblocks-reset-device/gateway-api";

const ROLES: Readonly<Record<Role, string>> = { viewer: "Viewer", resetter: "Resetter", auditor: "Auditor" };

export const rolesText = ({ roles }: Session): string =>
  roles.map((role) => ROLES[role] ?? role).join(", ") || "No role";

/** What the person may do, one phrase each. */
export function permissions({ can, resetsPaused, requireSecondPerson }: Session): string[] {
  const list: string[] = [];
  if (can.read) list.push("see users and resets");
  if (can.reset) list.push(requireSecondPerson ? "ask for resets, which a second person releases" : "ask for resets");
  if (can.settle) list.push("settle unclear resets");
  if (can.export) list.push("export the history");
  if (can.pause) list.push(can.resume ? "pause and resume all resets" : "pause all resets");
  if (resetsPaused && !can.reset) list.push("not ask for resets: they are paused");
  return list;
}

/** What is said to somebody whose role hung on a group's name. */
export const lostRoleTexts = ({ lostRoles = [] }: Pick<Session, "lostRoles">): string[] =>
  lostRoles.map(
    ({ role, groupName, groupId }) =>
      `The name of your group “${groupName}” does not give you the role ${ROLES[role] ?? role} any more, since names are not unique. If it is the group that is meant, whoever runs this service names it as group-id:${groupId}.`,
  );

type Environment = Session["environment"];

const ENVIRONMENTS: Readonly<Record<Environment, { name: string; meaning: string }>> = {
  production: { name: "Production", meaning: "real people, real devices" },
  sandbox: { name: "Sandbox", meaning: "a Fireblocks test environment" },
  local: { name: "Local", meaning: "a simulator on this machine, nothing here is real" },
};

export const environmentName = (environment: Environment): string =>
  ENVIRONMENTS[environment]?.name ?? String(environment);

export const environmentMeaning = (environment: Environment): string => ENVIRONMENTS[environment]?.meaning ?? "";

export const workspaceName = ({ workspace }: Session): string | undefined => workspace?.name ?? workspace?.id;

/** `Local: Northwind Treasury`. */
export function placeText(session: Session): string {
  const workspace = workspaceName(session);
  return environmentName(session.environment) + (workspace ? `: ${workspace}` : "");
}

/** Whether this person has asked for the reset. The worker writes e-mails in lower case. */
export const isOwn = ({ askedBy }: Pick<ResetRecord, "askedBy">, { email, actor }: Session): boolean =>
  askedBy === email?.toLowerCase() || askedBy === actor;

/** Whether this person decides anything about resets. */
export const decides = ({ can }: Pick<Session, "can">): boolean => can.settle || can.export;

/** How much waits for this person, as it is seen and as it is said; undefined where nothing does, or nobody knows. */
export function todoCount({ todo = 0 }: Pick<Session, "todo">): { seen: string; said: string } | undefined {
  if (todo === 0) return undefined;
  if (todo >= TODO_LIMIT) return { seen: `${TODO_LIMIT - 1}+`, said: `more than ${TODO_LIMIT - 1} open` };
  return { seen: String(todo), said: `${todo} open` };
}

export const ENDED = {
  title: "Your session has ended.",
  sentence: "What you see is as it was. Nothing that you do here is sent until you sign in again.",
};

/** For a page of a developer's, with a live button on it. */
export const liveWarning = ({ environment }: Session): string | undefined =>
  environment === "local"
    ? undefined
    : `${environmentName(environment)}: the button below is live. What you confirm is sent.`;
