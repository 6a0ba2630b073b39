// The command through the worker: as a person with the cookie of a sign-in, and as a service token behind Access.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { localRoles, type Stack, startStack } from "../../scripts/stack.mjs";
import { AccessProxy } from "./support/access.ts";
import { command, commandOnTerminal } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const [RESETTER = ""] = localRoles.resetter;
const SERVICE = { id: "service-id.access", secret: "service-secret" };
const NOTE = ["--reason", "Phone lost on a train", "--verified-by", "Video call"];
const VARS = {
  RATE_LIMITS: "off",
  DAILY_RESET_LIMIT: "1000",
  RESETS_BY_SERVICE_TOKENS: "true",
  ROLES: JSON.stringify({ ...localRoles, resetter: [...localRoles.resetter, `service:${SERVICE.id}`] }),
};

interface Row {
  id: string;
  state: string;
  askedBy: string;
  reason?: string;
  verifiedBy?: string;
  reference?: string;
  because?: string;
  proofs?: { proof: string; text?: string }[];
}

let stack: Stack;
let simulator: Simulator;
let proxy: AccessProxy;
/** A person's sign-in. */
let person: Record<string, string>;
/** Those whom no test has taken yet. The worker keeps the list of users for a while, so they are all there from the start. */
const users: { id: string; email: string }[] = [];
let user: { id: string; email: string };

beforeAll(async () => {
  stack = await startStack({ build: false, vars: VARS });
  simulator = Simulator.of(stack.simulator);
  for (let number = 1; number <= 30; number++) {
    const email = `gateway.${number}@northwind.example`;
    const named = { firstName: "Gateway", lastName: `Number ${number}`, role: "SIGNER", status: "READY" };
    users.push(await simulator.control("POST", "users", { ...named, email }));
  }
  person = { CF_ACCESS_TOKEN: await tokenOf({ email: RESETTER }) };
  proxy = await new AccessProxy(stack.url, SERVICE, await tokenOf({ commonName: SERVICE.id })).start();
});
beforeEach(() => {
  const next = users.shift();
  if (!next) throw new Error("Every user is taken.");
  user = next;
  proxy.answers.clear();
  proxy.requests.length = 0;
});
afterEach(() => simulator.control("DELETE", "faults"));
afterAll(async () => {
  await proxy?.stop();
  await stack?.stop();
});

async function tokenOf(of: { email?: string; commonName?: string }): Promise<string> {
  return (await simulator.control<{ token: string }>("POST", "access/token", of)).token;
}

const asPerson = (args: string[]) => command(["--gateway", stack.url, ...args], { env: person });
const asService = (args: string[], env = {}) =>
  command(["--gateway", proxy.url, ...args], {
    env: { CF_ACCESS_CLIENT_ID: SERVICE.id, CF_ACCESS_CLIENT_SECRET: SERVICE.secret, ...env },
  });

