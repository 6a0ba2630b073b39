/**
 * What an identity provider tells of somebody beside who they are.
 *
 * @module
 */
import type { JWTPayload } from "jose";
import { lowerEmail } from "../email";

/** Access puts the provider's own claims below `custom`. */
export function customClaim(claims: JWTPayload, name: string): unknown {
  const custom = claims.custom;
  if (typeof custom === "object" && custom !== null && Object.hasOwn(custom, name)) {
    return (custom as Record<string, unknown>)[name];
  }
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** The e-mail of the manager that a person's own sign-in names; null where the claim is none. */
export function managerIn(claims: JWTPayload, claim: string | undefined): string | null {
  if (claim === undefined) return null;
  const value = customClaim(claims, claim);
  return typeof value === "string" && /^[^\s@:]+@[^\s@:]+$/.test(value) ? lowerEmail(value) : null;
}
