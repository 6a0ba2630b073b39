// A newcomer's way from `npm init` to a receipt: the commands of docs/first-call.md, and the program of the README as it stands.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { patternOf } from "./support/examples.ts";
import { startSimulator } from "./support/simulator.ts";

const run = promisify(execFile);
const read = (path: string) => readFileSync(join(repository, path), "utf8");
const blocks = (markdown: string, language: string) =>
  [...markdown.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, block = ""]) => block);

const [program = "", ...others] = blocks(read("README.md"), "js");
const page = read("docs/first-call.md");
const [project = "", call = ""] = blocks(page, "sh");
const [prints = ""] = blocks(page, "text");

const simulator = await startSimulator();
// Outside of the repository, so that nothing is found by walking upwards; the clone stands beside the new project.
const beside = mkdtempSync(join(tmpdir(), "first-call-"));
afterAll(() => rmSync(beside, { recursive: true, force: true }));
symlinkSync(repository, join(beside, "fireblocks-reset-device"));
const folder = join(beside, "first-call");

test("leads to a receipt", async () => {
  expect(others).toEqual([]);
  const guard = `--import=${join(import.meta.dirname, "support", "loopback-fetch.ts")}`;
  await run("bash", ["-ec", project], { cwd: beside, env: { ...process.env, npm_config_offline: "true" } });
  writeFileSync(join(folder, "reset.mjs"), program);
  const lines = call.trimEnd().split("\n");
  const asked = lines.pop() ?? "";
  const given = {
    FIREBLOCKS_BASE_PATH: simulator.basePath,
    FIREBLOCKS_API_KEY: simulator.apiKey,
    FIREBLOCKS_SECRET_KEY: simulator.secretKey,
  };
  expect(lines.map((line) => /^export (\w+)=/.exec(line)?.[1])).toEqual(Object.keys(given));
  const { stdout } = await run("bash", ["-ec", asked], {
    cwd: folder,
    env: { ...process.env, ...given, NODE_OPTIONS: guard },
  });
  expect(stdout.trimEnd()).toMatch(patternOf(prints.trimEnd()));
  expect(await simulator.control.approvals()).toHaveLength(1);
});

test("names every region as the package does", () => {
  const regions = [...read("npm/index.d.ts").matchAll(/readonly (\w+): "(https:[^"]+)";/g)];
  expect(regions).toHaveLength(4);
  for (const [, name, address] of regions) {
    expect(program).toContain(`BasePath.${name}`);
    expect(page).toMatch(new RegExp(`^ *\\|.*\`${address}\`.*\`BasePath\\.${name}\``, "m"));
  }
});
