/** `fetch` through a proxy: a file of its own, since it weighs more than all the rest and few need it. */
import { type Dispatcher, Pool, ProxyAgent, fetch as undiciFetch } from "undici";

/** @param proxy - its address, with name and password where it wants them. */
export function fetchThrough(proxy: string): typeof fetch {
  const dispatcher = new ProxyAgent({ uri: proxy, clientFactory: connections });
  const send = undiciFetch as unknown as (input: unknown, init: object) => Promise<Response>;
  return (input, init) => send(input, { ...init, dispatcher });
}

/**
 * The connections to the proxy. That one broke off is told by an error without a code of its own: by its code undici takes
 * it for passing, and would ask for the tunnel again at once, without end.
 */
function connections(proxy: URL, options: object): Dispatcher {
  const pool = new Pool(proxy, options);
  const connect = pool.connect.bind(pool) as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  const tunnel = (options: Dispatcher.ConnectOptions) =>
    connect(options).catch((cause) => {
      throw new Error("The proxy opened no tunnel.", { cause });
    });
  return Object.assign(pool, { connect: tunnel });
}
