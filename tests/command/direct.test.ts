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

  test.each(["k".repeat(41), "case 4711", "schlüssel"])("asks nothing with a key that is none: %s", async (key) => {
    const ended = await command(["reset", NOOR, "--yes", "--idempotency-key", key], { env: simulator.env });
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended.stderr).toContain("It must be 1 to 40 visible ASCII characters, without spaces. Nothing was sent.");
    const { requests } = await simulator.control<{ requests: unknown[] }>("GET", "log");
    expect(requests).toEqual([]);
  });

  test.each([
    ["--idempotency-key", "--yes"],
    ["--idempotency-key", "-y"],
    ["--idempotency-key", "--"],
    ["--reason", "--yes"],
    ["--reason", "--because=lost"],
    ["--timeout", "--wait"],
    ["--gateway", "--json"],
  ])("takes no option for the value that %s lacks: %s", async (option, next) => {
    const args = option === "--gateway" ? [option, next, "reset", NOOR] : ["reset", NOOR, "--yes", option, next];
    const ended = await command(args, { env: simulator.env });
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended.stderr).toContain("It is an option: the value before it is missing. Nothing was sent.");
    expect(await simulator.resets()).toEqual([]);
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

  test.each([` ${NOOR} `, `${NOOR}\n`, `\t${NOOR.toUpperCase()}`])(
    "trims what is around the e-mail: %j",
    async (given) => {
      expect((await command(["reset", given, "--yes"], { env: simulator.env })).exitCode).toBe(0);
      expect(await simulator.approvals()).toMatchObject([{ userEmail: NOOR }]);
    },
  );

  test.each(["", " ", "\n", "\t \r\n", "\u00a0", "\u200b", "\ufeff"])(
    "%j is nobody, whoever has no e-mail",
    async (blank) => {
      const nameless = { firstName: "No", lastName: "Address", role: "SIGNER", status: "READY" };
      for (const email of [blank, ""]) await simulator.control("POST", "users", { ...nameless, email });
      for (const args of [
        ["reset", "--yes"],
        ["status"],
        ["watch"],
        ["users"],
        ["users", "--role"],
        ["users", "--status"],
      ]) {
        const ended = await command([...args, blank], { env: simulator.env });
        expect(ended, args.join(" ")).toMatchObject({ exitCode: 2, stdout: "" });
        expect(ended.stderr).toContain("Nothing was sent.");
      }
      expect(await simulator.resets()).toHaveLength(0);
    },
    60_000,
  );

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
    ["a status before that there is none of", ["watch", NOOR, "--status-before", "ready"]],
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
    // Whole, it would be read without its lines.
    const body = simulator.secretKey
      .replace(/-----[^-]+-----/g, "")
      .trim()
      .slice(0, 400);
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

  // Ctrl-C is U+0003, Ctrl-D U+0004.
  test.each(["n\n", "\n", "\u0003", "\u0004"])("sends nothing after %j", async (type) => {
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

  test.each([
    ["may not be read", { status: 403 }, 0, "not readable with this key"],
    [
      "may not be read, by Fireblocks' own code",
      { status: 401, body: '{"code":-8,"message":"permissions"}' },
      0,
      "not readable with this key",
    ],
    ["are not there", { status: 404 }, 0, "not readable with this key"],
    ["fail", { status: 500 }, 5, "not known"],
    ["are refused for another reason", { status: 429, retryAfter: "3600" }, 3, "not known"],
    ["cannot be read", { garbage: true }, 5, "not known"],
  ])("status, where the approvals %s", async (_, fault, exitCode, word) => {
    await simulator.control("POST", "faults", { match: { operation: "getApprovals" }, times: 9, ...fault });
    const ended = await command(["status", NOOR], { env: simulator.env });
    expect(ended.stdout).toMatch(new RegExp(`^Pending approvals +${word}$`, "m"));
    expect(ended.stdout).toMatch(/^Status +READY/m);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr !== "").toBe(exitCode !== 0);
  });

  test.each<[string, (id: string) => unknown, number]>([
    ["an object", (id) => ({ userId: id }), 1],
    ["text", (id) => JSON.stringify({ userId: id }), 1],
    ["text with the id in capitals", (id) => JSON.stringify({ userId: id.toUpperCase() }), 1],
    ["text with the id unquoted", (id) => `reset_device of ${id}`, 1],
    ["text that is no JSON", () => "reset_device of somebody", 1],
    ["JSON with a longer id", (id) => JSON.stringify({ userId: `${id}0` }), 0],
    ["a number", () => 7, 1],
    ["nothing", () => undefined, 1],
  ])("status counts a pending approval whose payload is %s", async (_, payload, count) => {
    const { stdout } = await command(["status", NOOR, "--json"], { env: simulator.env });
    const item = { requestPayload: payload(JSON.parse(stdout).user.id), quorumStatus: { status: "PENDING" } };
    const body = JSON.stringify({ data: [null, 7, item], next: null });
    await simulator.control("POST", "faults", { match: { operation: "getApprovals" }, status: 200, body });
    const ended = await command(["status", NOOR], { env: simulator.env });
    expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
    expect(ended.stdout).toMatch(new RegExp(`^Pending approvals +${count}$`, "m"));
  });

  test("users that are none, and members of another type, are passed over by every command", async () => {
    const body = JSON.stringify({
      users: [null, 7, "x", [], { id: 7, email: 8, firstName: [], role: {}, status: 1 }, { id: "user-1", email: NOOR }],
    });
    for (const args of [["status", NOOR], ["users"], ["users", "x"], ["users", "noor"], ["reset", NOOR, "--dry-run"]]) {
      await simulator.control("POST", "faults", { match: { operation: "getConsoleUsers" }, status: 200, body });
      const ended = await command([...args, "--json"], { env: simulator.env });
      expect(ended.stderr, args.join(" ")).not.toContain("not a function");
      expect(ended, args.join(" ")).toMatchObject({ exitCode: 0 });
    }
  });

  test("a name that holds control characters cannot command the terminal", async () => {
    const name = { firstName: "Mal\u001b[2J\u0007", lastName: "Ory", role: "SIGNER", status: "READY" };
    await simulator.control("POST", "users", { ...name, email: "mal.ory@northwind.example" });
    const { stdout } = await command(["users", "mal.ory"], { env: simulator.env });
    expect(stdout).toContain("Ory");
    expect(stdout).not.toContain("\u001b");
  });

  test("nor with --json, which can be read back as it was", async () => {
    const firstName = "Mal\u009b2J\u202e\u{e0041}";
    const name = { firstName, lastName: "Ory", role: "SIGNER", status: "READY" };
    await simulator.control("POST", "users", { ...name, email: "mal.ory@northwind.example" });
    const { stdout } = await command(["users", "mal.ory", "--json"], { env: simulator.env });
    expect(stdout).not.toMatch(/[\u009b\u202e\u{e0041}]/u);
    expect(JSON.parse(stdout).users).toMatchObject([{ firstName }]);
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

  test("a walk of the status is told as suggested where the approvals cannot be read", async () => {
    await simulator.control("PATCH", "settings", { approveAfterSeconds: 1, pairAfterSeconds: 1, setupAfterSeconds: 1 });
    await simulator.control("POST", "faults", { match: { operation: "getApprovals" }, status: 403, times: 99 });
    const ended = await command(["reset", NOOR, "--yes", "--wait", "--timeout", "25"], { env: simulator.env });
    expect(ended.stdout).toMatch(/Done\. .*Suggested, not proven/);
    expect(ended.exitCode).toBe(0);
  });

  const noTimes = ["case 4711", "10", "2026", "1764000000000", "Nov 24 2025", "2025-02-30", "2025-11-24T25:00Z"];
  test.each(noTimes)("watch takes no other text for a time: %s", async (since) => {
    const { exitCode, stderr } = await command(["watch", NOOR, "--since", since], { env: simulator.env });
    expect(stderr).toContain("It must be a date and time such as 2026-11-24T03:00:00Z. Nothing was sent.");
    expect(exitCode).toBe(2);
  });

  test.each([
    ["9999-01-01", "It is in the future."],
    ["1969-12-31", "It is before 1970."],
  ])("watch takes no time at which no reset can have been asked for: %s", async (since, reason) => {
    const { exitCode, stderr } = await command(["watch", NOOR, "--since", since], { env: simulator.env });
    expect(stderr).toContain(`${reason} Nothing was sent.`);
    expect(exitCode).toBe(2);
    const { requests } = await simulator.control<{ requests: unknown[] }>("GET", "log");
    expect(requests).toEqual([]);
  });

  test("watch says that it has no receipt", async () => {
    const { stderr } = await command(["watch", NOOR, "--timeout", "1"], { env: simulator.env });
    expect(stderr).toContain("Taken for granted here: that a reset was asked for.");
  });

  test.each(["1", "1.0005", "1.23456789"])("watch ends with 7 after a time-out of %s seconds", async (seconds) => {
    const { exitCode, stderr } = await command(["watch", NOOR, "--timeout", seconds], { env: simulator.env });
    expect(stderr).toContain(`Still open after ${seconds} s.`);
    expect(exitCode).toBe(7);
  });

  test.each(["2025-11-24", "2025-11-24T03:00", "2025-11-24T03:00:00.5Z", " 2025-11-24T03:00:00+01:00 "])(
    "watch takes a date, and a time in any zone: %j",
    async (since) => {
      const args = ["watch", NOOR, "--since", since, "--timeout", "1"];
      expect((await command(args, { env: simulator.env })).exitCode).toBe(7);
    },
  );

  test("watch ends with 6 after a rejection", async () => {
    await simulator.control("PATCH", "settings", { approveAfterSeconds: null });
    const since = new Date().toISOString();
    await command(["reset", NOOR, "--yes"], { env: simulator.env });
    const args = ["watch", NOOR, "--since", since, "--status-before", "READY", "--timeout", "25"];
    const watching = command(args, { env: simulator.env });
    // Only of a request that was seen to wait is it proven to be this one that is rejected.
    await simulator.received("getApprovals");
    const [approval] = await simulator.approvals();
    await simulator.control("POST", `approvals/${approval?.id}/reject`);
    const ended = await watching;
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
