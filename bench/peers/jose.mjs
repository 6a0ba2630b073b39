// `jose` signs, `fetch` sends: the way of those who want no SDK but no WebCrypto of their own either.
import { importPKCS8, SignJWT } from "jose";

const EMPTY_BODY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** @type {import("./peer.d.ts").Create} */
export async function create({ basePath, apiKey, secretKey }) {
  const key = await importPKCS8(secretKey, "RS256");
  return async (id, idempotencyKey) => {
    const url = new URL(`${basePath}/management/users/${encodeURIComponent(id)}/reset_device`);
    const claims = { uri: url.pathname, nonce: crypto.randomUUID(), sub: apiKey, bodyHash: EMPTY_BODY_HASH };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuedAt()
      .setExpirationTime("29s")
      .sign(key);
    const response = await fetch(url, {
      method: "POST",
      headers: { "X-API-Key": apiKey, Authorization: `Bearer ${token}`, "Idempotency-Key": idempotencyKey },
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`Fireblocks answered ${response.status}`);
  };
}
