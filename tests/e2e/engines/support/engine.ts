/** An engine with its driver, to which the tests speak WebDriver: the one protocol that all three have. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, type WebDriver } from "selenium-webdriver";
import { toolEnvironment } from "../../../../scripts/base/environment.mjs";
import { Service } from "../../../../scripts/base/process.mjs";
import { findBrowser, findDriver } from "../../../../scripts/setup/browser.mjs";
import { type EngineName, findFirefox } from "../../../../scripts/setup/engines.mjs";
import { freePort } from "../../../../scripts/stack.mjs";

const READY_MS = 30_000;
const QUIT_MS = 10_000;
/** How many numbers X11 has for screens: the ports above 6000 are theirs. */
const SCREENS = 59_000;
const WINDOW = { width: 1280, height: 900 };

interface Driver {
  command: [string, ...string[]];
  capabilities: Record<string, unknown>;
}

/** How the driver of an engine is started, and what it is told about the browser. */
function driverOf(engine: EngineName, port: number, downloads: string): Driver {
  if (engine === "Firefox") {
    const prefs = { "browser.download.folderList": 2, "browser.download.dir": downloads };
    return {
      command: ["geckodriver", "--port", String(port)],
      capabilities: {
        browserName: "firefox",
        "moz:firefoxOptions": { binary: findFirefox(), args: ["-headless"], prefs },
      },
    };
  }
  if (engine === "WebKit") {
    // A screen of its own, numbered by the port: two that look for a free number at the same time may find the same.
    return {
      command: ["xvfb-run", `--server-num=${port % SCREENS}`, "WebKitWebDriver", `--port=${port}`],
      capabilities: { browserName: "MiniBrowser", "webkitgtk:browserOptions": { args: ["--automation"] } },
    };
  }
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en-US"];
  const prefs = { "download.default_directory": downloads };
  return {
    command: [findDriver() ?? "chromedriver", `--port=${port}`],
    capabilities: { browserName: "chrome", "goog:chromeOptions": { binary: findBrowser(), args, prefs } },
  };
}

export class Engine {
  readonly #service: Service;
  readonly #address: string;
  readonly #capabilities: Record<string, unknown>;
  readonly #home: string;
  #driver: WebDriver | undefined;

  private constructor(service: Service, address: string, capabilities: Record<string, unknown>, home: string) {
    this.#service = service;
    this.#address = address;
    this.#capabilities = capabilities;
    this.#home = home;
  }

  static async start(name: EngineName): Promise<Engine> {
    const home = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-engine-"));
    const downloads = join(home, "Downloads");
    mkdirSync(join(home, ".config"));
    mkdirSync(downloads);
    // Where WebKitGTK looks for the folder.
    writeFileSync(join(home, ".config", "user-dirs.dirs"), 'XDG_DOWNLOAD_DIR="$HOME/Downloads"\n');
    const port = await freePort();
    const { command, capabilities } = driverOf(name, port, downloads);
    const [program, ...args] = command;
    const env = { ...toolEnvironment(), HOME: home, XDG_CONFIG_HOME: "", LANG: "C.UTF-8", TZ: "UTC" };
    const service = new Service(program, args, { env });
    const engine = new Engine(service, `http://127.0.0.1:${port}`, capabilities, home);
    await engine.#ready();
    return engine;
  }

  async #ready(): Promise<void> {
    let code: number | undefined;
    void this.#service.exited.then((ended) => {
      code = ended;
    });
    const signal = AbortSignal.timeout(READY_MS);
    while (code === undefined && !signal.aborted) {
      const answer = await fetch(`${this.#address}/status`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await this.stop();
    throw new Error(`The driver ${code === undefined ? "does not answer" : "has ended"}:\n${this.#service.lastLines}`);
  }

  /** Opens a browser that knows nothing. */
  async open(): Promise<WebDriver> {
    this.#driver = await new Builder().usingServer(this.#address).withCapabilities(this.#capabilities).build();
    await this.#driver.manage().window().setRect(WINDOW);
    return this.#driver;
  }

  /** The names of the files that were saved. */
  saved(): string[] {
    return readdirSync(join(this.#home, "Downloads"));
  }

  async stop(): Promise<void> {
    // The browser puts its things away; where it does not answer any more, it is ended with its driver.
    await Promise.race([this.#driver?.quit().catch(() => undefined), new Promise((late) => setTimeout(late, QUIT_MS))]);
    await this.#service.stop();
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 3 });
  }
}
