import { describe, expect, it } from "vitest";
import { mayCall, type Provenance } from "./origin";

const base: Provenance = {
  method: "POST",
  ownOrigin: "https://reset.example",
  origin: null,
  secFetchSite: null,
  serviceToken: false,
  allowedOrigins: new Set(["https://admin.example"]),
};

describe("the rules", () => {
  const own = "https://reset.example";
  it.each<[boolean, Partial<Provenance>]>([
    [true, { origin: own, secFetchSite: "same-origin" }],
    [true, { origin: own }],
    [true, { secFetchSite: "same-origin" }],
    [false, {}],
    [true, { serviceToken: true }],
    [false, { serviceToken: true, origin: "https://evil.example" }],
    [false, { serviceToken: true, secFetchSite: "cross-site" }],
    [false, { origin: "https://evil.example", secFetchSite: "cross-site" }],
    [false, { origin: "https://evil.example", secFetchSite: "same-origin" }],
    [false, { origin: own, secFetchSite: "cross-site" }],
    [false, { origin: own, secFetchSite: "same-site" }],
    [false, { secFetchSite: "cross-site" }],
    [false, { secFetchSite: "same-site" }],
    [false, { secFetchSite: "none" }],
    [false, { secFetchSite: "new-value" }],
    [false, { origin: "null" }],
    [false, { origin: "http://reset.example" }],
    [false, { origin: "https://reset.example:8443" }],
    [false, { origin: "https://reset.example.evil.example" }],
    [true, { origin: "https://admin.example", secFetchSite: "cross-site" }],
    [true, { origin: "https://admin.example", secFetchSite: "same-site" }],
    [false, { method: "GET" }],
    [false, { method: "HEAD" }],
    [true, { method: "GET", serviceToken: true }],
    [true, { method: "GET", origin: own }],
    [true, { method: "GET", secFetchSite: "none" }],
    [true, { method: "GET", secFetchSite: "same-origin" }],
    [false, { method: "GET", secFetchSite: "cross-site" }],
    [false, { method: "GET", origin: "https://evil.example" }],
  ])("%s for %o", (expected, change) => {
    expect(mayCall({ ...base, ...change })).toBe(expected);
  });
});