async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${stack.url}/api/${path}`, {
    method,
    headers: {
      Cookie: `CF_Authorization=${person.CF_ACCESS_TOKEN}`,
      Origin: stack.url,
      "Content-Type": "application/json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

const records = async () => (await api<{ resets: Row[] }>("GET", `resets?userId=${user.id}`)).resets;
const resets = async () => (await simulator.resets()).filter(({ target }) => target.includes(user.id));

/** Runs the sweep, which learns how it goes on, until the user's record has a state. */
async function becomes(state: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await stack.runScheduled();
        return (await records())[0]?.state;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(state);
}

describe("reset as a person, by the cookie of the sign-in and an Origin", () => {
  test("keeps the note in the record, and says that nothing is reset yet", async () => {
    const ended = await asPerson(["reset", user.email, "--yes", "--json", ...NOTE, "--reference", "HELP-4711"]);
    expect(ended.stderr).toContain("Northwind Treasury");
    expect(ended.exitCode, ended.stderr).toBe(0);
    const { recordId } = JSON.parse(ended.stdout);
    expect(await records()).toMatchObject([
      {
        id: recordId,
        state: "approvalRequested",
        askedBy: RESETTER,
        reason: "Phone lost on a train",
        verifiedBy: "Video call",
        reference: "HELP-4711",
      },
    ]);
    expect(await resets()).toHaveLength(1);
  });

  test("is refused without a sign-in, and nothing is recorded", async () => {
    const ended = await command(["--gateway", stack.url, "reset", user.email, "--yes", ...NOTE]);
    expect(ended.exitCode).toBe(3);
    expect(await records()).toEqual([]);
  });

  test.each([
    ["--verified-by", ["--reason", "lost"]],
    ["--reason", ["--verified-by", "call"]],
  ])("sends nothing where the gateway requires %s", async (option, given) => {
    const ended = await asPerson(["reset", user.email, "--yes", ...given]);
    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(`The gateway requires ${option}. Nothing was sent.`);
    expect(await records()).toEqual([]);
  });

  test("asks for what the gateway requires, and then whether to go on", async () => {
    const answers = [
      { after: "How was the user's identity verified?", type: "Badge at the desk\n" },
      { after: "Reason?", type: "Stolen\n" },
      { after: "Request a reset of this user's mobile device?", type: "y\n" },
    ];
    const ended = await commandOnTerminal(["--gateway", stack.url, "reset", user.email], answers, { env: person });
    expect(ended.exitCode, ended.stdout).toBe(0);
    expect(await records()).toMatchObject([{ reason: "Stolen", verifiedBy: "Badge at the desk" }]);
  });

  test("sends nothing where a question is answered by Ctrl-D", async () => {
    const answers = [{ after: "How was the user's identity verified?", type: "\u0004" }];
    const ended = await commandOnTerminal(["--gateway", stack.url, "reset", user.email], answers, { env: person });
    expect(ended.exitCode).toBe(5);
    expect(ended.stdout).toContain("Nothing was sent.");
    expect(await records()).toEqual([]);
  });

  test("prints a dry run's request without the cookie, and records nothing", async () => {
    const ended = await asPerson(["reset", user.email, "--dry-run", "--json", ...NOTE]);
    expect(ended.exitCode).toBe(0);
    const request = JSON.parse(ended.stdout);
    expect(request.url).toBe(`${stack.url}/v1/management/users/${user.id}/reset_device`);
    expect(JSON.parse(request.body)).toEqual({ reason: "Phone lost on a train", verifiedBy: "Video call" });
    expect(ended.stdout + ended.stderr).not.toContain(person.CF_ACCESS_TOKEN);
    expect(await records()).toEqual([]);
  });

  test("waits for the record's end, and ends with 0 when the device is ready again", async () => {
    await simulator.control("PATCH", "settings", { pairAfterSeconds: null, setupAfterSeconds: null });
    const waiting = asPerson(["reset", user.email, "--yes", "--wait", "--timeout", "80", "--json", ...NOTE]);
    await becomes("approvalRequested");
    const [approval] = await simulator.approvals(user.id);
    await simulator.control("POST", `approvals/${approval?.id}/approve`);
    await becomes("awaitingPairing");
    for (let step = 0; step < 2; step++) await simulator.control("POST", `users/${user.id}/advance`);
    await becomes("completed");
    const ended = await waiting;
    const states = ended.stdout.trim().split("\n").slice(1);
    expect(states.map((line) => JSON.parse(line).state).at(-1)).toBe("completed");
    expect(ended.exitCode).toBe(0);
  }, 90_000);
});

describe("a service token, behind Access", () => {
  test("makes a reset, and no header of a person goes along", async () => {
    const ended = await asService(["reset", user.email, "--yes", ...NOTE]);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(await records()).toMatchObject([{ askedBy: expect.stringContaining(SERVICE.id) }]);
    const [post] = proxy.requests.filter(({ method }) => method === "POST");
    expect(post?.headers).toMatchObject({ "cf-access-client-id": SERVICE.id });
    expect(Object.keys(post?.headers ?? {})).not.toEqual(expect.arrayContaining(["cookie"]));
  });

  test("that is unknown is refused, and its secret is not printed", async () => {
    const ended = await asService(["reset", user.email, "--yes", ...NOTE], {
      CF_ACCESS_CLIENT_SECRET: "no-such-secret",
    });
    expect(ended.exitCode).toBe(3);
    expect(ended.stdout + ended.stderr).not.toContain("no-such-secret");
  });

  test("ends with 5 where the gateway fails before anything is sent", async () => {
    proxy.answers.set("/api/session", { status: 503, body: { message: "Down for a moment." } });
    const ended = await asService(["reset", user.email, "--yes", ...NOTE]);
    expect(ended.exitCode).toBe(5);
    expect(ended.stderr).toContain("Down for a moment.");
    expect(await records()).toEqual([]);
  });

  test.each([
    [401, "Your sign-in has ended."],
    [404, "There is no such record."],
  ])("ends with 7 where the record is lost while it waits: %i", async (status, message) => {
    proxy.answers.set("/api/resets/", { status, body: { message } });
    const ended = await asService(["reset", user.email, "--yes", "--wait", ...NOTE]);
    expect(ended.exitCode).toBe(7);
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain("The gateway took the request; only the waiting ended.");
    expect(await resets()).toHaveLength(1);
  });
});

describe("a record that exists", () => {
  test("is shown by status", async () => {
    await asPerson(["reset", user.email, "--yes", ...NOTE]);
    const [record] = await records();
    const { exitCode, stdout } = await asPerson(["status", user.email, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ user: { id: user.id }, record: { id: record?.id } });
    expect((await asPerson(["status", user.email])).stdout).toContain(
      "Approval requested. The device is not reset yet",
    );
  });

  test("is followed by watch until a person settles it, which is no success", async () => {
    await simulator.control("POST", "faults", { match: { operation: "resetDevice" }, status: 500, effect: true });
    const asked = await asPerson(["reset", user.email, "--yes", ...NOTE]);
    expect(asked.exitCode).toBe(4);
    const [record] = await records();
    expect(asked.stderr).toContain(`The gateway's record: ${record?.id}`);
    const watching = asPerson(["watch", user.email, "--json", "--timeout", "20"]);
    await api("POST", `resets/${record?.id}/settle`, { reason: "Looked in the Console: nothing was filed." });
    const ended = await watching;
    expect(JSON.parse(ended.stdout.trim().split("\n").at(-1) ?? "").state).toBe("settled");
    expect(ended.exitCode).toBe(6);
  });

  test("is told as suggested where it is no more than that", async () => {
    const record = { id: "a-record", state: "completed", evidence: "suggested", open: false };
    proxy.answers.set("/api/resets?", { status: 200, body: { resets: [record] } });
    const { stdout } = await asService(["status", user.email]);
    expect(stdout).toMatch(/^State +Done\. .*Suggested, not proven/m);
  });

  test("that is not there is said by watch", async () => {
    const ended = await asPerson(["watch", user.email]);
    expect(ended.exitCode).toBe(5);
    expect(ended.stderr).toContain("no record of a reset");
  });
});

