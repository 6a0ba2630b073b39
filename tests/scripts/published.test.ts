// Published tools: taken where they are what they should be, and nothing is left behind where they are not. A server on
// loopback stands in for GitHub.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CargoTool, toolFolder } from "../../scripts/base/environment.mjs";
import { takePublished } from "../../scripts/setup/cargo-tools.mjs";
import { publicationOf } from "../../scripts/setup/published.mjs";

const TOOL: CargoTool = { crate: "some-cli", version: "1.2.3", programs: ["some", "some-helper"] };
const { release, file } = publicationOf(TOOL);

let folder: string;
let server: Server;
let api: string;
let said: string;
/** What the stand-in answers. */
let assets: { name: string; browser_download_url: string; digest?: string | null }[];
let archive: Buffer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-published-"));
  vi.stubEnv("XDG_CACHE_HOME", join(folder, "cache"));
  said = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said += text;
    return true;
  });
  server = createServer((request, response) => {
    if (request.url === release) response.end(JSON.stringify({ assets }));
    else if (request.url === `/files/${file}`) response.end(archive);
    else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  api = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  publish({ some: "some 1.2.3", "some-helper": "some-helper 1.2.3" });
});
afterEach(() => {
  server.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Packs programs as the project does: in a folder inside the archive, and not executable as 7-Zip leaves them. */
function publish(programs: Record<string, string>): void {
  const content = join(folder, "content");
  rmSync(content, { recursive: true, force: true });
  mkdirSync(join(content, "some-1.2.3"), { recursive: true });
  for (const [name, answer] of Object.entries(programs)) {
    const path = join(content, "some-1.2.3", name);
    writeFileSync(path, `#!/bin/sh\necho "${answer}"\n`);
    chmodSync(path, 0o644);
  }
  execFileSync("tar", ["-czf", join(folder, "archive"), "-C", content, "some-1.2.3"]);
  archive = readFileSync(join(folder, "archive"));
  const digest = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
  assets = [{ name: file, browser_download_url: `${api}/files/${file}`, digest }];
}

const progress = (signal = new AbortController().signal) => ({ onLine: () => {}, signal });

describe("a published tool", () => {
  it("is taken with all its programs, which can be run", async () => {
    expect(await takePublished(TOOL, progress(), api)).toBe(true);
    const helper = join(toolFolder(TOOL), "bin", "some-helper");
    expect(execFileSync(helper, { encoding: "utf8" })).toBe("some-helper 1.2.3\n");
    expect(readdirSync(join(toolFolder(TOOL), ".."))).toEqual(["some-cli-1.2.3"]);
    expect(said).toBe("");
  });

  it.each<[string, string, () => void]>([
    ["fails its checksum", "fails its checksum", () => archive.fill(0, 0, 1)],
    ["has no checksum", "no checksum is told", () => Object.assign(assets[0] ?? {}, { digest: null })],
    ["has another kind of checksum", "no checksum is told", () => Object.assign(assets[0] ?? {}, { digest: "md5:0" })],
    ["is not for this system", `its release has no ${file}`, () => Object.assign(assets[0] ?? {}, { name: "other" })],
    ["is gone", "answered 404", () => Object.assign(assets[0] ?? {}, { browser_download_url: `${api}/gone` })],
    ["lacks a program", "does not hold some-helper", () => publish({ some: "some 1.2.3" })],
    [
      "has another version",
      "do not run here",
      () => publish({ some: "some 1.2.3", "some-helper": "some-helper 1.2.2" }),
    ],
    [
      "is no archive",
      "tar cannot read",
      () => {
        archive = Buffer.from("no archive");
        const digest = `sha256:${createHash("sha256").update(archive).digest("hex")}`;
        Object.assign(assets[0] ?? {}, { digest });
      },
    ],
    ["cannot be reached", "cannot be reached", () => server.closeAllConnections()],
  ])("that %s is not taken, and leaves nothing", async (name, reason, change) => {
    change();
    if (name === "cannot be reached") {
      server.close();
      await once(server, "close");
    }
    expect(await takePublished(TOOL, progress(), api)).toBe(false);
    expect(said).toContain(reason);
    expect(said).toContain("some-cli 1.2.3 is built");
    expect(existsSync(toolFolder(TOOL))).toBe(false);
    expect(readdirSync(join(toolFolder(TOOL), ".."))).toEqual([]);
  });

  it("is not built either when set-up was ended meanwhile", async () => {
    const ended = AbortSignal.abort(new Error("ended"));
    await expect(takePublished(TOOL, progress(ended), api)).rejects.toThrow("ended");
    expect(readdirSync(join(toolFolder(TOOL), ".."))).toEqual([]);
  });
});

describe("the name of what is published", () => {
  const bindgen: CargoTool = { crate: "wasm-bindgen-cli", version: "0.2.130", programs: ["wasm-bindgen"] };
  const pack: CargoTool = { crate: "wasm-pack", version: "0.15.1", programs: ["wasm-pack"] };
  const gecko: CargoTool = { crate: "geckodriver", version: "0.37.1", programs: ["geckodriver"] };

  it("follows each project's habit", () => {
    expect(publicationOf(bindgen, "linux x64")).toEqual({
      release: "/repos/wasm-bindgen/wasm-bindgen/releases/tags/0.2.130",
      file: "wasm-bindgen-0.2.130-x86_64-unknown-linux-musl.tar.gz",
    });
    expect(publicationOf(pack, "darwin arm64")).toEqual({
      release: "/repos/wasm-bindgen/wasm-pack/releases/tags/v0.15.1",
      file: "wasm-pack-v0.15.1-aarch64-apple-darwin.tar.gz",
    });
    expect(publicationOf(gecko, "linux arm64")).toEqual({
      release: "/repos/mozilla/geckodriver/releases/tags/v0.37.1",
      file: "geckodriver-v0.37.1-linux-aarch64.tar.gz",
    });
  });
  it("exists for no other system", () => {
    expect(() => publicationOf(pack, "freebsd x64")).toThrow("nothing is published for freebsd x64");
  });
});
