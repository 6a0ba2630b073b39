// What makes two requests the same to Fireblocks. The nonce and the times differ from request to request by design.

export interface RequestFacts {
  method: string;
  target: string;
  apiKey: unknown;
  idempotencyKey?: unknown;
  bodySha256: string;
  jwtHeader: unknown;
  uri: unknown;
  sub: unknown;
  bodyHash: unknown;
  /** The names of all claims, sorted. */
  claims: string[];
}

interface Recorded {
  method: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  bodySha256: string;
  jwt?: { header: Record<string, unknown>; claims: Record<string, unknown> };
}

/** The facts of a request, as the simulator or a scripted server recorded it. */
export function factsOf({ method, target, headers, bodySha256, jwt }: Recorded): RequestFacts {
  if (jwt === undefined) throw new Error(`${method} ${target} carried no token.`);
  const { claims } = jwt;
  const idempotencyKey = headers["idempotency-key"];
  return {
    method,
    target,
    apiKey: headers["x-api-key"],
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    bodySha256,
    jwtHeader: jwt.header,
    uri: claims.uri,
    sub: claims.sub,
    bodyHash: claims.bodyHash,
    claims: Object.keys(claims).sort(),
  };
}
