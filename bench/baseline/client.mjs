// What a careful person writes by hand in an afternoon: WebCrypto and fetch, and nothing else. It has no retry, no
// time-out, no check of the id or key, no reading of errors, no outcome. It is what ours is measured against.

const EMPTY_BODY_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** @param {{ basePath: string, apiKey: string, secretKey: string }} config */
export async function createClient({ basePath, apiKey, secretKey }) {
  const base64 = secretKey.replace(/-----[^-]+-----|\s/g, "");
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]);
  const encoder = new TextEncoder();
  const header = base64Url(encoder.encode(JSON.stringify({ alg: "RS256", typ: "JWT" })));

  return {
    /**
     * @param {string} id
     * @param {string} idempotencyKey
     */
    async resetDevice(id, idempotencyKey) {
      const url = new URL(`${basePath}/management/users/${encodeURIComponent(id)}/reset_device`);
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        uri: url.pathname,
        nonce: crypto.randomUUID(),
        iat: now,
        exp: now + 29,
        sub: apiKey,
        bodyHash: EMPTY_BODY_HASH,
      };
      const signed = `${header}.${base64Url(encoder.encode(JSON.stringify(claims)))}`;
      const signature = new Uint8Array(await crypto.subtle.sign(algorithm.name, key, encoder.encode(signed)));
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "X-API-Key": apiKey,
          Authorization: `Bearer ${signed}.${base64Url(signature)}`,
          "Idempotency-Key": idempotencyKey,
        },
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`Fireblocks answered ${response.status}`);
      return { requestId: response.headers.get("x-request-id") };
    },
  };
}

/** @param {Uint8Array} bytes */
function base64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
