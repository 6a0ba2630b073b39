/** The message for the affected user, with the next steps that are theirs. Pure. */
import type { ResetRecord } from "worker/api";
import { zonedTime } from "./time.ts";

const PAIR =
  "1. Install the Fireblocks app from the App Store or Google Play on the phone that you will use.\n" +
  "2. On a computer, sign in to the Fireblocks Console as usual.\n" +
  "3. Scan the QR code that the Console shows, and follow the app.\n" +
  "4. If you sign transactions, the workspace Owner then approves your key. Until that is done you cannot sign.";

const CARE =
  "If you use other Fireblocks workspaces on the same phone, each of them needs its own reset.\n\n" +
  "Your authenticator app (2FA) is not affected.\n\n" +
  "If you did not ask for this, tell your security team at once.";

/** What to send to the affected user now; undefined where there is nothing for them to do. */
export function handoverMessage(record: ResetRecord, workspace: string | undefined): string | undefined {
  const greeting = record.userName ? `Hello ${record.userName.split(" ")[0]},` : "Hello,";
  const where = workspace ? ` in the Fireblocks workspace ${workspace}` : "";
  const asked = zonedTime(record.createdAt);
  const reference = record.reference ? `\n\nReference: ${record.reference}` : "";
  switch (record.state) {
    case "approved":
      return `${greeting}\n\nThe reset of your mobile device${where}, asked for on ${asked}, was approved. In a moment your present device stops working with Fireblocks. Then:\n${PAIR}\n\n${CARE}${reference}`;
    case "approvalRequested":
      return `${greeting}\n\nA reset of your mobile device${where} was asked for on ${asked}. The workspace's approvers have to approve it first. Until then nothing changes.\n\nOnce it is approved:\n${PAIR}\n\n${CARE}${reference}`;
    case "awaitingPairing":
      return `${greeting}\n\nYour mobile device${where} was reset. Please pair a phone now:\n${PAIR}\n\n${CARE}${reference}`;
    case "awaitingSetup":
      return `${greeting}\n\nYour phone is paired${where}, but its set-up is not finished. Open the Fireblocks app and follow it to the end. If you sign transactions, the workspace Owner approves your key after that.\n\n${CARE}${reference}`;
    case "completed":
      return `${greeting}\n\nYour mobile device${where} is ready again. There is nothing more to do.\n\n${CARE}${reference}`;
    case "rejected":
    case "cancelled":
    case "expired":
      return `${greeting}\n\nThe reset of your mobile device${where}, asked for on ${asked}, was not carried out. Your device is as it was. Your administrator will tell you how to go on.${reference}`;
    default:
      return undefined;
  }
}
