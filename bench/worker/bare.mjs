// The least Worker that does the job: signs and forwards. No sign-in, no rules, no records. `?signatures=N` on any path
// signs N times and sends nothing, to measure what a signature costs; `?visits=N` asks D1 N times.

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const RS256 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };

/** @type {Promise<CryptoKey> | undefined} */
let key;

export default {
  /**
   * @param {Request} request
   * @param {{ FIREBLOCKS_BASE_PATH: string, FIREBLOCKS_API_KEY: string, FIREBLOCKS_SECRET_KEY: string, DB: { prepare: (sql: string) => { all: () => Promise<unknown> } } }} env
   */
  async fetch(request, env) {
    key ??= importKey(env.FIREBLOCKS_SECRET_KEY);
    const { pathname, searchParams } = new URL(request.url);
    const signatures = Number(searchParams.get("signatures") ?? 0);
    for (let count = 0; count < signatures; count++) await sign(await key, pathname, env.FIREBLOCKS_API_KEY);
    const visits = Number(searchParams.get("visits") ?? 0);
    for (let count = 0; count < visits; count++) await env.DB.prepare("SELECT 1").all();
    if (signatures + visits > 0) return new Response(null);

    const answer = await fetch(`${new URL(env.FIREBLOCKS_BASE_PATH).origin}${pathname}`, {
      method: "POST",
      headers: {
        "X-API-Key": env.FIREBLOCKS_API_KEY,
        Authorization: `Bearer ${await sign(await key, pathname, env.FIREBLOCKS_API_KEY)}`,
        "Idempotency-Key": request.headers.get("Idempotency-Key") ?? crypto.randomUUID(),
      },
    });
    return new Response(answer.body, { status: answer.status });
  },
};

/** @param {string} pem PKCS#8 */
function importKey(pem) {
  const bytes = Uint8Array.from(atob(pem.replaceAll(/-----[^-]+-----|\s/g, "")), (char) => char.charCodeAt(0));
  return crypto.subtle.importKey("pkcs8", bytes, RS256, false, ["sign"]);
}

/**
 * @param {CryptoKey} privateKey
 * @param {string} uri
 * @param {string} sub
 */
async function sign(privateKey, uri, sub) {
  const iat = Math.floor(Date.now() / 1000);
  const claims = { uri, nonce: crypto.randomUUID(), iat, exp: iat + 29, sub, bodyHash: EMPTY_SHA256 };
  const content = `${base64url(JSON.stringify({ alg: "RS256", typ: "JWT" }))}.${base64url(JSON.stringify(claims))}`;
  const signature = await crypto.subtle.sign(RS256.name, privateKey, new TextEncoder().encode(content));
  return `${content}.${base64url(String.fromCharCode(...new Uint8Array(signature)))}`;
}

/** @param {string} binary */
function base64url(binary) {
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
