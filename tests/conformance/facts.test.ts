// What Rust and TypeScript both know, and must know alike.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "fireblocks-reset-device";
import { AUDIT_LOG_SUBJECTS, isLoopback } from "fireblocks-reset-device/gateway-api";
import { expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";

test.each([
  ...["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"],
  ...["fireblocks.io", "localhost.example", "127.example", "127.0.0.1.example", "10.0.0.1", "[::2]", "xlocalhost"],
])("plain http: to %s is judged alike", async (hostname) => {
  const client = createClient({ basePath: `http://${hostname}/v1` });
  const accepted = await client.then(
    () => true,
    () => false,
  );
  expect(isLoopback(hostname)).toBe(accepted);
});

test("the subjects that are asked for are those that are understood", () => {
  const source = readFileSync(join(repository, "src", "progress", "audit_log.rs"), "utf8");
  const understood = [...source.matchAll(/\("([^"]+)", Family::\w+\)/g)].map(([, subject]) => subject);
  expect([...AUDIT_LOG_SUBJECTS].sort()).toEqual(understood.sort());
});
