// Every example of docs/command.md runs in a shell as it stands there, on a terminal. `npx` is the built command, and
// `cloudflared` the simulator's sign-in; addresses and credentials are those of the local stack.

import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";
import { type Stack, startStack } from "../../scripts/stack.mjs";
import { command, program, shellOnTerminal } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const markdown = readFileSync(join(repository, "docs", "command.md"), "utf8");
const examples = [...markdown.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines = ""]) => lines.trimEnd());
const programs = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-command-docs-"));

let stack: Stack;
let simulator: Simulator;

beforeAll(async () => {
  stack = await startStack({ build: false });
  simulator = Simulator.of(stack.simulator);
  const { token } = await simulator.control<{ token: string }>("POST", "access/token", {
    email: "amara.lindqvist@northwind.example",
  });
  addProgram("npx", `shift; exec ${process.execPath} ${program} "$@"`);
  addProgram("cloudflared", `echo ${token}`);
});
afterAll(async () => {
  await stack?.stop();
  rmSync(programs, { recursive: true, force: true });
});

function addProgram(name: string, line: string): void {
  const file = join(programs, name);
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}

/** An example with the local stack's addresses and credentials in the place of its own. */
function here(example: string): string {
  return example
    .replaceAll("https://resets.example.com", stack.url)
    .replaceAll("=…", `=${stack.simulator.apiKey}`)
    .replaceAll("/secure/fireblocks_secret.key", stack.simulator.secretKeyFile);
}

describe("the examples of docs/command.md", () => {
  test("are found", () => expect(examples.length).toBeGreaterThanOrEqual(4));

  test.each(examples.map((example) => ({ example, first: /npx .*/.exec(example)?.[0] })))(
    "$first",
    async ({ example }) => {
      await simulator.clear();
      const answers = [{ after: "Request a reset of this user's mobile device?", type: "y\n" }];
      const PATH = [programs, toolEnvironment().PATH].join(delimiter);
      const ended = await shellOnTerminal(`set -e\n${here(example)}`, answers, { env: { ...simulator.env, PATH } });
      expect(ended.exitCode, ended.stdout).toBe(0);
      const asks = example.includes(" reset ") && !example.includes("--dry-run");
      expect(await simulator.approvals()).toHaveLength(asks ? 1 : 0);
    },
  );
});

test("docs/command.md names every option of the command, and no other", async () => {
  const helps = await Promise.all(
    [[], ["reset"], ["users"], ["status"], ["watch"]].map((words) => command([...words, "--help"])),
  );
  const options = (text: string) => new Set(text.match(/--[a-z][a-z-]+/g));
  const known = options(helps.map(({ stdout }) => stdout).join("\n"));
  expect([...options(markdown)].filter((option) => !known.has(option) && option !== "--app")).toEqual([]);
  expect([...known].filter((option) => !options(markdown).has(option) && option !== "--version")).toEqual([]);
});
