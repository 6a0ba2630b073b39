// An engine that is missing never looks tested.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { missingEngines } from "../../scripts/setup/engines.mjs";
import { leftOut } from "../../scripts/test/left-out.mjs";

const webKit = { engine: "WebKit" as const, remedy: "Missing: WebKitGTK. Install it" };

describe("an engine that is missing", () => {
  it("has failed, with what to do, in CI as anywhere", () => {
    for (const env of [{}, { CI: "true" }, { WITHOUT_ENGINES: "" }, { WITHOUT_ENGINES: "Firefox" }]) {
      const { engines, failures, skipped } = leftOut([webKit], env);
      expect(engines).toEqual(["Chromium", "Firefox"]);
      expect(failures).toEqual([expect.stringMatching(/^WebKit is left out: Missing: WebKitGTK\. Install it/)]);
      expect(skipped).toEqual([]);
    }
  });
  it("is skipped, and told to be, where somebody has said that it will be missing", () => {
    const { engines, failures, skipped } = leftOut([webKit], { WITHOUT_ENGINES: "Firefox, WebKit" });
    expect(engines).toEqual(["Chromium", "Firefox"]);
    expect(failures).toEqual([]);
    expect(skipped).toEqual(["WebKit is left out, as WITHOUT_ENGINES says."]);
  });
  it("is none where all are there, whatever was said", () => {
    expect(leftOut([], { WITHOUT_ENGINES: "WebKit" })).toEqual({
      engines: ["Chromium", "Firefox", "WebKit"],
      failures: [],
      skipped: [],
    });
  });
});

describe("what is on the path", () => {
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-engines-"));
  afterEach(() => vi.unstubAllEnvs());

  it("decides which engines are missing: WebKit needs its driver and a screen", () => {
    vi.stubEnv("PATH", folder);
    vi.stubEnv("FIREFOX_PATH", "");
    const missing = () => missingEngines().map(({ engine }) => engine);
    expect(missing()).toEqual(["Firefox", "WebKit"]);
    writeFileSync(join(folder, "firefox"), "");
    writeFileSync(join(folder, "WebKitWebDriver"), "");
    expect(missing()).toEqual(["WebKit"]);
    expect(missingEngines()[0]?.remedy).toContain("apt-get install webkit2gtk-driver xvfb xauth");
    writeFileSync(join(folder, "xvfb-run"), "");
    writeFileSync(join(folder, "xauth"), "");
    expect(missing()).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
