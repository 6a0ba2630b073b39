// The promise of where the package works: what is pinned, what counts as having worked, and the README's table of it.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { attempt } from "../../scripts/environments/attempt.mjs";
import type { Project } from "../../scripts/environments/project.mjs";
import { BEGIN, END, readmeWith, readResults, versionedPackages } from "../../scripts/environments/results.mjs";
import type { Simulator, Task } from "../../scripts/environments/simulator.mjs";
import { type Environment, environments } from "../environments/table/index.mjs";

const consumers = join(repository, "tests", "environments");
const projects = [...new Set(Object.values(environments).map(({ project }) => project))];
const json = (...path: string[]) => JSON.parse(readFileSync(join(consumers, ...path), "utf8"));
const readme = readFileSync(join(repository, "README.md"), "utf8");

describe("the consumers", () => {
  it("are those of the table, and what they have in common", () => {
    const folders = readdirSync(consumers, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(["common", "table", ...projects].sort());
  });

  it.each(projects)("%s names exact versions, and the package as its tarball", (project) => {
    const { dependencies = {}, devDependencies = {} } = json(project, "package.json");
    const { "fireblocks-reset-device": own, ...others } = { ...dependencies, ...devDependencies };
    expect(own).toBe("file:fireblocks-reset-device.tgz");
    for (const version of Object.values(others)) expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });

  it.each(projects)("%s has a lock file of these versions, each package by a hash that cannot be forged", (project) => {
    const { dependencies, devDependencies } = json(project, "package.json");
    const { "": root, ...locked } = json(project, "package-lock.json").packages;
    expect({ ...root.dependencies, ...root.devDependencies }).toEqual({ ...dependencies, ...devDependencies });
    const { "node_modules/fireblocks-reset-device": own, ...others } = locked;
    // Built anew for each run.
    expect(own).not.toHaveProperty("integrity");
    const loose = Object.entries<{ integrity?: string; inBundle?: boolean }>(others).filter(
      ([, { integrity, inBundle }]) => !inBundle && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""),
    );
    expect(loose.map(([path]) => path)).toEqual([]);
  });
});

describe("the README's table", () => {
  const results = readResults();

  it("is what the last run of each environment showed", () => {
    expect(readme.split(BEGIN)).toHaveLength(2);
    expect(readme.split(END)).toHaveLength(2);
    expect(readmeWith(readme, results)).toBe(readme);
  });

  it("knows of every environment, by the versions that are pinned now", () => {
    expect(Object.keys(results)).toEqual(Object.keys(environments));
    for (const [name, environment] of Object.entries(environments)) {
      const locked = json(environment.project, "package-lock.json").packages;
      const pinned = versionedPackages(environment).map((of) => [of, locked[`node_modules/${of}`].version]);
      expect(results[name]?.versions, name).toEqual(Object.fromEntries(pinned));
    }
  });

  it("names what works, what that takes, and what is said where it does not", () => {
    const [name = ""] = Object.keys(environments);
    const { family, title } = environments[name] as Environment;
    const row = `| ${family.name} ${results[name]?.versions.node} |`;
    const tableOf = (changes: Partial<Environment>) => {
      const table = { [name]: { ...(environments[name] as Environment), ...changes } };
      return readmeWith(`${BEGIN}${END}`, { [name]: results[name] as (typeof results)[string] }, table);
    };
    expect(tableOf({})).toContain(`${row} ${title} | – |`);
    expect(tableOf({ needs: "a line" })).toContain(`${row} – | ${title}: a line |`);
    expect(tableOf({ limit: "It cannot." })).toContain(`${row} – | ${title}: no. “It cannot.” |`);
  });
});

describe("an environment", () => {
  const folder = mkdtempSync(join(tmpdir(), "environments-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const task: Task = { basePath: "", apiKey: "", secretKey: "", userId: "u", idempotencyKey: "the-key" };
  const receipt = { idempotencyKey: task.idempotencyKey, requestId: "r" };

  /** Tries a program that prints or throws, before a simulator that has seen its reset or not. */
  function tried(program: string, changes: Partial<Environment> = {}, seen = true) {
    writeFileSync(join(folder, "program.mjs"), program);
    const environment = { family: { name: "" }, title: "", project: "", run: { program: "node program.mjs" } };
    const requireOneReset = async () => {
      if (!seen) throw new Error("It saw none.");
    };
    return attempt(
      { ...environment, ...changes },
      { folder, environment: process.env, built: new Set() } as unknown as Project,
      { task: async () => task, requireOneReset } as unknown as Simulator,
    );
  }
  const printing = (value: unknown) => `console.log(${JSON.stringify(JSON.stringify(value))});`;

  it("has worked with a receipt and one reset that was seen", async () => {
    await expect(tried(printing(receipt))).resolves.toBeUndefined();
  });

  it("has failed without a receipt, with another's, and without a reset", async () => {
    await expect(tried("console.log('done');")).rejects.toThrow("printed no receipt");
    await expect(tried(printing({ ...receipt, idempotencyKey: "another" }))).rejects.toThrow("no receipt");
    await expect(tried(printing(receipt), {}, false)).rejects.toThrow("It saw none.");
  });

  it("has failed where its build or its program fails", async () => {
    await expect(tried(printing(receipt), { build: ["node missing.mjs"] })).rejects.toThrow("missing.mjs” failed");
    await expect(tried("process.exit(3);")).rejects.toThrow("“node program.mjs” failed");
    await expect(tried("process.exit(3);", { run: { test: "node program.mjs" } })).rejects.toThrow("failed");
  });

  it("that is said not to work says exactly what the table says, and does not work", async () => {
    const limit = "There is no fetch here.";
    await expect(tried(`throw new Error("${limit}");`, { limit })).resolves.toBeUndefined();
    await expect(tried("throw new Error('Another.');", { limit })).rejects.toThrow("does not say");
    await expect(tried(printing(receipt), { limit })).rejects.toThrow("It works");
  });
});

describe("npm run test:environments", () => {
  const run = promisify(execFile);

  it("leaves no folder behind when it is ended, whatever is being written there", async () => {
    const from = (name: string) => JSON.stringify(new URL(`../../scripts/${name}`, import.meta.url).href);
    const script = `
      import { Service } from ${from("base/process.mjs")};
      import { temporaryFolder } from ${from("environments/temporary.mjs")};
      const folder = temporaryFolder("test");
      const onLine = () => console.log(folder);
      new Service("sh", ["-c", "echo; while :; do mkdir -p $0/a/b; echo > $0/a/b/c; done", folder], { onLine });
    `;
    const child = spawn("node", ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(child.stdout, "data");
    const path = String(line).trim();
    expect(existsSync(path)).toBe(true);
    child.kill("SIGTERM");
    await once(child, "exit");
    expect(existsSync(path)).toBe(false);
  });

  it("answers an unknown name with the names that there are", async () => {
    const failed = await run("node", ["scripts/environments.mjs", "nosuch"], { cwd: repository }).catch(
      (error) => error,
    );
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^✗ There is no environment “nosuch”\. The environments are: /);
    for (const name of Object.keys(environments)) expect(failed.stderr).toContain(name);
  });
});
