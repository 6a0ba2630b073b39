// What the client sends is what Fireblocks' own SDKs send.

import { createHash } from "node:crypto";
import { Fireblocks } from "@fireblocks/ts-sdk";
import type { Client } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import officialRequests from "./fixtures/official-requests.json" with { type: "json" };
import { API_KEY, signingClient, simulatorClient, USER_ID } from "./support/clients.ts";
import { factsOf } from "./support/request-facts.ts";
import { scriptedServer } from "./support/scripted-server.ts";
import { startSimulator } from "./support/simulator.ts";

const simulator = await startSimulator();
const { basePath, apiKey, secretKey, control } = simulator;
const sdk = new Fireblocks({ basePath, apiKey, secretKey });
const client = await simulatorClient(simulator);

/** The last request that the simulator received while `send` ran; `send` may be refused. */
async function sentBy(send: () => Promise<unknown>) {
  const before = (await control.requests()).at(-1)?.seq ?? 0;
  const error = await send().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const requests = (await control.requests(before)).filter((request) => request.seq > before);
  if (requests.length !== 1) throw new Error(`${requests.length} requests were sent.`, { cause: error });
  const [request] = requests as [(typeof requests)[number]];
  return { request, error };
}

describe("against the simulator, which verifies every token", () => {
  test("the official SDK resets a device, lists users and reads the audit log, unmodified", async () => {
    const { data } = await sdk.consoleUser.getConsoleUsers();
    const user = data.users.find((candidate) => candidate.email === "noor.haddad@northwind.example");
    expect(user?.status).toBe("READY");

    const reset = await sdk.resetDevice.resetDevice({ id: user?.id ?? "", idempotencyKey: "official-1" });
    expect(reset.statusCode).toBe(200);
    expect(reset.headers["x-request-id"]).toBeTruthy();
    expect(await control.approvals(user?.id ?? "")).toHaveLength(1);

    const auditLogs = await sdk.auditLogs.getAuditLogs({ timePeriod: "DAY" });
    expect(auditLogs.data.data?.some((row) => row.event === "Submitted request")).toBe(true);
    const requests = await control.requests();
    expect(requests.map((request) => request.jwt?.verified)).toEqual(requests.map(() => true));
  });

  const ids = [
    USER_ID,
    "a b",
    "a/b",
    "a?b#c",
    "a+b&c=d",
    "%2e%2e",
    "it's (one)!*~",
    "Zoë 日本 🔑",
    "a\\b",
    "...",
    "a;b:c@d,e$",
  ];
  test.each(ids)("resetDevice(%j): our request equals the SDK's in every fact", async (id) => {
    const idempotencyKey = `key-${createHash("sha256").update(id).digest("hex").slice(0, 30)}`;
    const theirs = await sentBy(() => sdk.resetDevice.resetDevice({ id, idempotencyKey }));
    const ours = await sentBy(() => client.resetDevice(id, idempotencyKey));
    expect(factsOf(ours.request)).toEqual(factsOf(theirs.request));
    expect(ours.request.jwt?.verified).toBe(true);
    expect(ours.request.jwt?.claims.uri).toBe(ours.request.target);
  });

  test("getConsoleUsers: our request equals the SDK's in every fact, and so does the answer", async () => {
    const answers: unknown[] = [];
    const theirs = await sentBy(async () => answers.push((await sdk.consoleUser.getConsoleUsers()).data));
    const ours = await sentBy(async () => answers.push(await client.getConsoleUsers()));
    expect(factsOf(ours.request)).toEqual(factsOf(theirs.request));
    expect(answers[1]).toEqual(answers[0]);
  });

  test("getAuditLogs: our request equals the SDK's in every fact, and so does the answer", async () => {
    const answers: unknown[] = [];
    const theirs = await sentBy(async () =>
      answers.push((await sdk.auditLogs.getAuditLogs({ timePeriod: "WEEK" })).data),
    );
    const ours = await sentBy(async () => answers.push(await client.getAuditLogs({ timePeriod: "WEEK" })));
    expect(factsOf(ours.request)).toEqual(factsOf(theirs.request));
    expect(answers[1]).toEqual(answers[0]);
  });

  test("the token's times are whole seconds, and its life the configured one (the SDK's is 55 s)", async () => {
    const life = async (send: () => Promise<unknown>) => {
      const { request } = await sentBy(send);
      if (request.jwt === undefined) throw new Error("The request carried no token.");
      const { iat, exp } = request.jwt.claims as { iat: number; exp: number };
      expect(Number.isInteger(iat)).toBe(true);
      expect(Math.abs(iat * 1000 - Date.now())).toBeLessThan(5_000);
      return exp - iat;
    };
    expect(await life(() => sdk.consoleUser.getConsoleUsers())).toBe(55);
    expect(await life(() => client.getConsoleUsers())).toBe(29);
    const longer = await simulatorClient(simulator, { tokenLifetimeSeconds: 55 });
    expect(await life(() => longer.getConsoleUsers())).toBe(55);
  });

  test("where the SDK is given no idempotency key it sends none; the client makes a UUID of version 4", async () => {
    const theirs = await sentBy(() => sdk.resetDevice.resetDevice({ id: "no-key" }));
    const ours = await sentBy(() => client.resetDevice("no-key"));
    expect(theirs.request.headers).not.toHaveProperty("idempotency-key");
    expect(ours.request.headers["idempotency-key"]).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

describe("against requests that the official SDKs were recorded to send", () => {
  test.each(officialRequests.map((recorded) => ({ ...recorded, name: `${recorded.client}: ${recorded.sent.target}` })))(
    "$name",
    async ({ operation, arguments: args, sent }) => {
      const body = operation === "getConsoleUsers" ? '{"users":[]}' : operation === "getAuditLogs" ? '{"data":[]}' : "";
      const server = await scriptedServer({ headers: { "X-Request-ID": "r" }, body });
      const ours = await signingClient(server, { apiKey: API_KEY });
      const call = ours[operation as keyof Client] as (...values: unknown[]) => Promise<unknown>;
      await call.apply(ours, args);
      const { body: sentBody, ...facts } = sent;
      expect(server.requests.map(factsOf)).toEqual([
        { ...facts, bodySha256: createHash("sha256").update(sentBody).digest("hex") },
      ]);
    },
  );
});
