// RSA keys for tests, made when they are first asked for.

import { generateKeyPairSync } from "node:crypto";

function rsaPair(modulusLength: number) {
  return generateKeyPairSync("rsa", { modulusLength });
}

let usual: ReturnType<typeof rsaPair> | undefined;

/** A pair of 2048 bits, the same throughout a test file. */
export function usualPair() {
  usual ??= rsaPair(2048);
  return usual;
}

/** The usual private key as PEM. */
export function usualPem(type: "pkcs8" | "pkcs1" = "pkcs8"): string {
  return usualPair().privateKey.export({ type, format: "pem" }).toString();
}