describe("where a second person must release", () => {
  beforeAll(() => stack.restartWorker({ vars: { REQUIRE_SECOND_PERSON: "true" } }));

  test("a 202 is told as a proposal, and Fireblocks is not asked", async () => {
    const ended = await asPerson(["reset", user.email, "--yes", "--wait", "--timeout", "3", ...NOTE]);
    expect(ended.stdout).toContain("The gateway took the request. The device is not reset yet.");
    expect(ended.stdout).toContain("Proposed. A second person must release it");
    expect(ended.stdout).not.toContain("Approval requested");
    expect(ended.exitCode).toBe(7);
    expect(await records()).toMatchObject([{ state: "proposed" }]);
    expect(await resets()).toHaveLength(0);
  });

  test("a proposal that is withdrawn while it is waited for ends with 6", async () => {
    const waiting = asPerson(["reset", user.email, "--yes", "--wait", "--timeout", "20", ...NOTE]);
    let proposed: Row | undefined;
    while (!proposed) [proposed] = await records();
    await api("POST", `resets/${proposed.id}/withdraw`, { reason: "Found the phone." });
    const ended = await waiting;
    expect(ended.stdout).toContain("Withdrawn. Fireblocks was not asked.");
    expect(ended.exitCode).toBe(6);
  });
});

describe("where a policy asks for a proof and a wait", () => {
  const POLICY = JSON.stringify([
    { name: "Proven", demand: { proofs: ["videoCall"], because: true } },
    { name: "Waits", when: { because: ["changed"] }, demand: { secondPerson: true, wait: { minutes: 60 } } },
  ]);
  beforeAll(() => stack.restartWorker({ vars: { POLICY } }));
  const ask = (...more: string[]) => asPerson(["reset", user.email, "--yes", "--reason", "New phone", ...more]);

  test("what is missing is told, and nothing is recorded", async () => {
    const ended = await ask("--verified-by", "Video call");
    expect(ended.exitCode).toBe(3);
    expect(ended.stderr).toContain("Video call (videoCall)");
    expect(await records()).toEqual([]);
    expect((await ask("--proof", "codeMatched")).exitCode).toBe(2);
  });

  test("a proof has its own words, and goes into the record as what it is", async () => {
    const ended = await ask("--proof", "videoCall", "--verified-by", "Badge compared", "--because", "lost");
    expect(ended.exitCode, ended.stderr).toBe(0);
    const [row] = await records();
    expect(row).toMatchObject({ because: "lost", proofs: [{ proof: "videoCall", text: "Badge compared" }] });
  });

  test("what helps is told, and where that is no reset nothing is sent", async () => {
    for (const [because, step] of [
      ["oldPhoneWorks", "1. The workspace's Owner has to have allowed it"],
      ["owner", "1. Write to Fireblocks' support"],
    ] as const) {
      const ended = await ask("--proof", "videoCall", "--because", because);
      expect(ended.exitCode).toBe(5);
      expect(ended.stderr).toContain(step);
      expect(ended.stderr).toContain("No reset helps here. Nothing was sent.");
    }
    expect(await records()).toEqual([]);
    const ended = await ask("--proof", "videoCall", "--because", "authenticatorLost");
    expect(ended.stderr).toContain("1. First the workspace's Owner resets the user's two-factor authentication");
    expect(await records()).toHaveLength(1);
  });

  test("a 202 is told as what it waits for, and when it leaves", async () => {
    const ended = await ask("--proof", "videoCall", "--because", "changed", "--json");
    expect(JSON.parse(ended.stdout)).toMatchObject({ state: "proposed", userId: user.id });
  });

  test("a wait is told with the time at which it leaves", async () => {
    const leavesAt = Date.UTC(2030, 0, 1);
    const record = { id: "a-record", userId: user.id, state: "waiting", open: true, leavesAt };
    proxy.answers.set("/api/resets/", { status: 200, body: record });
    const ended = await asService([
      ...["reset", user.email, "--yes", "--reason", "New phone", "--proof", "videoCall", "--because", "changed"],
    ]);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain("Waiting. All that is demanded is there");
    expect(ended.stdout).toContain("2030-01-01T00:00:00.000Z");
    expect(await resets()).toHaveLength(0);
  });
});
