import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { parts } from "../../scripts/test/parts.mjs";

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: repository,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(rs|ts|mts|mjs|js|json|jsonc|toml|md|html|css|sql|sh)$/.test(file));
const text = (file: string) => readFileSync(join(repository, file), "utf8");
const here = "tests/scripts/repository.test.ts";

/** The files, this one left out, in which a pattern is found, with the line. */
function found(pattern: RegExp, among: (file: string) => boolean = () => true) {
  return files
    .filter((file) => file !== here && among(file))
    .flatMap((file) =>
      text(file)
        .split("\n")
        .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
}

describe("the repository", () => {
  it("has no test that is switched off or alone", () => {
    expect(found(/\b(it|test|describe)\.(only|skip|todo|fixme)\b|#\[ignore|\bxit\(/)).toEqual([]);
  });
  it("leaves nothing to do later", () => {
    expect(found(/\b(TODO|FIXME|XXX|HACK)\b/, (file) => !file.endsWith("package-lock.json"))).toEqual([]);
  });
  it("names no registry in the lock files", () => {
    expect(
      found(/"resolved": "(?!\.|pkg|worker|www|file:fireblocks)/, (file) => file.endsWith("package-lock.json")),
    ).toEqual([]);
  });
  it("holds no private key", () => {
    const keyFile = /-----BEGIN (RSA |EC )?PRIVATE KEY-----\\?n?[A-Za-z0-9+/]{64}/;
    expect(files.filter((file) => file !== here && keyFile.test(text(file)))).toEqual([]);
  });
  it("has an npm script for each part of the tests, and no other", () => {
    const scripts = Object.keys(JSON.parse(text("package.json")).scripts).filter((name) => name.startsWith("test:"));
    expect(scripts.sort()).toEqual(
      Object.keys(parts)
        .map((name) => `test:${name}`)
        .sort(),
    );
  });
  it("names files that exist, in its documents", () => {
    const rooms = readdirSync(repository, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name);
    // What is built, or installed, need not be there.
    const named = new RegExp(`\`((?:${rooms.join("|")})/[\\w./-]+)\``, "g");
    const gone = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) => [...text(file).matchAll(named)].map(([, path = ""]) => ({ file, path })))
      .filter(({ path }) => !/^(pkg|target|node_modules)\/|\bdist\b/.test(path))
      .filter(({ file, path }) => ![path, join(file, "..", path)].some((at) => existsSync(join(repository, at))));
    expect(gone).toEqual([]);
  });
  it("names npm scripts that exist", () => {
    const scripts = ["package.json", "worker/package.json"].flatMap((file) =>
      Object.keys(JSON.parse(text(file)).scripts),
    );
    const named = files
      .filter((file) => !file.startsWith("tests/environments/"))
      .flatMap((file) =>
        [...text(file).matchAll(/npm run ([a-z][\w:-]*\w)/g)].map(([, name = ""]) => ({ file, name })),
      );
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter(({ name }) => name !== "test" && !scripts.includes(name))).toEqual([]);
  });
  it("links to headings that exist", () => {
    const prose = (file: string) => text(file).replace(/```[\s\S]*?```/g, "");
    const anchor = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, "")
        .replace(/\s/g, "-");
    const headings = (file: string) =>
      [...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchor(heading));
    const broken = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        [...prose(file).matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)/g)]
          .filter(([, target, to = ""]) => !headings(target ? join(file, "..", target) : file).includes(to))
          .map(([link]) => `${file}: ${link}`),
      );
    expect(broken).toEqual([]);
  });
  it("links to files that exist", () => {
    const broken = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        [...text(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
          .map((match) => join(file, "..", match[1] ?? ""))
          .filter((target) => {
            try {
              execFileSync("test", ["-e", join(repository, target)]);
              return false;
            } catch {
              return true;
            }
          })
          .map((target) => `${file} → ${target}`),
      );
    expect(broken).toEqual([]);
  });
});
