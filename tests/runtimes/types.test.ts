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
  folder = await workshop.consumer("types", ["types.ts", "button-types.ts"]);
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

test.each(rows)("$name", async ({ program, options }) => {
  const compilerOptions = {
    ...options,
    target: "es2022",
    lib: ["es2023", "dom"],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
  };
  const config = { compilerOptions, files: ["types.ts", "button-types.ts"] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  await output(await program(), ["--project", "."], { cwd: folder });
});

test.each(rows.filter(({ name }) => !name.startsWith("TypeScript 5.0")))(
  "$name, ./worker",
  async ({ program, options }) => {
    // The newest types of Workers are not for the oldest compiler.
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
  },
);
