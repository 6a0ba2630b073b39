// Every example of docs/api.md and of the types' comments is checked by TypeScript, runs as a program of its own against the
// simulator, and prints what it says.

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { localFolder, repository } from "../../scripts/base/environment.mjs";
import { simulatorClient } from "./support/clients.ts";
import { type Example, examplesOfPage, examplesOfTypes, functionsOf, patternOf } from "./support/examples.ts";
import { type SimulatorSettings, startSimulator } from "./support/simulator.ts";

const markdown = readFileSync(join(repository, "docs", "api.md"), "utf8");
const types = readFileSync(join(repository, "npm", "index.d.ts"), "utf8");

/** What an example continues that imports neither `createClient` nor `configure`. */
const setup = /```js setup\n([\s\S]*?)```/.exec(markdown)?.[1] ?? "";
/** The same for the types, whose examples use every function as it is. */
const bareFunctions = functionsOf(types).filter((name) => !name.includes("."));
const wholeSetup = [
  setup,
  `import { BasePath, ${bareFunctions.filter((name) => name !== "createClient").join(", ")} } from "fireblocks-reset-device";`,
  "await configure(config);",
].join("\n");

/** A document with examples. Those of a page are JavaScript as readers write it; those of types are held to their letter. */
const sources = {
  "docs/api.md": { examples: examplesOfPage(markdown), setup, extension: "mjs", strict: false },
  "npm/index.d.ts": { examples: examplesOfTypes(types), setup: wholeSetup, extension: "mts", strict: true },
};
type Source = keyof typeof sources;
const names = Object.keys(sources) as Source[];

/** How Fireblocks behaves during an example, where a comment of the types is no place to say so. */
const meanwhile: Record<string, SimulatorSettings> = {
  "Client.watchReset": { approveAfterSeconds: 0.3, pairAfterSeconds: 0.3, setupAfterSeconds: 0.3 },
  "Client.rejectApproval": { apiUserEligible: true },
  rejectApproval: { apiUserEligible: true },
};

const simulator = await startSimulator();
const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
/** Each example has a person of its own: a reset that an example gave up on may still arrive during the next one. */
const people = users.filter(({ status, enabled, role }) => status === "READY" && enabled && role === "SIGNER");
const userOf = ({ number }: Example) => people[number % people.length]?.id ?? "";

