/**
 * Who is asking: a Cloudflare Access JWT, verified. A Worker with static assets is not given `ctx.access`,
 * so the token itself is the only proof there is.
 *
 * @module
 */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { lowerEmail } from "../email";
import { CertsUnavailable, KeyNotKnownYet } from "./certs";

/** Access tokens are about 1 KiB; a custom claim may make them longer. */
const MAX_TOKEN_CHARS = 8 * 1024;

/** What is written otherwise could be the name of a group or of a service. */
const EMAIL = /^[^\s@:]+@[^\s@:]+$/;

/** What the clocks of Access and of the Worker may differ by. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** A verified sign-in. */
export type SignIn =
  | { kind: "person"; id: string; email: string; claims: JWTPayload; token: string }
  | { kind: "service"; id: string; claims: JWTPayload; token: string };

/**
 * Why nobody was recognised. `unavailable`: the team's certs could not be fetched. `unknownKey`: the token's key may be among
 * the certs when they are fetched next.
 */
export class NotSignedIn extends Error {
  override readonly name = "NotSignedIn";
  constructor(readonly reason: "missing" | "refused" | "expired" | "unavailable" | "unknownKey") {
    super(reason);
  }
}

/** The header is Access' own. A browser that reaches the worker without Access in front has the cookie alone. */
function tokenOf(headers: Headers): string | undefined {
  const header = headers.get("Cf-Access-Jwt-Assertion");
  if (header !== null) return header;
  for (const pair of (headers.get("Cookie") ?? "").split(";")) {
    const [name, ...value] = pair.trim().split("=");
    if (name === "CF_Authorization") return value.join("=");
  }
  return undefined;
}

/**
 * Verifies the request's token: signature, `alg` (RS256 alone), `iss`, `aud`, `exp`, `nbf`.
 *
 * @throws {@link NotSignedIn}
 */
export async function verifySignIn(
  headers: Headers,
  keys: JWTVerifyGetKey,
  expected: { issuer: string; audience: string; now: number },
): Promise<SignIn> {
  const token = tokenOf(headers);
  if (token === undefined || token === "") throw new NotSignedIn("missing");
  if (token.length > MAX_TOKEN_CHARS) throw new NotSignedIn("refused");

  const claims = await verifiedClaims(token, keys, expected);
  // The team's own session token is signed by the same keys; only an application's token is for us.
  if (claims.type !== "app") throw new NotSignedIn("refused");

  const { sub, email, common_name: clientId } = claims;
  if (typeof email === "string" && EMAIL.test(email) && typeof sub === "string" && sub !== "") {
    return { kind: "person", id: sub, email: lowerEmail(email), claims, token };
  }
  if (email === undefined && !sub && typeof clientId === "string" && clientId !== "") {
    return { kind: "service", id: clientId, claims, token };
  }
  throw new NotSignedIn("refused");
}

async function verifiedClaims(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience, now }: { issuer: string; audience: string; now: number },
): Promise<JWTPayload> {
  try {
    const verified = await jwtVerify(token, keys, {
      algorithms: ["RS256"],
      issuer,
      audience,
      requiredClaims: ["exp", "iat"],
      currentDate: new Date(now),
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    });
    return verified.payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new NotSignedIn("expired");
    if (error instanceof KeyNotKnownYet) throw new NotSignedIn("unknownKey");
    throw new NotSignedIn(error instanceof CertsUnavailable ? "unavailable" : "refused");
  }
}
