// A server whose answers are not what they should be, as a gateway and as Fireblocks itself.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { command } from "./support/command.ts";

const user = { id: "u-1", email: "noor@northwind.example", firstName: "Noor", lastName: "Haddad", role: "SIGNER" };
const TOKEN = "a-token-of-a-person";
/** What is answered, by the end of the path. */
const answers = new Map<string, { status?: number; headers?: Record<string, string>; body: unknown } | "never">();
const asked: string[] = [];
const server = createServer(({ url = "" }, response) => {
  const { pathname } = new URL(url, "http://server");
  asked.push(pathname);
  const known = [...answers].find(([end]) => pathname.endsWith(end))?.[1];
  if (known === "never") return;
  const { status = 200, headers = {}, body } = known ?? { status: 404, body: {} };
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
});
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  answers.clear();
  answers.set("/users", { body: { users: [{ ...user, status: "READY" }] } });
  asked.length = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const throughGateway = (args: string[]) =>
  command(["--gateway", address, ...args], { env: { CF_ACCESS_TOKEN: TOKEN } });
const directly = (args: string[]) =>
  command(args, {
    env: {
      FIREBLOCKS_API_KEY: "0b2b7f6e-5f0e-4f8e-9d2b-8f1f6c1f7a11",
      FIREBLOCKS_SECRET_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      FIREBLOCKS_BASE_PATH: `${address}/v1`,
    },
  });

describe("a gateway's record", () => {
  const record = { id: "rec", state: "waiting", open: true };
  const RESET = ["reset", user.id, "--yes", "--reason", "Phone lost", "--verified-by", "Video call"];

  beforeEach(() => {
    answers.set("/workspace", { body: { id: "w-1", name: "Northwind Treasury" } });
    answers.set("/reset_device", {
      status: 202,
      headers: { "X-Request-ID": "r-1", "X-Reset-Record": "rec" },
      body: undefined,
    });
  });

  test.each(["soon", 1e17, null, {}])("that leaves at %j takes nothing back from a reset", async (leavesAt) => {
    answers.set("/api/resets/rec", { body: { ...record, leavesAt } });
    const { exitCode, stdout, stderr } = await throughGateway(RESET);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain("Waiting.");
    expect(stdout).not.toContain("Leaves at");
  });

  const unreadable = [
    { id: "rec", state: "approvalRequested" },
    { id: "rec", state: "completed", open: "true" },
    { state: "completed", open: false },
    null,
    5,
  ];

  test.each(unreadable)("that is none ends no waiting: %j", async (body) => {
    answers.set("/api/resets/rec", { body });
    const { exitCode, stdout, stderr } = await throughGateway([...RESET, "--wait", "--timeout", "1"]);
    expect(exitCode, stderr).toBe(7);
    expect(stdout).toContain("The gateway took the request.");
    expect(stdout).not.toContain("Done.");
    expect(stderr).toContain("The gateway's answer is not a record. Trying again.");
  });

  test.each<[string, { status?: number; body: unknown }]>([
    ["is none", { body: { id: "rec", state: "approvalRequested" } }],
    ["was moved", { status: 302, body: {} }],
    ["is gone", { status: 410, body: {} }],
    ["is refused as it is asked for", { status: 400, body: {} }],
  ])("that each time %s is asked for three times", async (_, answer) => {
    answers.set("/api/resets/rec", answer);
    const { exitCode, stderr } = await throughGateway([...RESET, "--wait", "--timeout", "30"]);
    expect(stderr).toContain("The record is not followed any more.");
    expect(exitCode, stderr).toBe(7);
    // Once by the reset itself, which tells what the record says.
    expect(asked.filter((path) => path.endsWith("/rec"))).toHaveLength(4);
  });

  test("that never answers holds up neither what was taken nor the end of the waiting", async () => {
    answers.set("/api/resets/rec", "never");
    const began = performance.now();
    const { exitCode, stdout, stderr } = await throughGateway([...RESET, "--wait", "--timeout", "1"]);
    expect(stdout).toContain("The gateway took the request.");
    expect(stderr).toContain("Still open after 1 s.");
    expect(exitCode).toBe(7);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test.each(unreadable)("that is none is no user's newest: %j", async (body) => {
    answers.set("/api/resets", { body: { resets: [body] } });
    for (const name of ["status", "watch"]) {
      const { exitCode, stdout, stderr } = await throughGateway([name, user.id]);
      expect(stderr).toContain("The gateway's answer is not a record.");
      expect(stdout).toBe("");
      expect(exitCode).toBe(5);
    }
  });

  test("is shown without what is no text", async () => {
    answers.set("/api/resets", { body: { resets: [{ ...record, requestId: { a: 1 }, userId: 5 }] } });
    const { exitCode, stdout } = await throughGateway(["status", user.id]);
    expect(stdout).toMatch(/Last record +rec/);
    expect(stdout).not.toContain("Request id");
    expect(exitCode).toBe(0);
  });
});

describe("a gateway that repeats the credential", () => {
  test.each([[[]], [["--json"]]])("has it printed nowhere: %j", async (options) => {
    const message = `bad session ${TOKEN}`;
    const record = { id: "rec", state: message, open: true, message };
    const repeated = [
      () => answers.set("/api/resets", { status: 400, body: { message } }),
      () => answers.set("/api/resets", { body: { resets: [record] } }),
    ];
    for (const repeat of repeated) {
      repeat();
      const { stdout, stderr } = await throughGateway([...options, "status", user.id]);
      expect(stdout + stderr).toContain("(not shown)");
      expect(stdout + stderr).not.toContain(TOKEN);
    }
    // The client leaves out the whole message.
    answers.set("/users", { status: 400, body: { message, code: 1 } });
    const { stdout, stderr } = await throughGateway([...options, "status", user.id]);
    expect(stderr).toContain("The request was refused (HTTP 400, code 1).");
    expect(stdout + stderr).not.toContain(TOKEN);
  });
});

describe("Fireblocks' lists", () => {
  test("that repeat their cursor end all the same, and it is said", async () => {
    const payload = { id: "a-request", data: { userId: user.id } };
    const item = { status: "PENDING", requestType: "RESET_DEVICE", requestPayload: JSON.stringify(payload) };
    answers.set("/approvals", { body: { data: [item], next: "same" } });
    const { exitCode, stdout, stderr } = await directly(["status", user.id]);
    expect(stdout).toMatch(/Pending approvals +20 or more/);
    expect(stderr).toContain("Fireblocks' list of pending requests goes on after 20 pages. No more of it was read.");
    expect(exitCode).toBe(5);
    expect(asked.filter((path) => path.endsWith("/approvals"))).toHaveLength(20);
  });
});
