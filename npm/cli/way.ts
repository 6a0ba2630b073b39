/** The way that requests take from this machine: straight, or through a proxy that the environment names. */
import { getProxyForUrl } from "proxy-from-env";
import { ExitCode, Stop } from "./exit-codes.js";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Way {
  /** In place of the global one, where there is a proxy. */
  fetch?: typeof fetch;
  /** The proxy and the variable that names it, for people. */
  proxy?: string;
}

/**
 * The way to an address, as the official SDK takes it: its HTTP library reads the variables by the same package. Node's own
 * support reads them only where it was told to before it began, and Node 20 has none.
 */
export async function wayTo(address: string, env: Environment): Promise<Way> {
  const proxy = getProxyForUrl(address);
  if (proxy === "") return {};
  const variable = variableFor(address, env);
  // Its address may hold a password: it is not repeated where it cannot be read.
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new Stop(`${variable} is not the http: or https: address of a proxy. Nothing was sent.`, ExitCode.NotSent);
  }
  const { fetchThrough } = await import("./proxy.js");
  try {
    return { fetch: fetchThrough(proxy), proxy: `the proxy ${new URL(proxy).origin} (${variable})` };
  } catch {
    throw new Stop(
      `The name or password in ${variable} cannot be read: a % in it is written %25. Nothing was sent.`,
      ExitCode.NotSent,
    );
  }
}

function variableFor(address: string, env: Environment): string {
  const own = new URL(address).protocol.replace(":", "_proxy");
  const names = [own, "all_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  return names.find((name) => env[name]) ?? own.toUpperCase();
}
