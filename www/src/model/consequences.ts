/**
 * What a reset means for the person and for the workspace, by role.
 * Source of the facts: Fireblocks' support articles on re-enrolling devices, approval groups and the admin quorum.
 */

import {
  ADMIN_ROLES,
  type Headcount,
  type Quorum,
  SIGNING_ROLES,
  type UserRow,
} from "fireblocks-reset-device/gateway-api";
import { userName } from "./user.ts";

export interface Consequence {
  icon: string;
  text: string;
  /** Worth a pause: it touches more than the person. */
  weighty?: boolean;
}

const besideOwner = ({ ready }: Headcount): string => `${ready === 1 ? "admin" : "admins"} beside the Owner`;

/** Nothing where they have no device now, and so count for nothing already. */
function leaves({ ready, left }: Headcount, whom: string): string {
  return left < ready ? ` This leaves ${left} of ${ready} ${whom}.` : "";
}

/** `proposing`: a second person is asked before Fireblocks is. `quorum`: how many it leaves, where that is known. */
export function consequencesFor(
  user: UserRow,
  { proposing = false, quorum }: { proposing?: boolean; quorum?: Quorum | undefined } = {},
): Consequence[] {
  const name = user.firstName || userName(user);
  const role = user.role ?? "";
  const list: Consequence[] = [];
  if (proposing) {
    list.push({
      icon: "person",
      text: "A second admin must release your request before anything is sent to Fireblocks.",
    });
  }
  list.push(
    {
      icon: "hourglass-split",
      text: "An approval request goes to the workspace's approvers. Nothing changes until they approve it in their Fireblocks app.",
    },
    {
      icon: "phone",
      text: `Once approved, ${name}'s present phone stops working with Fireblocks. ${name} signs in to the Fireblocks Console and scans a QR code to pair a phone again.`,
    },
  );
  if (role === "OWNER" || ADMIN_ROLES.includes(role)) {
    list.push({
      icon: "exclamation-triangle",
      weighty: true,
      text: `${name} is an admin. While unpaired, ${name} does not count toward the Admin Quorum, which may leave the workspace short of approvers.${quorum ? leaves(quorum.admins, besideOwner(quorum.admins)) : ""}`,
    });
  }
  if (SIGNING_ROLES.includes(role)) {
    list.push({
      icon: "key",
      weighty: true,
      text: `${name} can sign. After pairing, the Owner must approve the MPC key shares again within two days. Until then ${name} cannot sign.${quorum ? leaves(quorum.signers, "who can sign") : ""}`,
    });
  }
  list.push(
    {
      icon: "info-circle",
      text: `Only this workspace is affected. Other workspaces and users on the same phone must be reset one by one.`,
    },
    {
      icon: "shield",
      text: "This does not reset the authenticator app (2FA) used to sign in. Only the Owner can do that, in the Fireblocks Console.",
    },
  );
  return list;
}
