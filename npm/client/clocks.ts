/**
 * By how much the server's clock is ahead, as the calls of each client have found it, and a clock that nobody sets.
 *
 * @module
 */
import type { Client } from "../index.d.ts";
import type { ClientData } from "./protocol.ts";

const clients = new WeakMap<Client, ClientData>();

/** Says whose calls those of `client` are. */
export function setClock(client: Client, data: ClientData): void {
  clients.set(client, data);
}

/** In milliseconds; nothing where no call has found the clocks apart. */
export function clockDifferenceOf(client: Client): number | undefined {
  return clients.get(client)?.clockDifferenceMs;
}

/** Goes on from what the machine's clock shows now, whatever that is set to later. */
export function steadyClock(): () => number {
  const origin = Date.now() - performance.now();
  return () => Math.round(origin + performance.now());
}
