// The package's types compile in strict mode, unskipped, with TypeScript from 5.0 on.

import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { Workshop } from "./support/consumer.ts";
import { output } from "./support/processes.ts";
import { repositoryProgram, TYPESCRIPT_5, TYPESCRIPT_5_0, toolchain } from "./support/toolchains.ts";

const workshop = new Workshop();
let folder: string;
let workerFolder: string;

beforeAll(async () => {
  await workshop.pack();
  folder = await workshop.consumer("types", [
    ...["types.ts", "button-types.ts", "no-dom.ts", "no-dom-signal.ts", "node-types.ts", "required.cts"],
  ]);
  for (const name of ["@types/node", "undici-types"]) {
    const types = join("node_modules", name);
    cpSync(join(repository, types), join(folder, types), { recursive: true });
  }
  workerFolder = await workshop.consumer("worker-types", ["gateway.ts"]);
  const types = join("node_modules", "@cloudflare", "workers-types");
  cpSync(join(repository, types), join(workerFolder, types), { recursive: true });
});

afterAll(() => workshop.remove());

const compilers: [string, () => Promise<string>][] = [
  ["TypeScript 5.0", async () => join(await toolchain(TYPESCRIPT_5_0), "bin", "tsc")],
  ["TypeScript 5.9", async () => join(await toolchain(TYPESCRIPT_5), "bin", "tsc")],
  ["TypeScript 7", async () => repositoryProgram("tsc")],
];
const resolutions = [
  { module: "esnext", moduleResolution: "bundler" },
  { module: "nodenext", moduleResolution: "nodenext" },
];
const rows = compilers.flatMap(([name, program]) =>
  resolutions.map((options) => ({ name: `${name}, moduleResolution ${options.moduleResolution}`, program, options })),
);

/** Compiles files of the consumer's folder, strictly and with every declaration that they reach. */
async function compile(program: string, files: string[], options: object): Promise<void> {
  const compilerOptions = {
    target: "es2022",
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    ...options,
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  await output(program, ["--project", "."], { cwd: folder });
}

test.each(rows)("$name", async ({ program, options }) => {
  await compile(await program(), ["types.ts", "button-types.ts"], { ...options, lib: ["es2023", "dom"] });
});

test.each(rows)("$name, without the DOM's library", async ({ program, options }) => {
  await compile(await program(), ["no-dom.ts", "no-dom-signal.ts"], { ...options, lib: ["es2023"] });
});

// The newest types of Node are not for the oldest compiler.
const newer = rows.filter(({ name }) => !name.startsWith("TypeScript 5.0"));

test.each(newer)("$name, with Node's types and without the DOM's", async ({ program, options }) => {
  const files = ["no-dom.ts", "node-types.ts"];
  await compile(await program(), files, { ...options, lib: ["es2023"], types: ["node"] });
});

test.each(compilers)("%s, required from CommonJS", async (_, program) => {
  const node16 = { module: "node16", moduleResolution: "node16" };
  await compile(await program(), ["required.cts"], { ...node16, lib: ["es2023"] });
  await compile(await program(), ["required.cts"], { ...node16, lib: ["es2023", "dom"] });
});

test.each(newer)("$name, ./worker", async ({ program, options }) => {
  // The newest types of Workers are not for the oldest compiler either.
  const compilerOptions = {
    ...options,
    target: "es2022",
    lib: ["es2024"],
    types: ["@cloudflare/workers-types"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
  };
  writeFileSync(join(workerFolder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["gateway.ts"] }));
  await output(await program(), ["--project", "."], { cwd: workerFolder });
});
