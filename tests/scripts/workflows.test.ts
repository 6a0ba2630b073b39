// What the workflows promise: the same command as everywhere, foreign actions by their commits, and no more rights than
// needed.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { checkNode } from "../../scripts/setup/packages.mjs";

const folder = join(repository, ".github", "workflows");
const files = readdirSync(folder);
const text = (file: string) => readFileSync(join(folder, file), "utf8");

/** The jobs of a workflow, each as its lines. */
function jobsOf(file: string): Record<string, string> {
  const [, jobs = ""] = text(file).split(/^jobs:\n/m);
  const [, ...parts] = jobs.split(/^ {2}(\w+):\n/m);
  return Object.fromEntries(parts.flatMap((name, index) => (index % 2 === 0 ? [[name, parts[index + 1] ?? ""]] : [])));
}

describe("the workflows", () => {
  it("are these", () => expect(files.sort()).toEqual(["ci.yml", "environments.yml", "release.yml"]));

  it.each(files)("%s takes every action by its commit, and says which version that is", (file) => {
    const used = text(file).match(/\buses: .*/g) ?? [];
    expect(used.length).toBeGreaterThan(0);
    for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("take one version of an action everywhere", () => {
    const used = files.flatMap((file) => text(file).match(/\buses: \S+/g) ?? []);
    const actions = new Set(used.map((line) => line.split("@")[0]));
    expect(new Set(used).size).toBe(actions.size);
  });

  it.each(files)("%s lets no job leave the checkout's token behind, and gives rights to nobody by default", (file) => {
    const checkouts = text(file).match(/actions\/checkout@.*\n\s+with:\n\s+persist-credentials: false/g) ?? [];
    expect(checkouts).toHaveLength((text(file).match(/actions\/checkout@/g) ?? []).length);
    expect(text(file)).toMatch(/^permissions:( \{\}|\n {2}contents: read)\n\n/m);
  });

  it.each(["ci.yml", "release.yml"])("%s runs the tests by .ci/run", (file) => {
    const commands = Object.values(jobsOf(file)).flatMap((job) => job.match(/- run: .*/g) ?? []);
    expect(commands).toContain("- run: .ci/run");
    expect(text(file)).not.toMatch(/run: npm (test|run test)/);
  });
});

describe("the test run", () => {
  it("is on Linux and macOS, on the lowest Node that the scripts run on", () => {
    expect(text("ci.yml")).toMatch(/os: \[ubuntu-[\d.]+, macos-\d+\]/);
    const [, version = ""] = /node-version: "([\d.]+)"/.exec(text("ci.yml")) ?? [];
    expect(() => checkNode(`${version}.0`)).not.toThrow();
    expect(() => checkNode(version.replace(/\d+$/, (minor) => `${Number(minor) - 1}.9`))).toThrow();
  });

  it("is in all three engines on Linux, and says which one macOS does without", () => {
    for (const file of ["ci.yml", "release.yml"]) {
      expect(text(file)).toMatch(/apt-get install .*\bwebkit2gtk-driver xvfb xauth$/m);
    }
    const [linux = "", macos = ""] = text("ci.yml").split("on macOS\n");
    expect(linux).not.toContain("WITHOUT_ENGINES");
    expect(macos).toContain('echo "WITHOUT_ENGINES=WebKit" >> "$GITHUB_ENV"');
    expect(text("release.yml")).not.toContain("WITHOUT_ENGINES");
  });

  it("keeps the tools by what names their versions", () => {
    const [, key = ""] = / key: .*hashFiles\((.*)\)/.exec(text("ci.yml")) ?? [];
    const named = [...key.matchAll(/'([^']+)'/g)].map(([, file = ""]) => file);
    expect(named).toContain("Cargo.lock");
    const sources = named.map((file) => readFileSync(join(repository, file), "utf8")).join("\n");
    expect(sources).toMatch(/crate: "wasm-pack", version: "/);
  });
});

describe("the nightly run", () => {
  it("tries every environment, by the command that the documents name", () => {
    expect(text("environments.yml")).toMatch(/schedule:\n {4}- cron: "\d+ \d+ \* \* \*"/);
    expect(text("environments.yml")).toContain("- run: npm run test:environments\n");
  });
});

describe("the release", () => {
  const jobs = jobsOf("release.yml");

  it("builds, publishes and announces, one after the other", () => {
    expect(Object.keys(jobs)).toEqual(["build", "publish", "announce"]);
    expect(jobs.publish).toContain("needs: build");
    expect(jobs.announce).toContain("needs: publish");
  });

  it("gives the job's identity to the publication alone, which runs nothing of the repository's", () => {
    expect(jobs.build).not.toMatch(/: write/);
    expect(jobs.publish).toMatch(/permissions:\n {6}contents: read\n {6}id-token: write\n/);
    expect(jobs.publish).not.toContain("checkout");
    expect(jobs.publish).toContain("npm publish --provenance");
    expect(jobs.announce).toMatch(/permissions:\n {6}contents: write\n/);
    expect(text("release.yml")).not.toMatch(/secrets\.|NPM_TOKEN|NODE_AUTH_TOKEN/);
  });

  it("packs once, and publishes and attaches what was packed, with its checksums", () => {
    expect(jobs.build).toContain("sha256sum *.tgz > SHA256SUMS");
    expect(jobs.publish).toContain("sha256sum --check SHA256SUMS");
    expect(jobs.announce).toContain("*.tgz SHA256SUMS");
  });
});
