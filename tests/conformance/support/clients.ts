// Clients as the tests use them: on this machine only, and with limits that keep a test short.

import { type Client, type ClientConfig, createClient, FireblocksError } from "fireblocks-reset-device";
import { expect } from "vitest";
import { requireLoopback } from "../../../scripts/base/environment.mjs";
import { usualPem } from "./secret-keys.ts";
import type { Simulator } from "./simulator.ts";

/** Stands where any API key will do. */
export const API_KEY = "11111111-2222-3333-4444-555555555555";

/** Stands where any user will do. */
export const USER_ID = "44fdead0-7053-4831-a53a-df7fb90d440f";

/** A client that signs with the usual key. */
export async function signingClient(server: { basePath: string }, config: ClientConfig = {}): Promise<Client> {
  return localClient(server, { apiKey: API_KEY, secretKey: usualPem(), ...config });
}

/** A client without a key, as a page behind a gateway has it. */
export async function gatewayClient(server: { basePath: string }, config: ClientConfig = {}): Promise<Client> {
  return localClient(server, config);
}

/** A client with the simulated workspace's own key. */
export async function simulatorClient(simulator: Simulator, config: ClientConfig = {}): Promise<Client> {
  const { apiKey, secretKey } = simulator;
  return localClient(simulator, { apiKey, secretKey, ...config });
}

/** Waits for a promise to reject, and for nothing but a `FireblocksError`. */
export async function failureOf(promise: Promise<unknown>): Promise<FireblocksError> {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  expect(settled, "the call must fail").toHaveProperty("error");
  const { error } = settled as { error: unknown };
  expect(error).toBeInstanceOf(FireblocksError);
  return error as FireblocksError;
}

async function localClient(server: { basePath: string }, config: ClientConfig): Promise<Client> {
  const { basePath = server.basePath } = config;
  requireLoopback(basePath, "base path");
  return createClient({ timeoutMs: 2_000, deadlineMs: 8_000, ...config, basePath });
}
