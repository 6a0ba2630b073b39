import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";

const read = (path: string) => readFileSync(join(repository, path), "utf8");

describe("docs/threat-model.md", () => {
  const named = [...read("docs/threat-model.md").matchAll(/`([\w./-]+\.ts)` “([^”]+)”/g)].map(
    ([, file = "", title = ""]) => ({ file, title }),
  );

  it("names a test for most threats", () => expect(named.length).toBeGreaterThan(40));

  it.each(named)("names $file “$title”, which exists", ({ file, title }) => {
    expect(existsSync(join(repository, file)), file).toBe(true);
    expect(read(file)).toContain(`"${title}"`);
  });
});

describe("docs/deploy.md", () => {
  const table = read("docs/deploy.md").matchAll(/^\| `([A-Z_]+)` \|/gm);
  const documented = [...table].map(([, name]) => name).sort();
  const bindings = /interface Bindings \{([\s\S]*?)\n\}/.exec(read("worker/src/configuration.ts"))?.[1] ?? "";
  const settings = [...bindings.matchAll(/^ {2}([A-Z_]+)\??:/gm)].map(([, name]) => name).sort();

  it("tells of every setting of the worker, and of no other", () => {
    expect(settings.length).toBeGreaterThan(20);
    expect(documented).toEqual(settings);
  });
});
