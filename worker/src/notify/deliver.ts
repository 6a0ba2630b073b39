/**
 * Delivers the outbox: at least once, retried until it is taken or given up, to each destination by itself.
 *
 * @module
 */
import type { Destination } from "../configuration/destinations";
import { errorName } from "../log";
import { sendMail } from "../mail/send";
import * as outbox from "../records/outbox";
import { AWAITED, MANAGER, type Message, PERSON } from "../records/outbox";
import type { Mail } from "../records/wording";
import type { Services } from "../services";
import { personNotTold, personTold } from "./person";
import { post } from "./webhook";

const DELIVERIES_A_RUN = 10;
/** Those that nobody can be told any more: each takes an event beside. */
const ORPHANS_A_RUN = 5;
/** Of what is about one record, as soon as it is written. */
const DELIVERIES_AT_ONCE = 20;
/** While one run delivers a message no other takes it. */
const CLAIM_MS = 5 * 60_000;
/** Minutes until the next try; after the last one it is given up. About three days in all. */
const RETRY_MINUTES = [1, 5, 15, 60, 180, 360, 720, 1440, 1440];
/** A wait may hang on the person's mail: whoever cannot be told within minutes counts as not told. */
const PERSON_RETRY_MINUTES = [1, 5];
/** What cannot be told to anybody is kept for this long, in case the destination comes back. */
const KEPT_WITHOUT_DESTINATION_MS = 3 * 86_400_000;

type Delivered = "taken" | "refused" | "failed";

/** The sweep's part. @returns how many were delivered */
export async function deliverNotifications(services: Services): Promise<number> {
  const { bindings, configuration, now } = services;
  const names = outbox.destinationNames(configuration);
  await giveUpOrphaned(services, names);
  const due = await outbox.dueMessages(bindings.DB, names, now(), DELIVERIES_A_RUN);
  return deliverAll(services, due);
}

/**
 * What was written about a record is told at once, and by the next sweep only where that fails.
 *
 * @param destinations names of destinations; without them, all
 */
export async function deliverNow(services: Services, resetId: string, destinations?: string[]): Promise<void> {
  const { bindings, configuration, now, log } = services;
  try {
    const names = destinations ?? outbox.destinationNames(configuration);
    await deliverAll(services, await outbox.dueAbout(bindings.DB, resetId, names, now(), DELIVERIES_AT_ONCE));
  } catch (error) {
    log({ level: "warn", event: "notDeliveredAtOnce", recordId: resetId, error: errorName(error) });
  }
}

async function deliverAll(services: Services, messages: Message[]): Promise<number> {
  // One that cannot be written down stays claimed and is tried again; the others are none the worse for it.
  const ends = await Promise.allSettled(messages.map((message) => deliver(services, message)));
  for (const [index, end] of ends.entries()) {
    if (end.status === "fulfilled") continue;
    const recordId = messages[index]?.reset_id;
    services.log({ level: "error", event: "notificationNotWrittenDown", recordId, error: errorName(end.reason) });
  }
  return ends.filter((end) => end.status === "fulfilled" && end.value).length;
}

/** What waits for a destination that was taken away: after three days its body goes, and an event stays. */
async function giveUpOrphaned(services: Services, names: string[]): Promise<void> {
  const { bindings, now } = services;
  const since = now() - KEPT_WITHOUT_DESTINATION_MS;
  for (const message of await outbox.orphaned(bindings.DB, names, since, ORPHANS_A_RUN)) {
    await giveUp(services, message, "no destination");
  }
}

async function deliver(services: Services, message: Message): Promise<boolean> {
  const { bindings, now, log } = services;
  const { reset_id: recordId, destination } = message;
  if (!(await outbox.claim(bindings.DB, message, now() + CLAIM_MS))) return false;
  const delivered = await hand(services, message);
  if (delivered === "taken") {
    if (destination === PERSON) await personTold(services, recordId);
    await outbox.markTaken(bindings.DB, message, now());
    return true;
  }
  const pauses = destination === PERSON ? PERSON_RETRY_MINUTES : RETRY_MINUTES;
  const wait = delivered === "refused" ? undefined : pauses[message.attempts];
  if (wait === undefined) await giveUp(services, message, delivered === "refused" ? "refused" : "tried in vain");
  else {
    await outbox.postpone(bindings.DB, message, now() + wait * 60_000);
    log({ level: "warn", event: "notificationFailed", recordId, destination });
  }
  return false;
}

async function hand(services: Services, message: Message): Promise<Delivered> {
  const { destinations } = services.configuration;
  const destination = destinations.find(({ name }) => name === message.destination);
  const isToOne = [PERSON, MANAGER, AWAITED].includes(message.destination);
  if (!isToOne && destination?.kind !== "email") {
    // It was there when the messages were read.
    if (destination === undefined) return "failed";
    return (await post(services, message, destination)) ? "taken" : "failed";
  }
  const mail = JSON.parse(message.body) as Mail;
  if (destination !== undefined && !isStillIn(destination, mail.to)) return "refused";
  const sent = await sendMail(services, mail);
  return sent === "accepted" ? "taken" : sent;
}

/** Whoever was taken off the list since is not written to any more. */
function isStillIn(destination: Destination, address: string): boolean {
  return destination.kind === "email" && destination.to.includes(address);
}

async function giveUp(services: Services, message: Message, because: string): Promise<void> {
  const { bindings, records, now, log } = services;
  const { id, reset_id: recordId, destination } = message;
  if (destination === PERSON) await personNotTold(services, recordId, because);
  else if (recordId !== "" && (await records.get(recordId)) !== null) {
    const event = { event: "notTold", source: "sweep", detail: { notification: id, because } } as const;
    await records.change(recordId, () => ({ set: {}, event }));
  }
  await outbox.giveUp(bindings.DB, message, now());
  log({ level: "warn", event: "notificationGivenUp", recordId, destination });
}
