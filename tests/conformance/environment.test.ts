// What keeps these tests away from a real workspace.

import { describe, expect, test } from "vitest";
import { gatewayClient } from "./support/clients.ts";
import { Control } from "./support/simulator.ts";
import configuration from "./vitest.config.ts";

describe("the tests never reach a real workspace", () => {
  test("FIREBLOCKS_* variables that were set when the tests began are gone", () => {
    const given = Object.keys(configuration.test?.env ?? {});
    expect(given).toContain("FIREBLOCKS_SECRET_KEY");
    expect(Object.keys(process.env).filter((name) => /^FIREBLOCKS_/i.test(name))).toEqual([]);
  });

  test("a base path that is not on this machine is refused before a client exists", async () => {
    await expect(gatewayClient({ basePath: "https://api.fireblocks.io/v1" })).rejects.toThrow("not on this machine");
    await expect(gatewayClient({ basePath: "http://127.0.0.1.example/v1" })).rejects.toThrow("not on this machine");
    expect(() => new Control("https://sandbox-api.fireblocks.io/_control")).toThrow("not on this machine");
  });

  test("the global fetch refuses every other host", async () => {
    await expect(fetch("https://api.fireblocks.io/v1/workspace")).rejects.toThrow("not on this machine");
    await expect(fetch(new Request("https://eu-api.fireblocks.io/v1"))).rejects.toThrow("not on this machine");
  });
});
