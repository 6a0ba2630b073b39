/**
 * Whether a reset may be asked for: by whom, and for whom. Pure; decided on Fireblocks' own list alone.
 *
 * @module
 */
import type { ConsoleUser } from "fireblocks-reset-device";
import { isActive, knownUsersOf, type Person, possibleUsersOf } from "../access/people";
import type { Configuration } from "../configuration";
import { CODES, GatewayError } from "../errors";

/** Why not, for a person to read; `code` is the name of a number in `CODES`. */
export interface Refusal {
  code: keyof typeof CODES;
  status: 403 | 404 | 422;
  message: string;
}

export type Verdict = { refusal: Refusal; warning?: never } | { refusal?: never; warning?: string };

/** Somebody who wants a reset. `isAbsent`: by what a record says, so that what is in their way is told to others. */
export type Asker = Pick<Person, "kind" | "name"> & { isAbsent?: true };

/** The settings that the rules depend on. */
export type Rules = Pick<Configuration, "userMap" | "resetsByUnmapped" | "resetsByServiceTokens">;

const UNKNOWN_USER: Refusal = {
  code: "unknownUser",
  status: 404,
  message: "This workspace has no user with this id. Nothing was sent. Reload the list of users.",
};

/** Judges many users for one asker, who is looked up once. */
export function judgeFor(
  asker: Pick<Person, "kind" | "name">,
  users: readonly ConsoleUser[],
  rules: Rules,
): (user: ConsoleUser) => Verdict {
  const own = new Set(possibleUsersOf(asker, users, rules.userMap));
  const stranger = refuseStranger(asker, knownUsersOf(asker, users, rules.userMap), rules);
  return (user) => {
    // Whoever may be the user is told so, also where who they are is not known for certain.
    const refusal = refuseTarget(user, own.has(user)) ?? stranger;
    if (refusal !== undefined) return { refusal };
    if (user.status !== "PENDING_DEVICE_PAIRING") return {};
    return { warning: "This user has no paired device now: a reset may already be under way, or pairing never ended." };
  };
}

/** The user of this id, if a reset may be asked for by this asker. @throws {@link GatewayError} */
export function requireEligible(
  userId: string,
  asker: Asker,
  users: readonly ConsoleUser[],
  rules: Rules,
): { user: ConsoleUser; warning?: string } {
  const user = users.find((candidate) => candidate.id === userId);
  if (user === undefined) throw refused(UNKNOWN_USER);
  const { refusal, warning } = judgeFor(asker, users, rules)(user);
  if (refusal !== undefined) throw refused(asker.isAbsent ? ofAbsent(asker.name, refusal) : refusal);
  return { user, ...(warning !== undefined && { warning }) };
}

/** What is in the way of somebody who does not read it. */
function ofAbsent(name: string, refusal: Refusal): Refusal {
  const message = ABSENT[refusal.code];
  return message === undefined ? refusal : { ...refusal, message: `${name} ${message} Nothing was sent.` };
}

const ABSENT: { [Code in Refusal["code"]]?: string } = {
  self: "stands for this reset, and may be the user whose device it is.",
  serviceToken: "stands for this reset, and service tokens may not reset devices here.",
  askerUnknown: "stands for this reset, and matches no user of this workspace any more.",
  askerInactive: "stands for this reset, and is disabled, not activated or an API user in this workspace by now.",
};

export function unknownUser(): GatewayError {
  return refused(UNKNOWN_USER);
}

/** Why this user's device cannot be reset, whoever asks; `isSelf`: by the user. */
export function refuseTarget(user: ConsoleUser, isSelf: boolean): Refusal | undefined {
  if (user.role === "OWNER") {
    return {
      code: "owner",
      status: 403,
      message: "The Owner's device cannot be reset here. The Owner migrates it, or asks Fireblocks' support.",
    };
  }
  if (isSelf) {
    return { code: "self", status: 403, message: "You cannot reset your own device. Ask another admin to do it." };
  }
  if (user.userType === "API") {
    return { code: "apiUser", status: 422, message: "This is an API user. It has no mobile device." };
  }
  if (user.role === "EDITOR" || user.role === "VIEWER") {
    return {
      code: "roleWithoutDevice",
      status: 422,
      message: `A user with the role ${user.role} has no mobile device to reset.`,
    };
  }
  if (user.enabled === false) {
    return {
      code: "disabled",
      status: 422,
      message: "This user is disabled. Enable the user in the Fireblocks Console first.",
    };
  }
  if (user.status === "PENDING_ACTIVATION") {
    return {
      code: "notActivated",
      status: 422,
      message: "This user has not finished registration and has no device yet.",
    };
  }
  return undefined;
}

/**
 * Whoever is no console user may be anyone: that they do not reset their own device cannot be known. Whoever is one that
 * may do nothing in the workspace may do nothing for it here.
 */
function refuseStranger(asker: Pick<Person, "kind">, known: readonly ConsoleUser[], rules: Rules): Refusal | undefined {
  if (asker.kind === "service") {
    if (rules.resetsByServiceTokens) return undefined;
    return { code: "serviceToken", status: 403, message: "Service tokens may not reset devices here." };
  }
  if (known.some(isActive)) return undefined;
  if (known.length > 0) {
    return {
      code: "askerInactive",
      status: 403,
      message:
        "Your own user in this workspace is disabled, not activated or an API user, so you cannot ask for resets. Nothing was sent.",
    };
  }
  if (rules.resetsByUnmapped) return undefined;
  return {
    code: "askerUnknown",
    status: 403,
    message:
      "Your sign-in matches no user of this workspace, so it cannot be told whose device is your own. Nothing was sent.",
  };
}

export function refused({ status, code, message }: Refusal): GatewayError {
  return new GatewayError(status, CODES[code], message);
}
