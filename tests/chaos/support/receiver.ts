/** Whoever is told of each change of state: takes most of what comes, and checks the signature of all of it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import type { Random } from "./random.ts";
import type { Heard } from "./verdict.ts";

export interface Receiver {
  /** What the worker needs to be set to. */
  vars: { NOTIFY_URL: string; NOTIFY_SECRET: string };
  heard: Heard[];
  close: () => void;
}

export async function startReceiver(random: Random): Promise<Receiver> {
  const secret = `whsec_${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64")}`;
  const webhook = new Webhook(secret);
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    // The sender may be killed in the middle.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const taken = !random.chance(0.25);
    const { type = "", recordId = "" } = named(body);
    const id = String(request.headers["webhook-id"]);
    heard.push({ id, type, recordId, taken, genuine: isGenuine(webhook, body, request.headers) });
    response.writeHead(taken ? 204 : 503).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    vars: { NOTIFY_URL: `http://127.0.0.1:${port}/`, NOTIFY_SECRET: secret },
    heard,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function isGenuine(webhook: Webhook, body: string, headers: NodeJS.Dict<string | string[]>): boolean {
  try {
    webhook.verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

function named(body: string): { type?: string; recordId?: string } {
  try {
    const message = JSON.parse(body) as { type?: string; data?: { recordId?: string } };
    return {
      ...(message.type && { type: message.type }),
      ...(message.data?.recordId && { recordId: message.data.recordId }),
    };
  } catch {
    return {};
  }
}
