/**
 * Delivers the outbox: Standard Webhooks, at least once, retried until it is taken or given up.
 *
 * @module
 */
import { errorName } from "../log";
import { bounded } from "../records/store";
import type { Services } from "../services";

const DELIVERIES_A_RUN = 20;
const DELIVERY_TIMEOUT_MS = 10_000;
/** While one run delivers a message no other takes it. */
const CLAIM_MS = 5 * 60_000;
/** Minutes until the next try; after the last one it is given up. About three days in all. */
const RETRY_MINUTES = [1, 5, 15, 60, 180, 360, 720, 1440, 1440];

interface OutboxRow {
  id: string;
  reset_id: string;
  next_attempt_at: number;
  attempts: number;
  body: string;
}

/** @returns how many were delivered */
export async function deliverNotifications(services: Services): Promise<number> {
  const { configuration, bindings, now } = services;
  if (configuration.notify === undefined) return 0;
  const due = bindings.DB.prepare(
    `SELECT * FROM outbox WHERE delivered_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= ?
     ORDER BY next_attempt_at LIMIT ?`,
  ).bind(now(), DELIVERIES_A_RUN);
  const { results } = await bounded(due.all<OutboxRow>());
  const { notify } = configuration;
  // One that cannot be written down stays claimed and is tried again; the others are none the worse for it.
  const ends = await Promise.allSettled(results.map((row) => deliver(services, row, notify)));
  for (const [index, end] of ends.entries()) {
    if (end.status === "fulfilled") continue;
    const recordId = results[index]?.reset_id;
    services.log({ level: "error", event: "notificationNotWrittenDown", recordId, error: errorName(end.reason) });
  }
  return ends.filter((end) => end.status === "fulfilled" && end.value).length;
}

async function deliver(
  services: Services,
  row: OutboxRow,
  notify: { url: URL; secret: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  const { bindings, now, log } = services;
  const claim = bindings.DB.prepare(
    "UPDATE outbox SET next_attempt_at = ?, attempts = attempts + 1 WHERE id = ? AND attempts = ? AND delivered_at IS NULL",
  ).bind(now() + CLAIM_MS, row.id, row.attempts);
  if ((await bounded(claim.run())).meta.changes === 0) return false;

  const taken = await post(services, row, notify);
  if (taken) {
    await bounded(bindings.DB.prepare("UPDATE outbox SET delivered_at = ? WHERE id = ?").bind(now(), row.id).run());
    return true;
  }
  const wait = RETRY_MINUTES[row.attempts];
  const next =
    wait === undefined
      ? bindings.DB.prepare("UPDATE outbox SET given_up_at = ? WHERE id = ?").bind(now(), row.id)
      : bindings.DB.prepare("UPDATE outbox SET next_attempt_at = ? WHERE id = ?").bind(now() + wait * 60_000, row.id);
  await bounded(next.run());
  log({
    level: "warn",
    event: wait === undefined ? "notificationGivenUp" : "notificationFailed",
    recordId: row.reset_id,
  });
  return false;
}

async function post(
  { now, log, outbound }: Services,
  row: OutboxRow,
  { url, secret }: { url: URL; secret: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  const timestamp = Math.floor(now() / 1_000);
  try {
    const response = await outbound(url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "webhook-id": row.id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": await signature(secret, `${row.id}.${timestamp}.${row.body}`),
      },
      body: row.body,
      redirect: "manual",
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    log({ level: "warn", event: "notificationUnreachable", recordId: row.reset_id, error: errorName(error) });
    return false;
  }
}

/** As Standard Webhooks 1 has it: `v1,` and the base64 of HMAC-SHA256 over id, time and body. */
async function signature(secret: Uint8Array<ArrayBuffer>, content: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`;
}
