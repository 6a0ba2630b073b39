import { describe, expect, it } from "vitest";
import { withoutCredentials } from "../../scripts/base/credentials.mjs";
import {
  cargoTools,
  requireLoopback,
  toolCache,
  toolEnvironment,
  toolFolder,
} from "../../scripts/base/environment.mjs";
import { startStack } from "../../scripts/stack.mjs";

const CREDENTIALS = {
  FIREBLOCKS_API_KEY: "a",
  FIREBLOCKS_SECRET_KEY: "b",
  FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1",
  FIREBLOCKS_ANYTHING_ELSE: "c",
  fireblocks_api_key: "d",
  CLOUDFLARE_API_TOKEN: "e",
  CF_API_TOKEN: "f",
};

describe("the environment of what the scripts start", () => {
  it("holds no credentials of a real workspace or account", () => {
    expect(withoutCredentials({ ...CREDENTIALS, HOME: "/home/a" })).toEqual({ HOME: "/home/a" });
    const values = Object.values(toolEnvironment({ ...CREDENTIALS, PATH: "/bin" }));
    for (const credential of Object.values(CREDENTIALS)) expect(values).not.toContain(credential);
  });

  it("has the repository's tools first on the path", () => {
    expect(toolEnvironment({ PATH: "/bin" }).PATH).toMatch(
      /^[^:]*\/node_modules\/\.bin:.*:\/bin$|^[^:]*\/node_modules\/\.bin:\/bin$/,
    );
  });

  it("has those versions of the cargo tools alone that are wanted, whatever others are kept", () => {
    const folders = toolEnvironment({ PATH: "/bin", XDG_CACHE_HOME: "/caches" }).PATH?.split(":") ?? [];
    const wanted = cargoTools().map((tool) => `${toolFolder(tool, { XDG_CACHE_HOME: "/caches" })}/bin`);
    expect(folders.filter((folder) => folder.startsWith("/caches"))).toEqual(wanted);
    expect(wanted).toHaveLength(3);
  });

  it("keeps the cargo tools where XDG_CACHE_HOME says", () => {
    expect(toolCache({ XDG_CACHE_HOME: "/caches" })).toBe("/caches/fireblocks-reset-device/cargo");
    expect(toolCache({ XDG_CACHE_HOME: "" })).toMatch(/\.cache\/fireblocks-reset-device\/cargo$/);
  });
});

describe("a base path", () => {
  it.each(["http://127.0.0.1:8080/v1", "http://127.1.2.3/v1", "http://localhost:1/v1", "http://[::1]:9/v1"])(
    "on this machine is accepted: %s",
    (address) => expect(() => requireLoopback(address, "base path")).not.toThrow(),
  );

  it.each([
    "https://api.fireblocks.io/v1",
    "https://sandbox-api.fireblocks.io/v1",
    "http://10.0.0.1/v1",
    "http://127.0.0.1.example.com/v1",
    "http://localhost.example.com/v1",
    "http://127.0.0.1@api.fireblocks.io/v1",
    "http://[::2]/v1",
    "https://0.0.0.0/v1",
  ])("elsewhere is refused: %s", (address) => {
    expect(() => requireLoopback(address, "base path")).toThrow(/not on this machine.*nothing was sent/is);
  });

  it("that is no URL is refused", () => {
    expect(() => requireLoopback("api.fireblocks.io", "base path")).toThrow("is not a URL");
  });

  it.each(["FIREBLOCKS_BASE_PATH", "FIREBLOCKS_RELAY_URL"])(
    "elsewhere is refused by the stack before it builds or starts anything: %s",
    async (name) => {
      const began = Date.now();
      await expect(startStack({ vars: { [name]: "https://api.fireblocks.io/v1" } })).rejects.toThrow(
        "https://api.fireblocks.io is not on this machine",
      );
      expect(Date.now() - began).toBeLessThan(1_000);
    },
  );
});
