// The command against Fireblocks itself, played by the simulator.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { command, commandOnTerminal } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const NOOR = "noor.haddad@northwind.example";
/** Every Ctrl-C comes twice, so fast that nothing happens in between. */
const PRESSED_TWICE = {
  NODE_OPTIONS: "--import=data:text/javascript,process.once('SIGINT',()=>queueMicrotask(()=>process.emit('SIGINT')))",
};
let simulator: Simulator;

beforeAll(async () => {
  simulator = await Simulator.start();
});
beforeEach(() => simulator.clear());
afterAll(() => simulator?.stop());

describe("reset", () => {
  test("names the workspace and the user, sends one request, and says that nothing is reset yet", async () => {
    const { exitCode, stdout, stderr } = await command(["reset", NOOR, "--yes"], { env: simulator.env });
    expect(stderr).toContain("Northwind Treasury");
    expect(stderr).toMatch(/Noor Haddad <noor\.haddad@northwind\.example> SIGNER READY/);
    expect(stdout).toContain("Approval requested. The device is not reset yet");
    expect(exitCode).toBe(0);
    expect(await simulator.resets()).toHaveLength(1);
    expect(await simulator.approvals()).toMatchObject([{ userEmail: NOOR }]);
  });

  test("takes the id and an e-mail in another spelling for the same user", async () => {
    const first = await command(["reset", NOOR.toUpperCase(), "--yes", "--json"], { env: simulator.env });
    const { userId } = JSON.parse(first.stdout);
    const second = await command(["reset", userId, "--yes", "--json"], { env: simulator.env });
    expect(JSON.parse(second.stdout).userId).toBe(userId);
  });

  test("prints one JSON document with --json", async () => {
    const { stdout } = await command(["reset", NOOR, "--yes", "--json"], { env: simulator.env });
    const receipt = JSON.parse(stdout);
    expect(receipt).toMatchObject({ attempts: 1, idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(await simulator.approvals()).toMatchObject([{ idempotencyKey: receipt.idempotencyKey }]);
  });

  test("sends the idempotency key that was given", async () => {
    await command(["reset", NOOR, "--yes", "--idempotency-key", "case-4711"], { env: simulator.env });
    expect(await simulator.approvals()).toMatchObject([{ idempotencyKey: "case-4711" }]);
  });

  test("sends nothing without a terminal and without --yes", async () => {
    const { exitCode, stderr } = await command(["reset", NOOR], { env: simulator.env });
    expect(exitCode).toBe(5);
    expect(stderr).toContain("--yes");
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("sends nothing for a user who does not exist", async () => {
    const { exitCode, stderr } = await command(["reset", "nobody@northwind.example", "--yes"], { env: simulator.env });
    expect(exitCode).toBe(5);
    expect(stderr).toContain("No console user");
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("sends nothing where an e-mail belongs to two users", async () => {
    const twin = { firstName: "Noor", lastName: "Twin", role: "SIGNER", status: "READY" };
    await simulator.control("POST", "users", { ...twin, email: "twin@northwind.example" });
    await simulator.control("POST", "users", { ...twin, email: "Twin@northwind.example" });
    const { exitCode, stderr } = await command(["reset", "twin@northwind.example", "--yes"], { env: simulator.env });
    expect(exitCode).toBe(5);
    expect(stderr).toContain("2 console users match");
    expect(await simulator.resets()).toHaveLength(0);
  });

  test.each(["--reason", "--reference", "--verified-by"])("has no place for %s, and says so", async (option) => {
    const { exitCode, stderr } = await command(["reset", NOOR, "--yes", option, "a text"], { env: simulator.env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${option}: a direct call has no place for it`);
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("prints the request of a dry run without its signature, and sends no reset", async () => {
    const { exitCode, stdout } = await command(["reset", NOOR, "--dry-run", "--json"], { env: simulator.env });
    expect(exitCode).toBe(0);
    const request = JSON.parse(stdout);
    const { pathname } = new URL(request.url);
    expect(request).toMatchObject({
      method: "POST",
      jwt: { header: { alg: "RS256", typ: "JWT" }, claims: { uri: pathname, sub: simulator.env.FIREBLOCKS_API_KEY } },
    });
    expect(pathname).toMatch(/^\/v1\/management\/users\/[^/]+\/reset_device$/);
    expect(request.headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.\(not shown\)$/);
    expect(await simulator.resets()).toHaveLength(0);
  });
});

describe("what the exit code tells", () => {
  test("3: refused", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, status: 403 });
    const { exitCode, stderr } = await command(["reset", NOOR, "--yes"], { env: simulator.env });
    expect(exitCode).toBe(3);
    expect(stderr).toContain("error:");
    expect(await simulator.approvals()).toHaveLength(0);
  });

  test("4: unknown, with the key to ask again", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const { exitCode, stderr } = await command(["reset", NOOR, "--yes", "--idempotency-key", "case-4712"], {
      env: simulator.env,
    });
    expect(exitCode).toBe(4);
    expect(stderr).toContain("--idempotency-key case-4712");
  });

  test("5: not sent, where the look-up before it fails", async () => {
    await simulator.control("POST", "faults", { match: { operation: "getConsoleUsers" }, status: 500, times: 5 });
    const { exitCode } = await command(["reset", NOOR, "--yes"], { env: simulator.env });
    expect(exitCode).toBe(5);
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("5: not sent, without credentials", async () => {
    const { exitCode, stderr } = await command(["reset", NOOR, "--yes"]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain("FIREBLOCKS_API_KEY");
  });

  test.each([
    ["an unknown option", ["reset", NOOR, "--force"]],
    ["no user", ["reset"]],
    ["an unknown command", ["rest", NOOR]],
    ["a time-out that is no number", ["watch", NOOR, "--timeout", "soon"]],
    ["a time-out of a reset that is not waited for", ["reset", NOOR, "--yes", "--timeout", "10"]],
  ])("2: %s", async (_, args) => {
    expect((await command(args, { env: simulator.env })).exitCode).toBe(2);
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("an error is JSON on stderr with --json, and stdout stays empty", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, status: 403 });
    const { stdout, stderr } = await command(["reset", NOOR, "--yes", "--json"], { env: simulator.env });
    expect(stdout).toBe("");
    const line = stderr.split("\n").find((text) => text.startsWith("{"));
    expect(JSON.parse(line ?? "")).toMatchObject({ error: { outcome: "refused", status: 403, kind: "forbidden" } });
  });
});

describe("secrets", () => {
  test("the key's PEM text works in place of its path, with escaped line ends too", async () => {
    const env = { ...simulator.env, FIREBLOCKS_SECRET_KEY: simulator.secretKey.replaceAll("\n", "\\n") };
    expect((await command(["users", "noor"], { env })).exitCode).toBe(0);
  });

  test("a broken key is not repeated in the error", async () => {
    const body = simulator.secretKey.replace(/-----[^-]+-----/g, "").trim();
    const env = { ...simulator.env, FIREBLOCKS_SECRET_KEY: body };
    const { exitCode, stdout, stderr } = await command(["users"], { env });
    expect(exitCode).toBe(5);
    expect(stdout + stderr).not.toContain(body.slice(0, 20));
  });

  test("nothing that is printed holds the key or a signature", async () => {
    const secret = simulator.secretKey.split("\n")[2] ?? "";
    for (const args of [["reset", NOOR, "--dry-run"], ["reset", NOOR, "--yes"], ["users"], ["status", NOOR]]) {
      const { stdout, stderr } = await command(args, { env: simulator.env });
      expect(stdout + stderr).not.toContain(secret);
      expect(stdout + stderr).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]{20}/);
    }
  });
});

describe("on a terminal", () => {
  const question = "Request a reset of this user's mobile device?";

  test("asks, and sends after a yes", async () => {
    const ended = await commandOnTerminal(["reset", NOOR], [{ after: question, type: "y\n" }], { env: simulator.env });
    expect(ended.exitCode).toBe(0);
    expect(ended.stdout.indexOf("Northwind Treasury")).toBeLessThan(ended.stdout.indexOf(question));
    expect(await simulator.resets()).toHaveLength(1);
  });

  test.each(["n\n", "\n", "\u0003"])("sends nothing after %j", async (type) => {
    const ended = await commandOnTerminal(["reset", NOOR], [{ after: question, type }], { env: simulator.env });
    expect(ended.exitCode).toBe(5);
    expect(ended.stdout).toContain("Nothing was sent.");
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("shows progress while it waits", async () => {
    await simulator.control("PATCH", "settings", { approveAfterSeconds: null });
    const args = ["reset", NOOR, "--yes", "--wait", "--timeout", "3"];
    const ended = await commandOnTerminal(args, [], { env: simulator.env });
    expect(ended.stdout).toMatch(/approvalRequested, \d+ s/);
    expect(ended.exitCode).toBe(7);
  });
});

describe("Ctrl-C", () => {
  test("while the request is under way says that it may have arrived", async () => {
    // The effect first, then the wait: a request that is still on its way would reach the next test's workspace.
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, delayAfterMs: 5_000 });
    const ended = await command(["reset", NOOR, "--yes"], {
      env: simulator.env,
      onStderr: interruptAfter("Idempotency key:"),
    });
    expect(ended.exitCode).toBe(4);
    expect(ended.stderr).toContain("--idempotency-key");
  });

  test("while only looking sends nothing", async () => {
    await simulator.control("POST", "faults", { match: { operation: "getConsoleUsers" }, delayMs: 5_000 });
    // The look-up gives no sign of itself; its delay leaves time enough.
    const ended = await command(["reset", NOOR, "--yes"], { env: simulator.env, interruptAfterMs: 2_000 });
    expect(ended.exitCode).toBe(5);
    expect(await simulator.resets()).toHaveLength(0);
  });

  test("while waiting leaves the reset as it is", async () => {
    const ended = await command(["reset", NOOR, "--yes", "--wait"], {
      env: { ...simulator.env },
      onStderr: interruptAfter("Idempotency key:", 2_000),
    });
    expect(ended.exitCode).toBe(130);
    expect(ended.stderr).toContain("The reset itself goes on");
    expect(await simulator.approvals()).toHaveLength(1);
  });
});

describe("a second Ctrl-C, before the first had any effect,", () => {
  test("while waiting leaves the reset as it is", async () => {
    const ended = await command(["reset", NOOR, "--yes", "--wait"], {
      env: { ...simulator.env, ...PRESSED_TWICE },
      onStderr: interruptAfter("Idempotency key:", 2_000),
    });
    expect(ended.exitCode).toBe(130);
    expect(ended.stderr).toContain("Ended at once");
    expect(await simulator.approvals()).toHaveLength(1);
  });

  test("while the request is under way says that it may have arrived", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, delayAfterMs: 5_000 });
    const ended = await command(["reset", NOOR, "--yes"], {
      env: { ...simulator.env, ...PRESSED_TWICE },
      onStderr: interruptAfter("Idempotency key:"),
    });
    expect(ended.exitCode).toBe(4);
  });

  test("while only looking sends nothing", async () => {
    await simulator.control("POST", "faults", { match: { operation: "getConsoleUsers" }, delayMs: 5_000 });
    const env = { ...simulator.env, ...PRESSED_TWICE };
    expect((await command(["reset", NOOR, "--yes"], { env, interruptAfterMs: 2_000 })).exitCode).toBe(5);
    expect(await simulator.resets()).toHaveLength(0);
  });
});

describe("waiting that fails after the request was filed", () => {
  const reads = ["getConsoleUsers", "getApprovals", "getAuditLogs"];
  const ordered = (fault: object) =>
    simulator.control(
      "POST",
      "faults",
      reads.map((operation) => ({ match: { operation }, times: 50, ...fault })),
    );
  const keyIs = (enabled: boolean) =>
    simulator.control("PATCH", `api_keys/${simulator.env.FIREBLOCKS_API_KEY}`, { enabled });

  test.each<[string, () => Promise<unknown>]>([
    ["a token that is refused", () => ordered({ status: 401, body: '{"code":-7,"message":"expired"}' })],
    ["a key that was disabled", () => keyIs(false)],
  ])("ends with 7, and says so: %s", async (_, goWrong) => {
    // While the reset is under way: the look-ups before it are done, those of the waiting have not begun.
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, delayAfterMs: 1_500 });
    let gone: Promise<unknown> | undefined;
    try {
      const ended = await command(["reset", NOOR, "--yes", "--wait", "--timeout", "20"], {
        env: simulator.env,
        onStderr: (stderr) => {
          if (!gone && stderr.includes("Idempotency key:")) gone = afterEffect().then(goWrong);
        },
      });
      await gone;
      expect(ended.exitCode).toBe(7);
      expect(ended.stdout).toContain("Approval requested");
      expect(ended.stderr).toContain("error: ");
      expect(ended.stderr).toContain("The request was filed; only the waiting ended.");
      expect(ended.stderr).not.toContain("Nothing was filed");
    } finally {
      await keyIs(true);
    }
    expect(await simulator.approvals()).toHaveLength(1);
  });

  test("an answer that cannot be read is asked for again, for as long as there is time", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, delayAfterMs: 1_500 });
    let gone: Promise<unknown> | undefined;
    const ended = await command(["reset", NOOR, "--yes", "--wait", "--timeout", "4"], {
      env: simulator.env,
      onStderr: (stderr) => {
        if (!gone && stderr.includes("Idempotency key:")) gone = afterEffect().then(() => ordered({ garbage: true }));
      },
    });
    await gone;
    expect(ended.exitCode).toBe(7);
    expect(ended.stderr).toContain("Still open after 4 s.");
    expect(ended.stderr).not.toContain("Nothing was filed");
  });

  async function afterEffect(): Promise<void> {
    while ((await simulator.approvals()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

describe("looking", () => {
  test("users lists, searches and filters", async () => {
    const all = await command(["users", "--json"], { env: simulator.env });
    expect(JSON.parse(all.stdout).users.length).toBeGreaterThan(10);
    const some = await command(["users", "--role", "owner", "--json"], { env: simulator.env });
    expect(JSON.parse(some.stdout).users).toMatchObject([{ email: "margaret.okafor@northwind.example" }]);
    const table = await command(["users", "noor"], { env: simulator.env });
    expect(table.stdout).toMatch(/^ID +NAME +E-MAIL +ROLE +STATUS\n\S+ +Noor Haddad/);
  });

  test("status tells the user's status and the pending approval requests", async () => {
    await command(["reset", NOOR, "--yes"], { env: simulator.env });
    const { stdout } = await command(["status", NOOR, "--json"], { env: simulator.env });
    expect(JSON.parse(stdout)).toMatchObject({ user: { status: "READY" }, pendingApprovals: [expect.any(String)] });
  });

  test("a name that holds control characters cannot command the terminal", async () => {
    const name = { firstName: "Mal\u001b[2J\u0007", lastName: "Ory", role: "SIGNER", status: "READY" };
    await simulator.control("POST", "users", { ...name, email: "mal.ory@northwind.example" });
    const { stdout } = await command(["users", "mal.ory"], { env: simulator.env });
    expect(stdout).toContain("Ory");
    expect(stdout).not.toContain("\u001b");
  });

  test("watch tells each state, and ends with 0 when the device is ready again", async () => {
    await simulator.control("PATCH", "settings", {
      approveAfterSeconds: 1,
      pairAfterSeconds: 1,
      setupAfterSeconds: 1,
    });
    const ended = await command(["reset", NOOR, "--yes", "--wait", "--timeout", "25", "--json"], {
      env: simulator.env,
    });
    const states = ended.stdout.trim().split("\n").slice(1);
    expect(states.map((line) => JSON.parse(line).state).at(-1)).toBe("completed");
    expect(ended.exitCode).toBe(0);
  });

  test("watch ends with 6 after a rejection", async () => {
    await simulator.control("PATCH", "settings", { approveAfterSeconds: null });
    const since = new Date().toISOString();
    await command(["reset", NOOR, "--yes"], { env: simulator.env });
    const [approval] = await simulator.approvals();
    await simulator.control("POST", `approvals/${approval?.id}/reject`);
    const args = ["watch", NOOR, "--since", since, "--status-before", "READY", "--timeout", "20"];
    const ended = await command(args, { env: simulator.env });
    expect(ended.stdout).toContain("Rejected");
    expect(ended.exitCode).toBe(6);
  });
});

function interruptAfter(text: string, delayMs = 500) {
  let done = false;
  return (stderr: string, kill: (signal: NodeJS.Signals) => void) => {
    if (done || !stderr.includes(text)) return;
    done = true;
    setTimeout(() => kill("SIGINT"), delayMs);
  };
}
