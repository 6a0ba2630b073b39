/** `fetch` through a proxy: a file of its own, since it weighs more than all the rest and few need it. */
import { ProxyAgent, fetch as undiciFetch } from "undici";

/** @param proxy - its address, with name and password where it wants them. */
export function fetchThrough(proxy: string): typeof fetch {
  const dispatcher = new ProxyAgent(proxy);
  const send = undiciFetch as unknown as (input: unknown, init: object) => Promise<Response>;
  return (input, init) => send(input, { ...init, dispatcher });
}
