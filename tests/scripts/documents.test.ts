import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { pictureName, SIZES, THEMES } from "../../scripts/pictures/names.mjs";
import { states } from "../../scripts/pictures/states.mjs";

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

describe("docs/page.md", () => {
  const pictures = Object.keys(states).flatMap((state) =>
    Object.keys(SIZES).flatMap((size) => THEMES.map((theme) => pictureName(state, theme, size))),
  );
  const shown = (path: string) => [...read(path).matchAll(/screenshots\/([\w-]+\.png)\)/g)].map(([, name]) => name);

  it("shows every picture that is taken, in the order of the states, and no other", () =>
    expect(shown("docs/page.md")).toEqual(pictures));

  it("README.md shows no picture that is not taken", () => {
    expect(shown("README.md").length).toBeGreaterThan(0);
    for (const name of shown("README.md")) expect(pictures).toContain(name);
  });
});
