import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { documentPictures, pictures, shownPictures } from "../../scripts/screenshots/names.mjs";
import { states } from "../../scripts/screenshots/states.mjs";

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
  const bindings = /interface Bindings \{([\s\S]*?)\n\}/.exec(read("worker/src/configuration/bindings.ts"))?.[1] ?? "";
  const settings = [...bindings.matchAll(/^ {2}([A-Z_]+)\??:/gm)].map(([, name]) => name).sort();

  it("tells of every setting of the worker, and of no other", () => {
    expect(settings.length).toBeGreaterThan(20);
    expect(documented).toEqual(settings);
  });
});

describe("docs/page.md", () => {
  it("tells of every state of the page by its name, in the order of the states", () => {
    const named = [...read("docs/page.md").matchAll(/^- \*\*[^*]+\*\* \(`([\w-]+)`\):/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(states));
  });
});

describe("the pictures", () => {
  const kept = readdirSync(documentPictures);
  const size = (paths: string[]) => paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const docs = readdirSync(join(repository, "docs"), { recursive: true, withFileTypes: true });

  it("that are kept are those that the documents show, a dozen at most", () => {
    expect(kept.sort()).toEqual(shownPictures().sort());
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(12);
  });
  it("are of states that there are", () => {
    const possible = Object.keys(states).flatMap((state) => pictures(state).map(({ file }) => file));
    expect(kept.filter((file) => !possible.includes(file))).toEqual([]);
  });
  it("are small, and docs/ with them", () => {
    expect(size(kept.map((file) => join(documentPictures, file)))).toBeLessThan(1_500_000);
    const files = docs.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(size(files)).toBeLessThan(2_500_000);
  });
});
