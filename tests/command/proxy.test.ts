// The command behind a proxy: HTTPS_PROXY and its kind, as the official SDK reads them.

import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { command } from "./support/command.ts";
import { Simulator } from "./support/simulator.ts";

const NOOR = "noor.haddad@northwind.example";
/** As the machine's own may be set, whatever they are. */
const NONE = Object.fromEntries(
  ["http_proxy", "https_proxy", "all_proxy", "no_proxy"]
    .flatMap((name) => [name, name.toUpperCase()])
    .map((name) => [name, ""]),
);

/** A proxy that tunnels to whatever is asked for, or refuses. */
const tunnels: { to: string; authorization: string | undefined }[] = [];
let refuses = false;
let breaksOff = false;
let answersNothing = false;
const proxy = createServer((_, response) => void response.writeHead(400).end()).on(
  "connect",
  (request, client, head) => {
    tunnels.push({ to: String(request.url), authorization: request.headers["proxy-authorization"] });
    client.on("error", () => {});
    if (answersNothing) return;
    if (breaksOff) return void client.destroy();
    if (refuses) return void client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    const [host = "", port] = String(request.url).split(":");
    const upstream = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  },
);

let simulator: Simulator;
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  simulator = await Simulator.start();
});
beforeEach(() => {
  tunnels.length = 0;
});
afterEach(() => {
  refuses = false;
  breaksOff = false;
  answersNothing = false;
  return simulator.clear();
});
afterAll(async () => {
  await simulator?.stop();
  proxy.closeAllConnections();
  proxy.close();
});

const authority = () => new URL(simulator.env.FIREBLOCKS_BASE_PATH ?? "").host;
const run = (args: string[], env: Record<string, string>) =>
  command(args, { env: { ...simulator.env, ...NONE, ...env } });

test.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])("a whole reset goes through what %s names", async (name) => {
  const { exitCode, stderr } = await run(["reset", NOOR, "--yes"], { [name]: address });
  expect(exitCode, stderr).toBe(0);
  expect(await simulator.approvals()).toHaveLength(1);
  expect(new Set(tunnels.map(({ to }) => to))).toEqual(new Set([authority()]));
});

test("waiting goes through it too", async () => {
  await simulator.control("PATCH", "settings", { approveAfterSeconds: 1, pairAfterSeconds: 1, setupAfterSeconds: 1 });
  const ended = await run(["reset", NOOR, "--yes", "--wait", "--timeout", "25"], { HTTP_PROXY: address });
  expect(ended.exitCode, ended.stderr).toBe(0);
});

test.each(["*", "127.0.0.1", "localhost, 127.0.0.1"])("NO_PROXY=%s goes straight", async (names) => {
  expect((await run(["users"], { HTTP_PROXY: address, NO_PROXY: names })).exitCode).toBe(0);
  expect(tunnels).toEqual([]);
});

test("the proxy for the other protocol is not used", async () => {
  expect((await run(["users"], { HTTPS_PROXY: address })).exitCode).toBe(0);
  expect(tunnels).toEqual([]);
});

test("name and password go to the proxy, and nowhere else", async () => {
  const withPassword = address.replace("//", "//me:pass-word@");
  expect((await run(["users"], { HTTP_PROXY: withPassword })).exitCode).toBe(0);
  expect(tunnels[0]?.authorization).toBe(`Basic ${Buffer.from("me:pass-word").toString("base64")}`);
  refuses = true;
  const { stdout, stderr } = await run(["users"], { HTTP_PROXY: withPassword });
  expect(stderr).toContain(new URL(address).host);
  expect(stdout + stderr).not.toContain("pass-word");
});

describe("an error behind a proxy says so", () => {
  const NOWHERE = "https://fireblocks.example/v1";

  test("for a direct call, which asked for the tunnel", async () => {
    refuses = true;
    const { exitCode, stderr } = await run(["users"], { FIREBLOCKS_BASE_PATH: NOWHERE, HTTPS_PROXY: address });
    expect(tunnels[0]?.to).toBe("fireblocks.example:443");
    expect(stderr).toContain(`Requests go through the proxy ${address} (HTTPS_PROXY).`);
    expect(exitCode).toBe(5);
  });

  test("through a gateway, as JSON", async () => {
    refuses = true;
    const args = ["--gateway", "https://gateway.example", "--json", "status", NOOR];
    const { stderr } = await run(args, { https_proxy: address });
    expect(JSON.parse(stderr)).toMatchObject({ error: { proxy: `the proxy ${address} (https_proxy)` } });
  });

  test("and where the proxy is not there", async () => {
    const { stderr } = await run(["users"], { HTTP_PROXY: "http://127.0.0.1:9" });
    expect(stderr).toContain("the proxy http://127.0.0.1:9 (HTTP_PROXY)");
  });

  test("and where it breaks off, which is tried as often as any failed connection", async () => {
    breaksOff = true;
    for (const basePath of [simulator.env.FIREBLOCKS_BASE_PATH ?? "", NOWHERE]) {
      tunnels.length = 0;
      const env = { FIREBLOCKS_BASE_PATH: basePath, HTTP_PROXY: address, HTTPS_PROXY: address };
      const { exitCode, stderr } = await run(["users"], env);
      expect(stderr).toContain("the connection failed (");
      expect(stderr).toContain(`Requests go through the proxy ${address}`);
      expect(exitCode).toBe(5);
      expect(tunnels).toHaveLength(3);
    }
  });

  test("and where it never answers, which holds up no end", async () => {
    answersNothing = true;
    const began = performance.now();
    const env = { ...simulator.env, ...NONE, HTTP_PROXY: address };
    const { exitCode, stderr } = await command(["users"], { env, interruptAfterMs: 2_000 });
    expect(stderr).toContain(`Requests go through the proxy ${address}`);
    expect(exitCode).toBe(130);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("but not where there is none", async () => {
    await simulator.control("POST", "faults", { match: { operation: "getConsoleUsers" }, status: 403 });
    expect((await run(["users"], { HTTP_PROXY: address, NO_PROXY: "*" })).stderr).not.toContain("proxy");
  });
});

test("a name or password that cannot be read is named, not shown", async () => {
  const { exitCode, stderr } = await run(["users"], { HTTP_PROXY: address.replace("//", "//me:100%zz@") });
  expect(stderr).toContain(
    "The name or password in HTTP_PROXY cannot be read: a % in it is written %25. Nothing was sent.",
  );
  expect(stderr).not.toContain("%zz");
  expect(exitCode).toBe(5);
});

test.each(["socks5://me:pass-word@127.0.0.1:1080", "http://[pass-word"])(
  "what is no proxy's address is named, not shown: %s",
  async (value) => {
    const { exitCode, stderr } = await run(["users"], { HTTP_PROXY: value });
    expect(stderr).toContain("HTTP_PROXY is not the http: or https: address of a proxy. Nothing was sent.");
    expect(stderr).not.toContain("pass-word");
    expect(exitCode).toBe(5);
  },
);
