/**
 * Makes a signer of whatever form the secret key has.
 *
 * @module
 */
import type { Signer } from "../index.d.ts";
import { ensure, guarded, Unusable } from "./arguments.ts";
import { withInstance } from "./instance.ts";
import { LONGEST_PEM } from "./limits.ts";

const ALGORITHM = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** Resolves with a function that signs with `secretKey`. No copy of a PEM text is kept. */
export async function signerOf(secretKey: unknown): Promise<Signer> {
  if (typeof secretKey === "function") {
    return secretKey as Signer;
  }
  const key = typeof secretKey === "string" ? await importPem(secretKey) : checkCryptoKey(secretKey);
  return (data) => crypto.subtle.sign(ALGORITHM.name, key, data);
}

async function importPem(pem: string): Promise<CryptoKey> {
  ensure(pem.length <= LONGEST_PEM, "The secret key is too long to be one.");
  ensure(!!globalThis.crypto?.subtle, "There is no WebCrypto here. Browsers offer it to https: pages only.");
  const der = await withInstance((wasm) => wasm.readSecretKey(pem));
  try {
    return await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
  } catch (cause) {
    throw new Unusable("The secret key is damaged: WebCrypto does not take it.", cause);
  } finally {
    der.fill(0);
  }
}

function checkCryptoKey(key: unknown): CryptoKey {
  const reason = "secretKey must be PEM text, a CryptoKey, or a function that signs.";
  // What only looks like a key may fail at any of these questions.
  return guarded(reason, () => {
    const given = key as CryptoKey;
    // By its tag, as a key of another realm has it too.
    ensure(Object.prototype.toString.call(given) === "[object CryptoKey]", reason);
    const { name, hash, modulusLength } = given.algorithm as RsaHashedKeyAlgorithm;
    ensure(
      name === ALGORITHM.name && hash?.name === ALGORITHM.hash,
      "The CryptoKey of secretKey must be for RSASSA-PKCS1-v1_5 with SHA-256.",
    );
    ensure(!(modulusLength < 2048), "The CryptoKey of secretKey has fewer than 2048 bits.");
    ensure(
      given.type === "private" && given.usages.includes("sign"),
      "The CryptoKey of secretKey must be a private key that may sign.",
    );
    return given;
  });
}
