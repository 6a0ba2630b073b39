// An empty folder with the packed package installed in it, as a user of the registry would have it.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { repository } from "../../../scripts/base/environment.mjs";
import { output } from "./processes.ts";

const consumers = fileURLToPath(new URL("../consumers", import.meta.url));

/** Where all consumers of a run live; outside of the repository, so that nothing is found by walking upwards. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-consumers-"));
  #tarball = "";

  /** Packs the built package, as publishing it would. */
  async pack(): Promise<void> {
    await output("npm", ["pack", join(repository, "pkg"), "--pack-destination", this.folder], { cwd: this.folder });
    const name = readdirSync(this.folder).find((entry) => entry.endsWith(".tgz"));
    if (name === undefined) throw new Error("npm pack wrote no tarball.");
    this.#tarball = join(this.folder, name);
  }

  /**
   * Makes a consumer: a new folder with a package.json, the tarball, and the files that are named.
   * @param files - from tests/runtimes/consumers, or a pair of such a file and its name in the new folder.
   */
  async consumer(name: string, files: string[], packageJson: Record<string, unknown> = {}): Promise<string> {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name, private: true, type: "module", ...packageJson }),
    );
    await output("npm", ["install", "--no-audit", "--no-fund", "--offline", this.#tarball], { cwd: folder });
    for (const file of files) cpSync(join(consumers, file), join(folder, file));
    return folder;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
