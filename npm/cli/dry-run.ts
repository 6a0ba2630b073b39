/** Prints the reset's request as the client would send it, without sending it. */
import type { ResetNote } from "../index.js";
import type { Connection } from "./connection.js";
import { HIDDEN } from "./output.js";

/** Headers that prove who is asking. */
const SECRET_HEADERS = new Set(["cookie", "cf-access-client-secret"]);

export interface PrintedRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** The JWT's parts, where the client signs; its signature is never printed. */
  jwt?: { header: unknown; claims: unknown };
  body?: string;
}

/** The request that `resetDevice` makes, caught on its way to the network. */
export async function requestOf(
  connection: Connection,
  id: string,
  idempotencyKey: string,
  note: ResetNote | undefined,
): Promise<PrintedRequest> {
  let caught: Request | undefined;
  const client = await connection.client({
    maxRetries: 0,
    fetch: async (input, init) => {
      caught = new Request(input, init);
      throw new Error("a dry run sends nothing");
    },
  });
  try {
    await client.resetDevice(id, idempotencyKey, note && { note });
  } catch (error) {
    if (!caught) throw error;
  }
  if (!caught) throw new Error("the client made no request");
  return printed(caught);
}

async function printed(request: Request): Promise<PrintedRequest> {
  const headers: Record<string, string> = {};
  let jwt: PrintedRequest["jwt"];
  for (const [name, value] of request.headers) {
    headers[name] = SECRET_HEADERS.has(name) ? HIDDEN : value;
    if (name === "authorization") {
      const [header = "", claims = ""] = value.replace(/^Bearer /, "").split(".");
      headers[name] = `Bearer ${header}.${claims}.${HIDDEN}`;
      jwt = { header: decoded(header), claims: decoded(claims) };
    }
  }
  const body = await request.text();
  return { method: request.method, url: request.url, headers, ...(jwt && { jwt }), ...(body && { body }) };
}

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}

/** The request as lines that look like HTTP. */
export function linesOf(request: PrintedRequest): string[] {
  return [
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body ? ["", request.body] : []),
    ...(request.jwt
      ? ["", `JWT header: ${JSON.stringify(request.jwt.header)}`, `JWT claims: ${JSON.stringify(request.jwt.claims)}`]
      : []),
  ];
}
