/** The message for the affected user, with the next steps that are theirs, in the order in which things work. Pure. */
import { REMEDIES, type ResetRecord } from "fireblocks-reset-device/gateway-api";
import { zonedTime } from "./time.ts";

/** Whoever lost the authenticator app with the phone cannot even sign in: that comes before everything else. */
function signInFirst({ because }: ResetRecord): string {
  return because === "authenticatorLost"
    ? "Before you try to sign in: the workspace's Owner has to reset your two-factor authentication in the Fireblocks Console. Ask for it now, since you cannot scan the QR code without signing in.\n\n"
    : "Was your authenticator app on the old phone too? Then ask the workspace's Owner first to reset your two-factor authentication in the Fireblocks Console: a device reset does not, and without it you cannot sign in.\n\n";
}

const PAIR =
  "1. Install the Fireblocks app from the App Store or Google Play on the phone that you will use.\n" +
  "2. On a computer, sign in to the Fireblocks Console as usual.\n" +
  "3. Scan the QR code that the Console shows, and follow the app.\n" +
  "4. If you sign transactions, the workspace's Owner approves your new key within two days, and after that you have two days to finish in the app. Tell the Owner when you have paired.";

const CARE =
  "If you use other Fireblocks workspaces on the same phone, each of them needs its own reset.\n\n" +
  "If you did not ask for this, tell your security team at once.";

/** What to do beside the reset, for the one thing that cannot wait. */
function alsoNow({ because }: ResetRecord): string {
  return because === "stolen"
    ? `The phone was stolen: ${REMEDIES.stolen.summary} ${REMEDIES.stolen.steps.at(-1)}\n\n`
    : "";
}

/** What to send to the affected user now; undefined where there is nothing for them to do. */
export function handoverMessage(record: ResetRecord, workspace: string | undefined): string | undefined {
  const greeting = record.userName ? `Hello ${record.userName.split(" ")[0]},` : "Hello,";
  const where = workspace ? ` in the Fireblocks workspace ${workspace}` : "";
  const asked = zonedTime(record.createdAt);
  const end = `${CARE}${record.reference ? `\n\nReference: ${record.reference}` : ""}`;
  const toPair = `${signInFirst(record)}${PAIR}`;
  switch (record.state) {
    case "approved":
      return `${greeting}\n\n${alsoNow(record)}The reset of your mobile device${where}, asked for on ${asked}, was approved. In a moment your present device stops working with Fireblocks. Then:\n\n${toPair}\n\n${end}`;
    case "approvalRequested":
      return `${greeting}\n\n${alsoNow(record)}A reset of your mobile device${where} was asked for on ${asked}. The workspace's approvers have to approve it first. Until then nothing changes.\n\nOnce it is approved:\n\n${toPair}\n\n${end}`;
    case "awaitingPairing":
      return `${greeting}\n\n${alsoNow(record)}Your mobile device${where} was reset. Please pair a phone now:\n\n${toPair}\n\n${end}`;
    case "awaitingSetup":
      return `${greeting}\n\nYour phone is paired${where}, but its set-up is not finished. If you sign transactions, the workspace's Owner approves your new key within two days of the pairing, and after that you have two days: remind the Owner, then open the Fireblocks app and follow it to the end.\n\n${end}`;
    case "completed":
      return `${greeting}\n\nYour mobile device${where} is ready again. There is nothing more to do.\n\n${end}`;
    case "rejected":
    case "cancelled":
    case "expired":
      return `${greeting}\n\nThe reset of your mobile device${where}, asked for on ${asked}, was not carried out. Your device is as it was. Your administrator will tell you how to go on.${record.reference ? `\n\nReference: ${record.reference}` : ""}`;
    default:
      return undefined;
  }
}
