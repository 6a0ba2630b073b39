// Credentials that are missing, empty or half there are named, and nothing is sent.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { command } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const NOOR = "noor.haddad@northwind.example";
let received = 0;
const server = createServer((_, response) => {
  received += 1;
  response.writeHead(404).end();
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = 0;
});
afterAll(() => void server.close());

const commands = [["reset", NOOR, "--yes"], ["users"], ["status", NOOR], ["watch", NOOR]];

describe("a direct call", () => {
  const KEY = "FIREBLOCKS_API_KEY";
  const SECRET = "FIREBLOCKS_SECRET_KEY";
  const PATH = "FIREBLOCKS_SECRET_KEY_PATH";
  const cases: [Record<string, string>, string][] = [
    [{}, `Neither ${KEY} nor ${SECRET} is set.`],
    [{ [KEY]: "a-key" }, `${SECRET} is not set`],
    [{ [SECRET]: "/no/such/file" }, `${KEY} is not set`],
    [{ [PATH]: "/no/such/file" }, `${KEY} is not set`],
    [{ [KEY]: "", [SECRET]: "/no/such/file" }, `${KEY} is set, but empty`],
    [{ [KEY]: " \n", [SECRET]: "/no/such/file" }, `${KEY} is set, but empty`],
    [{ [KEY]: "a-key", [SECRET]: "" }, `${SECRET} is set, but empty`],
    [{ [KEY]: "a-key", [SECRET]: "", [PATH]: "/no/such/file" }, `${SECRET} is set, but empty`],
    [{ [KEY]: "a-key", [PATH]: "" }, `${PATH} is set, but empty`],
    ...["undefined", "null", " None "].map((word): [Record<string, string>, string] => [
      { [KEY]: word, [SECRET]: "/no/such/file" },
      `${KEY} is set, but only the word "${word.trim()}"`,
    ]),
    ...["/no/such/file", "secret.key", "keys/secret.key", `/${"long/".repeat(80)}secret.key`].map(
      (path): [Record<string, string>, string] => [{ [KEY]: "a-key", [SECRET]: path }, "cannot be read (ENOENT)"],
    ),
  ];

  test.each(cases)("%j", async (env, message) => {
    for (const args of commands) {
      const ended = await command(args, { env: { FIREBLOCKS_BASE_PATH: address, ...env } });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).toContain("Nothing was sent.");
      expect(ended.exitCode).toBe(5);
    }
    expect(received).toBe(0);
  });

  test("an empty base path is not the production one", async () => {
    const env = { [KEY]: "a-key", [SECRET]: "/no/such/file", FIREBLOCKS_BASE_PATH: "" };
    const { exitCode, stderr } = await command(["users"], { env });
    expect(stderr).toContain("FIREBLOCKS_BASE_PATH is set, but empty");
    expect(exitCode).toBe(5);
  });
});

describe("through a gateway", () => {
  const ID = "CF_ACCESS_CLIENT_ID";
  const SECRET = "CF_ACCESS_CLIENT_SECRET";
  const TOKEN = "CF_ACCESS_TOKEN";
  const cases: [Record<string, string>, string][] = [
    [{ [TOKEN]: "" }, `${TOKEN} is set, but empty. cloudflared prints nothing where the session has ended`],
    [{ [TOKEN]: " " }, `${TOKEN} is set, but empty`],
    [{ [TOKEN]: "Unable to find token for provided application." }, `${TOKEN} does not hold a token`],
    ...["undefined", "null", "NaN"].map((word): [Record<string, string>, string] => [
      { [TOKEN]: word },
      `${TOKEN} is set, but only the word "${word}"`,
    ]),
    ...["a;b", '"a-token"', "a,b", "a\\b", "a-tok\u00e9n"].map((token): [Record<string, string>, string] => [
      { [TOKEN]: token },
      `${TOKEN} does not hold a token`,
    ]),
    [{ [ID]: "an-id" }, `${SECRET} is not set`],
    [{ [SECRET]: "a-secret" }, `${ID} is not set`],
    [{ [ID]: "an-id", [TOKEN]: "a-token" }, `${SECRET} is not set`],
    [{ [ID]: "an-id", [SECRET]: "" }, `${SECRET} is set, but empty`],
    [{ [ID]: "", [SECRET]: "a-secret" }, `${ID} is set, but empty`],
    [{ [ID]: "an-id", [SECRET]: "a-secret", [TOKEN]: "" }, `${TOKEN} is set, but empty`],
    [{ [ID]: "an-id", [SECRET]: "a sec\nret" }, `${SECRET} does not hold a token`],
  ];

  test.each(cases)("%j", async (env, message) => {
    for (const args of commands) {
      const ended = await command(["--gateway", address, ...args], { env });
      expect(ended.stderr).toContain(message);
      expect(ended.stderr).toContain("Nothing was sent.");
      expect(ended.stderr).not.toMatch(/a-secret|a sec|Unable/);
      expect(ended.exitCode).toBe(5);
    }
    expect(received).toBe(0);
  });

  test("none at all is for a gateway that asks for none", async () => {
    await command(["--gateway", address, "users"]);
    expect(received).toBeGreaterThan(0);
  });
});

