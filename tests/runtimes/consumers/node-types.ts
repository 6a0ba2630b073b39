// Node's own signal, fetch and key, by @types/node.
import { webcrypto } from "node:crypto";
import { createClient } from "fireblocks-reset-device";

const { privateKey } = await webcrypto.subtle.generateKey(
  { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  false,
  ["sign"],
);
const client = await createClient({
  apiKey: process.env.FIREBLOCKS_API_KEY,
  secretKey: privateKey,
  fetch: (input, init) => fetch(input, init),
});
await client.getWorkspace({ signal: AbortSignal.timeout(1_000) });
