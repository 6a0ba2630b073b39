/**
 * What stands before the routes: sizes, configuration and sign-in before all of them; origin and role before the API's.
 *
 * @module
 */
import type { LostRole, Role } from "fireblocks-reset-device/gateway-api";
import type { MiddlewareHandler } from "hono";
import type { Person } from "../access/people";
import { namedRoles } from "../access/roles";
import { NotSignedIn, type SignIn, verifySignIn } from "../access/token";
import { BodyTooLarge, readBounded } from "../body";
import { CODES, GatewayError } from "../errors";
import type { Services } from "../services";
import { type GatewayContext, type GatewayEnv, opensPage } from "./context";
import { isFromNowhere, mayCall, type Provenance } from "./origin";

/** All header names and values together. Cookies of other sites on the same host count too. */
const MAX_HEADER_CHARS = 24 * 1024;
/** A note is at most 3 700 characters, with all that it may hold; each may take several bytes, or an escape. */
const MAX_BODY_BYTES = 24 * 1024;

type Guard = MiddlewareHandler<GatewayEnv>;

export const limitHeaders: Guard = async (c, next) => {
  let length = 0;
  for (const [name, value] of c.req.raw.headers) length += name.length + value.length;
  if (length > MAX_HEADER_CHARS) throw new GatewayError(431, CODES.tooLarge, "The request's headers are too large.");
  await next();
};

/** A worker that is wrongly configured does nothing at all; what is wrong is in its log, not in its answers. */
export const requireConfiguration: Guard = async (c, next) => {
  const { made } = c.env;
  if (!made.ok) {
    throw new GatewayError(
      503,
      CODES.configuration,
      "This worker is not configured rightly. Whoever runs it finds every problem named in its log. Nothing was sent.",
      { retryAfterSeconds: 60 },
    );
  }
  c.set("services", made.services);
  await next();
};

/**
 * The request's sign-in, verified.
 *
 * @throws {@link NotSignedIn}
 */
export function signInOf({ configuration, certs, now }: Services, headers: Headers): Promise<SignIn> {
  return verifySignIn(headers, certs, {
    issuer: configuration.teamDomain.origin,
    audience: configuration.audience,
    now: now(),
  });
}

/** Whoever has signed in, with their roles. */
export async function personOf({ roleBook }: Services, signIn: SignIn): Promise<Person> {
  const { kind, id } = signIn;
  const { roles, lost } = await roleBook.rolesOf(signIn);
  return { kind, id, name: signIn.kind === "person" ? signIn.email : id, roles, lostRoles: lost };
}

/** A person without a role gets past this, to be told so by the page; a service token that nobody named does not. */
export const requireSignIn: Guard = async (c, next) => {
  const signIn = await signedIn(c);
  const { roles } = c.var.services.configuration;
  if (signIn.kind === "service" && namedRoles("service", signIn.id, roles).size === 0) {
    // What it tried is kept like anybody else's.
    c.set("person", { kind: "service", id: signIn.id, name: signIn.id, roles: new Map(), lostRoles: [] });
    throw new GatewayError(
      403,
      CODES.noRole,
      "This service token is not accepted here: no role is given to it. Whoever runs this worker can name it in ROLES. Nothing was sent.",
    );
  }
  c.set("signIn", signIn);
  await next();
};

/** Apart from the sign-in, since groups may have to be asked for, and the page's files are for any sign-in. */
export const findRoles: Guard = async (c, next) => {
  c.set("person", await personOf(c.var.services, c.var.signIn));
  await next();
};

async function signedIn(c: GatewayContext): Promise<SignIn> {
  try {
    return await signInOf(c.var.services, c.req.raw.headers);
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
    if (error.reason === "unknownKey") {
      throw new GatewayError(
        503,
        CODES.signInUnavailable,
        "Your sign-in cannot be checked now: it was signed by a key that this worker does not know yet. Nothing was sent. Try again in half a minute.",
        { retryAfterSeconds: 30, cause: error },
      );
    }
    if (error.reason === "unavailable") {
      throw new GatewayError(
        503,
        CODES.signInUnavailable,
        "Your sign-in cannot be checked now: the keys of Cloudflare Access cannot be fetched. Nothing was sent. Try again in a minute.",
        { retryAfterSeconds: 30, cause: error },
      );
    }
    throw new GatewayError(401, CODES.signedOut, SIGNED_OUT[error.reason], {
      signInUrl: signInUrl(c),
      cause: error,
    });
  }
}

