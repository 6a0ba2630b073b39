// What Cloudflare's button reads of a repository: its configuration where the repository begins, the secrets by name and
// what is said of them, and the script that deploys.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { repository } from "../../scripts/base/environment.mjs";

const read = (path: string) => readFileSync(join(repository, path), "utf8");
const root = JSON.parse(read("package.json"));
const config = readConfig({ config: join(repository, "wrangler.jsonc") });

describe("the button", () => {
  it("leads to the repository that the package names", () => {
    const [, address = ""] = /deploy\.workers\.cloudflare\.com\/\?url=([^)]+)\)/.exec(read("README.md")) ?? [];
    expect(`git+${address}.git`).toBe(JSON.parse(read("npm/package.json")).repository.url);
  });

  it("finds the database with a name and an id to replace, and the script that brings it up to date", () => {
    expect(config.d1_databases).toEqual([
      expect.objectContaining({ binding: "DB", database_name: expect.any(String), database_id: expect.any(String) }),
    ]);
    expect(root.scripts.deploy).toBe("npm run deploy -w worker");
  });

  it("asks for every secret that the worker requires, says what each is, and holds no value", () => {
    const required: string[] = config.secrets?.required ?? [];
    expect(required.length).toBeGreaterThan(0);
    expect(Object.keys(root.cloudflare.bindings)).toEqual(required);
    const lines = read(".dev.vars.example")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(lines).toEqual(required.map((name) => `${name}=`));
  });
});
