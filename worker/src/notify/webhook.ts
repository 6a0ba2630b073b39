/**
 * Posts a message to an address, as Standard Webhooks or as plain JSON.
 *
 * @module
 */
import type { Destination } from "../configuration/destinations";
import { errorName } from "../log";
import type { Message } from "../records/outbox";
import type { Services } from "../services";

const DELIVERY_TIMEOUT_MS = 10_000;

type Hook = Exclude<Destination, { kind: "email" }>;

/** @returns whether it was taken */
export async function post({ now, log, outbound }: Services, message: Message, hook: Hook): Promise<boolean> {
  const { reset_id: recordId, destination } = message;
  try {
    const response = await outbound(hook.url, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(hook.kind === "standard-webhook" && (await signed(message, hook.secret, now()))),
      },
      body: message.body,
      redirect: "manual",
      signal: AbortSignal.timeout(DELIVERY_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok;
  } catch (error) {
    log({ level: "warn", event: "notificationUnreachable", recordId, destination, error: errorName(error) });
    return false;
  }
}

/** As Standard Webhooks 1 has it: `v1,` and the base64 of HMAC-SHA256 over id, time and body. */
async function signed({ id, body }: Message, secret: Uint8Array<ArrayBuffer>, now: number) {
  const timestamp = Math.floor(now / 1_000);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
}
