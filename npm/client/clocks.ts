/**
 * By how much the server's clock is ahead, as the calls of each client have found it.
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
