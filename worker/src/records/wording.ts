/**
 * The sentences that people get, in a chat or by mail. Pure.
 *
 * @module
 */
import type { Due, RecordState } from "fireblocks-reset-device/gateway-api";
import type { Notification, Told } from "./notification";
import type { Row } from "./row";

/** A mail as the outbox keeps it. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

const LONGEST_NAME = 100;
const LONGEST_QUOTE = 300;

/**
 * What others have written, as one line of plain letters: a chat would take `<…>` and `[…]` for links and mentions, a mail's
 * subject a new line for a header.
 */
export function plain(text: string, longest = LONGEST_NAME): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[<[]/g, "(")
    .replace(/[>\]]/g, ")")
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1).trimEnd()}…` : line;
}

/** What the asker wrote, in a mail of ours: no address in it becomes a link that the mail seems to recommend. */
export function quoted(text: string): string {
  return `“${plain(parted(text), LONGEST_QUOTE)}”`;
}

/** A name is whatever somebody has typed in Fireblocks. */
function named(name: string): string {
  return plain(parted(name));
}

/** Mail programs and chats make links of addresses that nobody has marked as such, and chats notify whomever an @ names. */
function parted(text: string): string {
  return text
    .replace(/[:/]{2,}/g, " ")
    .replace(/\.(?=[\p{L}\p{N}])/gu, ". ")
    .replace(/@(?=\S)/g, "@ ");
}

const NOW: Readonly<Record<RecordState | Exclude<Told, object>, string>> = {
  due: "waits for somebody, and the time runs out",
  proposed: "proposed, and waits for what it still needs",
  waiting: "waits until its time has come",
  recorded: "recorded, and about to be sent",
  sending: "on its way to Fireblocks",
  approvalRequested: "accepted by Fireblocks, and waits for the approvers",
  approved: "approved",
  awaitingPairing: "waits for a phone to be paired",
  awaitingSetup: "waits for the phone's set-up",
  completed: "ready again",
  rejected: "rejected by an approver",
  cancelled: "cancelled",
  expired: "expired",
  failed: "failed in Fireblocks",
  refused: "refused; nothing was filed",
  unknown: "of unknown outcome: somebody has to look in the Fireblocks Console",
  settled: "settled by a person",
  stopped: "stopped: the person says that it is not theirs. Nothing was sent",
  withdrawn: "withdrawn; nothing was sent",
  contested: "contested: the person says that it is not theirs. Have it rejected in Fireblocks now",
  managerConfirmed: "confirmed by the person's manager",
  needsPress: "due, and does not leave by itself: somebody has to press send",
  reviewed: "looked at by somebody else, after an emergency",
  breakGlass: "sent in an emergency, past what the policy demands: somebody else must review it",
};

/** Where a record stands, after a colon. */
export const standing = (state: RecordState): string => NOW[state];

const AWAITS: Readonly<Record<Due["awaited"], string>> = {
  secondPerson: "somebody else has to release it; after that it is withdrawn, and nothing is sent",
  departure: "it is sent when its time has come",
  approvers: "the workspace's approvers have to approve it in their Fireblocks app; after that it runs out",
  owner: "the phone is paired, and the Owner has to approve the new key shares in the Fireblocks app",
  person: "the phone's set-up has to be finished in the Fireblocks app",
};

const AWAITS_MANAGER = "the person's manager has to confirm it; after that it is withdrawn, and nothing is sent";

/** One sentence or more, without a link. */
export function sentenceOf(notification: Notification): string {
  return sentencesOf(notification).join(" ");
}

/** The first says what it is about. Names hold dots of their own: where it ends cannot be told from the text. */
function sentencesOf({ type, data }: Notification): [string, ...string[]] {
  const where = data.environment === "production" ? "" : `(${data.environment}) `;
  if ("elsewhereId" in data) {
    const [first, ...others] = foundElsewhere(data);
    return [`${where}${first}`, ...others];
  }
  const { user } = data;
  const who = user.name === undefined ? plain(user.email ?? user.id) : named(user.name);
  if ("alarmId" in data) {
    const said =
      type === "alarm.raised"
        ? `Somebody may be pretending to be ${who}: ${plain(data.raisedBy)} has raised an alarm.`
        : `The alarm about ${who} was closed by ${plain(data.closedBy ?? "somebody")}.`;
    return [`${where}${said}`];
  }
  const askedBy = `Asked for by ${plain(data.askedBy)}.`;
  if (type === "confirmation.asked") {
    return [
      `${where}${plain(data.confirm?.manager ?? "Their manager")} is asked to confirm a reset of ${who}.`,
      askedBy,
    ];
  }
  if (data.due !== undefined) {
    const until = data.due.until.slice(0, 16).replace("T", " ");
    const awaits = data.confirm === undefined ? AWAITS[data.due.awaited] : AWAITS_MANAGER;
    return [`${where}Reset of ${who}: ${awaits}, until ${until} UTC.`, askedBy];
  }
  const state = type.slice("reset.".length) as keyof typeof NOW;
  const doubt =
    state === data.state && data.evidence === "suggested"
      ? " (suggested, not proven: it may be another request's doing)"
      : "";
  return [`${where}Reset of ${who}: ${NOW[state] ?? plain(state)}${doubt}.`, askedBy];
}

/** No more than was seen: the log names no target, and a user without a device may be another's doing. */
function foundElsewhere({
  request,
  user,
}: Extract<Notification["data"], { elsewhereId: string }>): [string, ...string[]] {
  const who = user && plain(user.email ?? user.id);
  if (request === undefined) {
    return [`A device reset that nobody asked for here may have been made: ${who} had a device and has none now.`];
  }
  const by = request.byOurKey
    ? "by this service's own API key, though no reset here accounts for it"
    : `by ${request.actor === "" ? plain(request.actorId) : named(request.actor)}`;
  return [
    `A device reset that nobody asked for here was requested in Fireblocks ${by}.`,
    ...(who === undefined ? [] : [`${who} had a device and has none now.`]),
    "Somebody must say whether it is known.",
  ];
}

/** Where whoever is told looks. There is no secret in it, and nothing is decided by opening it. */
export function linkOf({ type, data }: Notification, publicUrl: string): string {
  if ("elsewhereId" in data) return `${publicUrl}/queue`;
  if (type === "confirmation.asked") return `${publicUrl}/confirm/${data.recordId}`;
  return data.recordId === undefined ? `${publicUrl}/queue` : `${publicUrl}/resets/${data.recordId}`;
}

/** A change, for whoever looks after resets. @param link where they look, if that is not where these look */
export function mailOf(
  notification: Notification,
  publicUrl: string,
  to: string,
  link = linkOf(notification, publicUrl),
): Mail {
  const sentences = sentencesOf(notification);
  const { data } = notification;
  const subject = sentences[0].replace(/\.$/, "");
  const text = [
    sentences.join(" "),
    "",
    ...("alarmId" in data || "elsewhereId" in data ? [] : [`State: ${data.state}`, `Asked at: ${data.askedAt}`]),
    `At: ${notification.timestamp}`,
    "",
    `Look here: ${link}`,
    "",
    "Nothing can be decided from this mail. Sign in on the page as always.",
    "",
  ];
  return { to, subject, text: text.join("\n") };
}

/** Told to the person whose device it is, as soon as the reset is recorded. @param waitMs what is waited for after the mail */
export function personsMail(row: Row, publicUrl: string, to: string, waitMs: number): Mail {
  const name = named(row.user_name ?? "");
  const text = [
    name === "" ? "Hello," : `Hello ${name},`,
    "",
    `${plain(row.asked_by)} has asked for your mobile device in Fireblocks to be reset.`,
    row.reason === null ? "No reason was given." : `The reason, in their words: ${quoted(row.reason)}`,
    "",
    `What happens next: ${nextFor(row, waitMs)}`,
    "",
    "If you did not ask for this, stop it now. You sign in as always:",
    `${publicUrl}/me`,
    "",
    "If you did, there is nothing to do. This mail asks for no code and no password, and nobody who calls you may ask for one.",
    "",
  ];
  return { to, subject: "Somebody asked for your Fireblocks mobile device to be reset", text: text.join("\n") };
}

/** Asks the person's manager, who answers on the page. */
export function managersMail(row: Row, publicUrl: string, to: string): Mail {
  const who = row.user_name === null ? plain(row.user_email ?? row.user_id) : named(row.user_name);
  const text = [
    "Hello,",
    "",
    `${plain(row.asked_by)} has asked for the mobile device of ${who} in Fireblocks to be reset. You are asked to confirm it as`,
    `the manager of ${who}. Nothing is sent before you do.`,
    row.reason === null ? "No reason was given." : `The reason, in their words: ${quoted(row.reason)}`,
    "",
    `Talk to ${who} first, on a number that you know. Then confirm it or say no. You sign in as always:`,
    `${publicUrl}/confirm/${row.id}`,
    "",
  ];
  return { to, subject: `Is it right that ${who} gets a new device in Fireblocks?`, text: text.join("\n") };
}

function nextFor({ state, needs_press }: Row, waitMs: number): string {
  const wait = waitMs === 0 ? "" : `${inWords(waitMs)} after this mail`;
  const approvers = "The workspace's approvers then have to agree before your device is reset.";
  if (state === "waiting") {
    // It may wait for somebody's press then.
    const sent = needs_press === null ? "is sent" : "can be sent";
    return `it ${sent} to Fireblocks ${wait || "in a moment"}, unless you stop it. ${approvers}`;
  }
  if (state === "proposed") {
    const later = waitMs === 0 ? "" : ` ${inWords(waitMs)} after that`;
    return `it is not sent until more people have confirmed it${later && `, and not before${later}`}. ${approvers}`;
  }
  return `it is being sent to Fireblocks. ${approvers}`;
}

function inWords(ms: number): string {
  if (ms < 60_000) return `${Math.ceil(ms / 1_000)} seconds`;
  const minutes = Math.ceil(ms / 60_000);
  if (minutes % 60 === 0) return minutes === 60 ? "one hour" : `${minutes / 60} hours`;
  return minutes === 1 ? "one minute" : `${minutes} minutes`;
}
