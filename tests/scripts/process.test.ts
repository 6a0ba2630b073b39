import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run, Service, stopServices, withinLimit } from "../../scripts/base/process.mjs";
import { Failure } from "../../scripts/base/terminal.mjs";

/** A shell that starts two more processes and says their ids. */
const FAMILY = ["sh", ["-c", "sleep 600 & echo $!; sleep 600 & echo $!; wait"]] as const;

function isAlive(pid: number) {
  // A zombie that waits for its parent still has an id, but runs no more.
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.trim().startsWith("Z");
}

async function eventually(condition: () => boolean) {
  for (let round = 0; round < 200 && !condition(); round += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(condition()).toBe(true);
}

describe("a service", () => {
  it("ends with all that it has started", async () => {
    const pids: number[] = [];
    const service = new Service(FAMILY[0], [...FAMILY[1]], { onLine: (line) => pids.push(Number(line)) });
    await eventually(() => pids.length === 2);
    expect(pids.every(isAlive)).toBe(true);
    await service.stop();
    await eventually(() => !pids.some(isAlive));
  });

  it("ends with all that it has started when the script is killed", async () => {
    const script = `
      import { Service } from ${JSON.stringify(new URL("../../scripts/base/process.mjs", import.meta.url).href)};
      new Service("${FAMILY[0]}", ${JSON.stringify(FAMILY[1])}, { onLine: (line) => console.log(line) });
    `;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    parent.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await eventually(() => output.split("\n").length === 3);
    const pids = output.trim().split("\n").map(Number);
    expect(pids.every(isAlive)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await eventually(() => !pids.some(isAlive));
  });

  it("ends with every other that runs", async () => {
    const pids: number[] = [];
    const start = () => new Service(FAMILY[0], [...FAMILY[1]], { onLine: (line) => pids.push(Number(line)) });
    const services = [start(), start()];
    await eventually(() => pids.length === 4);
    await stopServices();
    await Promise.all(services.map(({ exited }) => exited));
    await eventually(() => !pids.some(isAlive));
  });

  it("leaves nothing behind when it ends by itself", async () => {
    const pids: number[] = [];
    const service = new Service("sh", ["-c", "sleep 600 & echo $!"], { onLine: (line) => pids.push(Number(line)) });
    expect(await service.exited).toBe(0);
    await eventually(() => !pids.some(isAlive));
  });

  it("is ended when its time is up", async () => {
    const service = new Service("sleep", ["600"]);
    expect(await withinLimit(service, 0.005)).toBe(124);
  });

  it("writes its output to a log", async () => {
    const folder = mkdtempSync(join(tmpdir(), "log-"));
    const log = join(folder, "inner", "a.log");
    await new Service("sh", ["-c", "echo out; echo err >&2"], { log }).exited;
    await eventually(() => readFileSync(log, "utf8").split("\n").sort().join(",") === ",err,out");
    rmSync(folder, { recursive: true });
  });
});

describe("a command that fails", () => {
  it("says what to do, with its last lines", async () => {
    const failure = await run("sh", ["-c", "echo the reason; exit 3"], { failure: "Do this." }).catch((error) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect(failure.message).toBe("Do this.");
    expect(failure.details).toContain("the reason");
  });

  it("says so where the program does not exist", async () => {
    const failure = await run("no-such-program", [], { failure: "Install it." }).catch((error) => error);
    expect(failure.message).toBe("Install it.");
    expect(failure.details).toContain("ENOENT");
  });
});

describe("a script", () => {
  const start = fileURLToPath(new URL("../../scripts/start.mjs", import.meta.url));

  async function startWith(args: string[], env: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [start, ...args], {
      env: { PATH: process.env.PATH, ...env },
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

  it("tells its options without setting anything up", async () => {
    const { code, output } = await startWith(["--help"]);
    expect(code).toBe(0);
    for (const option of ["--port", "--users", "--approve-after", "--live"]) expect(output).toContain(option);
  });

  it.each([
    [["--usres", "3"], "Unknown option '--usres'"],
    [["--users", "many"], "--users must be a whole number from 1 to 1000000, not “many”"],
    [["--port", "70000"], "--port must be a whole number from 1 to 65535"],
    [["--set", "roles"], "--set takes NAME=VALUE"],
    [["--set", "FIREBLOCKS_BASE_PATH=https://api.fireblocks.io/v1"], "--set FIREBLOCKS_BASE_PATH is refused"],
    [["--live"], "--live needs FIREBLOCKS_API_KEY, FIREBLOCKS_SECRET_KEY, FIREBLOCKS_BASE_PATH in the environment"],
    [["--resetter", "a@example.com"], "--resetter goes with --live"],
    [["--live", "--users", "10"], "--users goes with the simulator, which --live does without"],
    [["--live", "--simulator-port", "8080"], "--simulator-port goes with the simulator"],
    [["--live", "--approve-after", "never"], "--approve-after goes with the simulator"],
    [["--set", "FIREBLOCKS_RELAY_URL=https://relay.example.com"], "--set FIREBLOCKS_RELAY_URL is refused"],
    [["--live", "--set", "FIREBLOCKS_RELAY_URL=https://relay.example.com"], "--set FIREBLOCKS_RELAY_URL is refused"],
    [["--live", "--set", "FIREBLOCKS_API_KEY=a"], "--set FIREBLOCKS_API_KEY is refused"],
  ])("refuses %j in a sentence", async (args, sentence) => {
    const { code, output } = await startWith(args);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain("    at ");
  });

  const CREDENTIALS = {
    FIREBLOCKS_API_KEY: "11111111-2222-4333-8444-555555555555",
    FIREBLOCKS_SECRET_KEY: "-----BEGIN PRIVATE KEY-----\nnot a key\n-----END PRIVATE KEY-----",
    FIREBLOCKS_BASE_PATH: "http://127.0.0.1:9/v1",
  };

  it.each([
    [["--live"], "--live needs --access-team"],
    [["--live", "--access-team", "https://t.cloudflareaccess.com"], "--live needs --access-aud"],
    [["--live", "--access-team", "https://t.cloudflareaccess.com", "--access-aud", "a"], "--live needs --hostname"],
    [
      ["--live", "--access-team", "https://t.cloudflareaccess.com", "--access-aud", "a", "--hostname", "h.example.com"],
      "--live needs at least one --resetter",
    ],
    [
      [
        ...["--live", "--access-team", "https://t.cloudflareaccess.com", "--access-aud", "a"],
        ...["--hostname", "h.example.com", "--resetter", "a@example.com"],
      ],
      "run it in a terminal, not in a pipe",
    ],
  ])("refuses %j, which leaves something open", async (args, sentence) => {
    const { code, output } = await startWith(args, CREDENTIALS);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output).not.toContain("not a key");
  });
});