mkdirSync(localFolder, { recursive: true });
// Inside the repository, where the package is found by its name.
const folder = mkdtempSync(join(localFolder, "examples-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const folderOf = (source: Source) => join(folder, source.replace(/\W/g, "-"));
const fileOf = (source: Source, { number }: Example) =>
  join(folderOf(source), `${number}.${sources[source].extension}`);
const run = promisify(execFile);

beforeAll(() => {
  for (const source of names) {
    mkdirSync(folderOf(source));
    for (const example of sources[source].examples) {
      writeFileSync(fileOf(source, example), programOf(example.code, sources[source].setup));
    }
  }
});

describe.each(names)("the examples of %s", (source) => {
  const { examples, extension, strict } = sources[source];

  test("are understood by TypeScript", async () => {
    const compilerOptions = {
      allowJs: true,
      checkJs: true,
      strict,
      exactOptionalPropertyTypes: strict,
      types: ["node"],
      lib: ["es2024", "dom", "dom.iterable"],
    };
    const settings = {
      extends: join(repository, "tsconfig.base.json"),
      compilerOptions,
      include: [`*.${extension}`, "*.d.ts"],
    };
    writeFileSync(join(folderOf(source), "tsconfig.json"), JSON.stringify(settings));
    writeFileSync(
      join(folderOf(source), "environment.d.ts"),
      "declare namespace NodeJS { interface ProcessEnv { USER_ID: string } }",
    );
    const complaints = await run("tsc", ["--project", folderOf(source)]).then(
      ({ stdout }) => stdout,
      ({ stdout, message }) => stdout || message,
    );
    expect(complaints).toBe("");
  });

  test.each(examples)("$subject ($number)", async (example) => {
    const { faults = [], settings = meanwhile[example.subject] } = example.simulator ?? {};
    await simulator.control.clear();
    await simulator.control.set({
      approveAfterSeconds: null,
      pairAfterSeconds: null,
      setupAfterSeconds: null,
      apiUserEligible: false,
      ...settings,
    });
    if (faults.length > 0) await simulator.control.order(faults);
    const guard = join(import.meta.dirname, "support", "loopback-fetch.ts");
    const { stdout } = await run(process.execPath, ["--import", guard, fileOf(source, example)], {
      timeout: 15_000,
      env: {
        ...process.env,
        FIREBLOCKS_BASE_PATH: simulator.basePath,
        FIREBLOCKS_API_KEY: simulator.apiKey,
        FIREBLOCKS_SECRET_KEY: simulator.secretKey,
        USER_ID: userOf(example),
      },
    });
    expect(stdout.trimEnd()).toMatch(patternOf(example.prints));
  });

  test("say what they print", () => {
    expect(setup).toContain("createClient");
    expect(examples.length).toBeGreaterThan(15);
    const silent = examples.filter(({ code, prints }) => prints === "" || !code.includes("console.log("));
    expect(silent.map(({ subject }) => subject)).toEqual([]);
  });
});

describe("npm/index.d.ts is whole", () => {
  test("every function, method and static has an example, and every example is one of theirs", () => {
    const functions = functionsOf(types);
    expect(functions).toEqual(expect.arrayContaining(["configure", "Client.watchReset", "FireblocksError.from"]));
    const shown = sources["npm/index.d.ts"].examples.map(({ subject }) => subject);
    expect(functions.filter((name) => !shown.includes(name))).toEqual([]);
    expect(shown).toHaveLength(types.match(/@example/g)?.length ?? 0);
    const logs = (text: string) => text.match(/console\.log\(/g)?.length ?? 0;
    // Each line that is printed is told.
    for (const { code, prints } of sources["npm/index.d.ts"].examples)
      expect(prints.split("\n")).toHaveLength(logs(code));
  });
});

describe("docs/api.md is whole", () => {
  const { examples } = sources["docs/api.md"];
  const shown = examples.map(({ subject }) => subject);

  test("every function that the types declare has an example", () => {
    expect(bareFunctions.length).toBeGreaterThan(8);
    expect(bareFunctions.filter((name) => !shown.includes(name))).toEqual([]);
  });

  test("every kind of error has an example that prints it", () => {
    const union = /export type FireblocksErrorKind =([\s\S]*?);/.exec(types)?.[1] ?? "";
    const kinds = [...union.matchAll(/\| "(\w+)"/g)].map(([, kind]) => kind as string);
    expect(kinds).toHaveLength(18);
    const printed = kinds.filter((kind) => examples.some((one) => one.subject === kind && one.prints.includes(kind)));
    expect(kinds.filter((kind) => !printed.includes(kind))).toEqual([]);
  });

  test("every setting and option of a client, every member of an error and every outcome is named", () => {
    const membersOf = (name: string) => {
      const body = new RegExp(`^export (?:interface|declare class) ${name}\\b[^{]*\\{([\\s\\S]*?)^\\}`, "m").exec(
        types,
      )?.[1];
      return [...(body ?? "").matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member]) => member as string);
    };
    const told = [
      "ClientConfig",
      "RequestOptions",
      "ResetNote",
      "WatchResetOptions",
      "FireblocksError",
      "WriteReceipt",
      "ResetReceipt",
    ];
    const members = told.flatMap(membersOf);
    expect(members.length).toBeGreaterThan(30);
    const named = (word: string) => markdown.includes(`\`${word}\``);
    expect(members.filter((member) => member !== "name" && !named(member))).toEqual([]);
    expect(["notSent", "refused", "unknown"].filter((outcome) => !named(outcome))).toEqual([]);
  });
});

/** An example by itself where it makes a client of what it imports, or else in a block of its own after what it continues. */
function programOf(code: string, continued: string): string {
  if (/^import .*\b(?:createClient|configure)\b.* from "fireblocks-reset-device/m.test(code)) return code;
  const imports = code.match(/^import .*$/gm) ?? [];
  return [...imports, continued, "{", code.replace(/^import .*$/gm, ""), "}", ""].join("\n");
}
