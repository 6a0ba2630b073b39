/**
 * What is read of Fireblocks to be shown, and decided on by nobody.
 *
 * @module
 */
import { readingFailed } from "../fireblocks/answers";
import type { Loaded } from "../fireblocks/shared";
import { type GatewayContext, waitUntilOf } from "./context";

export function usersToShow(c: GatewayContext) {
  const { fireblocks } = c.var.services;
  return shown(c, fireblocks.users(waitUntilOf(c)), () => fireblocks.known.users, "The list of users");
}

export function workspaceToShow(c: GatewayContext) {
  const { fireblocks } = c.var.services;
  return shown(c, fireblocks.workspace(waitUntilOf(c)), () => fireblocks.known.workspace, "The workspace");
}

/** What is shown goes on being shown while Fireblocks' limit is met, with its age. Nothing is decided on it. */
async function shown<T>(
  c: GatewayContext,
  fresh: Promise<Loaded<T>>,
  known: () => Loaded<T> | undefined,
  what: string,
): Promise<Loaded<T>> {
  const loaded = await fresh.catch((error: unknown) => {
    const failure = readingFailed(error, what);
    const old = failure.status === 429 ? known() : undefined;
    if (old === undefined) throw failure;
    return old;
  });
  c.header("Age", String(Math.max(0, Math.floor((c.var.services.now() - loaded.startedAt) / 1_000))));
  return loaded;
}
