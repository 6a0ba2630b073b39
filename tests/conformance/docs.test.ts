// Every example of docs/api.md runs as a program of its own against the simulator, and prints what stands below it.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { localFolder, repository } from "../../scripts/base/environment.mjs";
import { simulatorClient } from "./support/clients.ts";
import { type Fault, type SimulatorSettings, startSimulator } from "./support/simulator.ts";

interface Example {
  /** The heading it stands under, without its backquotes. */
  heading: string;
  number: number;
  code: string;
  prints: string;
  simulator: { faults?: Fault[]; settings?: SimulatorSettings };
}

const markdown = readFileSync(join(repository, "docs", "api.md"), "utf8");
const types = readFileSync(join(repository, "npm", "index.d.ts"), "utf8");
const setup = /```js setup\n([\s\S]*?)```/.exec(markdown)?.[1] ?? "";
const examples = examplesOf(markdown);

const simulator = await startSimulator();
const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
/** Each example has a person of its own: a reset that an example gave up on may still arrive during the next one. */
const people = users.filter(({ status, enabled, role }) => status === "READY" && enabled && role === "SIGNER");
const userOf = (example: number) => people[example % people.length]?.id ?? "";

mkdirSync(localFolder, { recursive: true });
// Inside the repository, where the package is found by its name.
const folder = mkdtempSync(join(localFolder, "examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the examples of docs/api.md", () => {
  test.each(examples)("$heading ($number)", async ({ number, code, prints, simulator: { faults = [], settings } }) => {
    await simulator.control.clear();
    await simulator.control.set({
      approveAfterSeconds: null,
      pairAfterSeconds: null,
      setupAfterSeconds: null,
      ...settings,
    });
    if (faults.length > 0) await simulator.control.order(faults);
    const file = join(folder, `${number}.mjs`);
    writeFileSync(file, isWhole(code) ? code : `${setup}\n${code}`);
    const { stdout } = await promisify(execFile)(process.execPath, [file], {
      timeout: 15_000,
      env: {
        ...process.env,
        FIREBLOCKS_BASE_PATH: simulator.basePath,
        FIREBLOCKS_API_KEY: simulator.apiKey,
        FIREBLOCKS_SECRET_KEY: simulator.secretKey,
        USER_ID: userOf(number),
      },
    });
    expect(stdout.trimEnd()).toMatch(patternOf(prints));
  });
});

describe("docs/api.md is whole", () => {
  const headings = examples.map(({ heading }) => heading);

  test("every function and every method that the types declare has an example", () => {
    const functions = [...types.matchAll(/^export declare function (\w+)/gm)].map(([, name]) => name as string);
    expect(functions.length).toBeGreaterThan(8);
    expect(functions.filter((name) => !headings.includes(name))).toEqual([]);
  });

  test("every kind of error has an example that prints it", () => {
    const union = /export type FireblocksErrorKind =([\s\S]*?);/.exec(types)?.[1] ?? "";
    const kinds = [...union.matchAll(/\| "(\w+)"/g)].map(([, kind]) => kind as string);
    expect(kinds).toHaveLength(18);
    const shown = kinds.filter((kind) => examples.some((one) => one.heading === kind && one.prints.includes(kind)));
    expect(kinds.filter((kind) => !shown.includes(kind))).toEqual([]);
  });

  test("every setting of a client, every member of an error and every outcome is named", () => {
    const membersOf = (name: string) => {
      const body = new RegExp(`^export (?:interface|declare class) ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, "m").exec(
        types,
      )?.[1];
      return [...(body ?? "").matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member]) => member as string);
    };
    const members = [...membersOf("ClientConfig"), ...membersOf("FireblocksError"), ...membersOf("ResetReceipt")];
    expect(members.length).toBeGreaterThan(20);
    const named = (word: string) => markdown.includes(`\`${word}\``);
    expect(members.filter((member) => member !== "name" && !named(member))).toEqual([]);
    expect(["notSent", "refused", "unknown"].filter((outcome) => !named(outcome))).toEqual([]);
  });

  test("no example is left without what it prints", () => {
    const fences = [...markdown.matchAll(/^```js$/gm)];
    expect(examples).toHaveLength(fences.length);
    expect(setup).toContain("createClient");
  });
});

function examplesOf(text: string): Example[] {
  const pattern = /(?:<!-- simulator: (.*) -->\n)?```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g;
  return [...text.matchAll(pattern)].map(([, prepared = "{}", code = "", prints = ""], index, all) => ({
    heading: (/^#+ (.*)$/m.exec(headingBefore(text, all[index]?.index ?? 0))?.[1] ?? "").replaceAll("`", ""),
    number: index + 1,
    code,
    prints: prints.trimEnd(),
    simulator: JSON.parse(prepared),
  }));
}

function headingBefore(text: string, index: number): string {
  return (
    text
      .slice(0, index)
      .match(/^#+ .*$/gm)
      ?.at(-1) ?? ""
  );
}

/** Whether an example is a program by itself, and not the continuation of the first. */
function isWhole(code: string): boolean {
  return /from "fireblocks-reset-device/.test(code);
}

/** `…` stands for any text. */
function patternOf(prints: string): RegExp {
  const parts = prints.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
