// A machine on which nothing is installed: a copy of the scripts, and stand-ins for the programs that install things.
// Each stand-in writes down how it was called and with which environment, and nothing is installed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repository } from "../../../scripts/base/environment.mjs";
import { wantedParts } from "../../../scripts/setup/rust.mjs";

/** One call of a stand-in. */
export interface Call {
  program: string;
  args: string;
  env: Record<string, string>;
}

/** What Debian's packages put on the path. */
const PROGRAMS: Record<string, string[]> = {
  chromium: ["chromium"],
  "chromium-driver": ["chromedriver"],
  "firefox-esr": ["firefox-esr"],
  "webkit2gtk-driver": ["WebKitWebDriver"],
  xvfb: ["xvfb-run"],
  xauth: ["xauth"],
};

export class EmptyMachine {
  readonly folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-machine-"));
  readonly #programs = join(this.folder, "programs");
  readonly #log = join(this.folder, "calls");

  constructor() {
    mkdirSync(this.#programs);
    for (const path of ["scripts", "package-lock.json", "Cargo.lock", "rust-toolchain.toml"]) {
      cpSync(join(repository, path), join(this.folder, path), { recursive: true });
    }
    const { channel, components, targets } = wantedParts(readFileSync(join(repository, "rust-toolchain.toml"), "utf8"));
    const installed = join(this.folder, "toolchain-installed");
    this.#program("rustup", [
      `[ "$1 $2" = "toolchain install" ] && : > ${installed}`,
      `[ -e ${installed} ] || exit 0`,
      ...["component", "target"].map((kind) => {
        const names = kind === "component" ? components : targets;
        return `[ "$1" = ${kind} ] && printf '%s\\n' ${names.join(" ")}`;
      }),
      "exit 0",
    ]);
    this.#program("rustc", [`echo "rustc ${channel} (stand-in)"`]);
    this.#program("cargo", []);
    this.#program("npm", []);
    this.#program("node", ["echo v24.0.0"]);
    this.#program("apt-get", [
      '[ "$1" = install ] || exit 0',
      ...Object.entries(PROGRAMS).flatMap(([name, programs]) =>
        programs.map((program) => `case " $* " in *" ${name} "*) : > ${join(this.#programs, program)};; esac`),
      ),
    ]);
  }

  /** Puts one more program on the path, which tells its version. */
  has(name: string, version: string): void {
    this.#program(name, [`echo "${name} ${version}"`]);
  }

  #program(name: string, lines: string[]): void {
    const file = join(this.#programs, name);
    // One write: some of the calls are made at the same time.
    const note = `environment=$(/usr/bin/env)\nprintf 'call %s\\n%s\\n' "${name} $*" "$environment" >> ${this.#log}`;
    writeFileSync(file, `#!/bin/sh\n${[note, ...lines].join("\n")}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs `npm run setup`, by default with `--browser`, as root or as somebody else. */
  async setUp({
    root,
    env,
    options = ["--browser"],
  }: {
    root: boolean;
    env: Record<string, string>;
    options?: string[];
  }): Promise<{ code: number; output: string }> {
    const user = `data:text/javascript,process.getuid = () => ${root ? 0 : 1000}`;
    const child = spawn(process.execPath, ["--import", user, join(this.folder, "scripts/setup.mjs"), ...options], {
      env: {
        ...{ PATH: this.#programs, HOME: this.folder, XDG_CACHE_HOME: join(this.folder, "cache") },
        // Nothing is fetched from anywhere.
        TOOLS_FROM_SOURCE: "1",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
      });
    }
    const [code] = await once(child, "close");
    return { code, output };
  }

  /** Every call so far, in order. */
  calls(): Call[] {
    if (!existsSync(this.#log)) return [];
    const calls: Call[] = [];
    for (const line of readFileSync(this.#log, "utf8").split("\n")) {
      const [, program, args] = /^call (\S+) ?(.*)$/.exec(line) ?? [];
      if (program !== undefined) calls.push({ program, args: args ?? "", env: {} });
      const [, name, value] = /^([^=\s]+)=(.*)$/.exec(line) ?? [];
      const last = calls.at(-1);
      if (program === undefined && name !== undefined && last) last.env[name] = value ?? "";
    }
    return calls;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