describe("a key in the variable itself, in a form that is no file", () => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const putty = `PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n${pem.split("\n").slice(1, -2).join("\n")}`;
  test.each<[string, string, RegExp]>([
    ["a JSON Web Key", JSON.stringify(pair.privateKey.export({ format: "jwk" })), /JSON Web Key/],
    ["a PuTTY key", putty, /PuTTY/],
    ["a PuTTY key, its line breaks written \\n", putty.replaceAll("\n", "\\n"), /PuTTY/],
    ["a damaged BEGIN line", pem.replaceAll("-----", "----"), /first line .* damaged/],
    ["a damaged BEGIN line alone", "----BEGIN PRIVATE KEY----", /first line .* damaged/],
    ["a part of the base64", pem.split("\n").slice(1, 9).join(""), /cut off/],
  ])("%s is named for what it is", async (_, key, sentence) => {
    const env = { FIREBLOCKS_API_KEY: "a-key", FIREBLOCKS_SECRET_KEY: key, FIREBLOCKS_BASE_PATH: address };
    const { stderr, exitCode } = await command(["users"], { env });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toContain("cannot be read");
    for (const line of key.split("\n").filter((part) => part.length > 60)) {
      expect(stderr).not.toContain(line.slice(20, 60));
    }
    expect(exitCode).toBe(5);
    expect(received).toBe(0);
  });

  test("base64 of the file is read", async () => {
    const env = { FIREBLOCKS_API_KEY: "a-key", FIREBLOCKS_BASE_PATH: address };
    await command(["users"], { env: { ...env, FIREBLOCKS_SECRET_KEY: Buffer.from(pem).toString("base64") } });
    expect(received).toBeGreaterThan(0);
  });
});

test.each(["0", "0.5", "-1", "604801", "soon"])("--timeout %s is none", async (given) => {
  const { stderr, exitCode } = await command(["watch", NOOR, `--timeout=${given}`]);
  expect(stderr).toContain("1 to 604800 seconds. Nothing was sent.");
  expect(exitCode).toBe(2);
});

test.each(["utf-16le", "utf-16be"])("a key file that PowerShell wrote is read: %s", async (encoding) => {
  const simulator = await Simulator.start();
  const folder = mkdtempSync(join(tmpdir(), "fireblocks-reset-device-key-"));
  try {
    const bytes = Buffer.from(`\ufeff${simulator.secretKey}`, "utf16le");
    const file = join(folder, "secret.key");
    writeFileSync(file, encoding === "utf-16le" ? bytes : bytes.swap16());
    const env = { ...simulator.env, FIREBLOCKS_SECRET_KEY: file };
    expect(await command(["users", "noor"], { env })).toMatchObject({ exitCode: 0, stderr: "" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await simulator.stop();
  }
});

test.each(["?environment=eu", "#admin"])(
  "a gateway's address with %s is refused as the option that it is",
  async (rest) => {
    const ended = await command(["--gateway", `https://resets.example${rest}`, "users"]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
    expect(ended.stderr).toContain("--gateway must not hold a query or a fragment. Nothing was sent.");
  },
);

test("a gateway's address that cannot be read is not repeated: it may hold a password", async () => {
  const ended = await command(["--gateway", "https://me:hunter2hunter2@resets.example:99999", "users"]);
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toContain("--gateway is not an address.");
  expect(ended.stderr).not.toContain("hunter2");
});