const SIGNED_OUT = {
  missing: "Sign in to go on.",
  expired: "Your sign-in has expired. Sign in again.",
  refused: "Your sign-in is not accepted. Sign in again.",
};

function signInUrl(c: GatewayContext): string {
  const { teamDomain, audience } = c.var.services.configuration;
  const url = new URL(`/cdn-cgi/access/login/${new URL(c.req.url).host}`, teamDomain);
  url.search = new URLSearchParams({ kid: audience, redirect_url: returnPath(c) }).toString();
  return url.href;
}

/** Where signing in leads back to: the address that was opened, or the page for what was asked by a page that is open. */
function returnPath(c: GatewayContext): string {
  const { pathname, search } = new URL(c.req.url);
  // A path that begins with two slashes is another host's address to whoever resolves it.
  return opensPage(c) && !pathname.startsWith("//") ? pathname + search : `${c.env.prefix}/`;
}

/** Comes after the sign-in, since only a service token may do without the headers that browsers send. */
export const requireOwnOrigin: Guard = async (c, next) => {
  const provenance: Provenance = {
    method: c.req.method,
    ownOrigin: new URL(c.req.url).origin,
    origin: c.req.header("Origin") ?? null,
    secFetchSite: c.req.header("Sec-Fetch-Site") ?? null,
    serviceToken: c.var.signIn.kind === "service",
    allowedOrigins: c.var.services.configuration.allowedOrigins,
  };
  if (!mayCall(provenance)) {
    throw new GatewayError(
      403,
      CODES.crossSite,
      isFromNowhere(provenance)
        ? "This request has neither Origin nor Sec-Fetch-Site, which only a service token's may lack. Nothing was sent. A program that calls for a person sends this worker's own origin as Origin."
        : "Requests from other sites are refused. Nothing was sent. Use the worker's own page.",
    );
  }
  await next();
};

/** Whatever is asked for: what is answered from the records alone costs D1 all the same. */
export const limitRequests: Guard = async (c, next) => {
  const { bindings, configuration } = c.var.services;
  const { person } = c.var;
  if (configuration.rateLimits && bindings.READ_LIMIT !== undefined) {
    const { success } = await bindings.READ_LIMIT.limit({ key: `${person.kind}:${person.id}` });
    if (!success) {
      throw new GatewayError(
        429,
        CODES.rateLimited,
        "You ask faster than is allowed here. Nothing was sent. Wait a minute.",
        {
          retryAfterSeconds: 60,
        },
      );
    }
  }
  await next();
};

/** A person, with a role or without: what is for oneself alone is for no service token. */
export const requirePerson: Guard = async (c, next) => {
  if (c.var.person.kind !== "person") {
    throw new GatewayError(403, CODES.serviceToken, "This is for a person who has signed in. Nothing was changed.");
  }
  await next();
};

/** Nothing is looked up for whoever has none of the roles, so that an answer tells nothing of what exists. */
export function requireRole(...roles: Role[]): Guard {
  return async (c, next) => {
    const { roles: held, lostRoles } = c.var.person;
    if (!roles.some((role) => held.has(role))) {
      const message =
        held.size === 0
          ? "You are signed in but have no role here. Ask whoever runs this worker for one."
          : `Your role does not allow this: it takes the role ${roles.join(" or ")}.`;
      const lost = lostRoles.find(({ role }) => roles.includes(role));
      throw new GatewayError(403, CODES.noRole, lost === undefined ? message : `${message} ${wordsOf(lost)}`);
    }
    await next();
  };
}

export const ANY_ROLE = requireRole("viewer", "resetter", "auditor");
export const RESETTER = requireRole("resetter");
export const AUDITOR = requireRole("auditor");

function wordsOf({ role, groupName, groupId }: LostRole): string {
  return `The name of your group “${groupName}” does not give the role ${role} any more, since names are not unique. If this is the group that is meant, it is named in ROLES as group-id:${groupId}.`;
}

/** The body as text, empty where there is none. */
export async function readBody(c: GatewayContext): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(c.req.raw.body, MAX_BODY_BYTES);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new GatewayError(413, CODES.tooLarge, "The request's body is too large. Nothing was sent.");
  }
  if (bytes.byteLength === 0) return "";
  if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? "")) {
    throw new GatewayError(415, CODES.invalidRequest, "The body must be application/json. Nothing was sent.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new GatewayError(400, CODES.invalidRequest, "The body is not valid UTF-8. Nothing was sent.");
  }
}
