// Which user ids are accepted, and what becomes of them on the wire.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { failureOf, signingClient } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";

describe("an id that cannot be one segment of the path is refused before anything is sent", () => {
  const refused: [name: string, id: unknown, reason: string | RegExp][] = [
    ["empty", "", "empty"],
    ["a dot", ".", "`.`"],
    ["two dots", "..", "`..`"],
    ["256 bytes", "x".repeat(256), "255"],
    ["256 bytes in 86 characters", `${"日".repeat(85)}a`, "255"],
    ["a line break", "a\nb", "control"],
    ["a NUL", "a\0b", "control"],
    ["DEL", "a\u007fb", "control"],
    ["a C1 control", "a\u0085b", "control"],
    ["a lone high surrogate", "a\ud800b", "surrogate"],
    ["a lone low surrogate", "\udc00", "surrogate"],
    ["not a string: undefined", undefined, "string"],
    ["not a string: null", null, "string"],
    ["not a string: number", 7, "string"],
    ["not a string: array", ["a"], "string"],
  ];
  test.each(refused)("%s", async (_, id, reason) => {
    const server = await scriptedServer(accepted);
    const client = await signingClient(server);
    const error = await failureOf(client.resetDevice(id as string));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0, retryable: false });
    expect(error.message).toMatch(reason);
    expect(await failureOf(client.getApproval(id as string))).toMatchObject({ kind: "invalidArgument" });
    expect(server.requests).toEqual([]);
  });
});

describe("an id that is accepted arrives whole", () => {
  const written: [id: string, segment: string][] = [
    ["44fdead0-7053-4831-a53a-df7fb90d440f", "44fdead0-7053-4831-a53a-df7fb90d440f"],
    ["%2e%2e", "%252e%252e"],
    ["%2E", "%252E"],
    ["...", "..."],
    ["a/../b", "a%2F..%2Fb"],
    ["a b+c", "a%20b%2Bc"],
    ["a\\b", "a%5Cb"],
    ["日本", "%E6%97%A5%E6%9C%AC"],
    ["x".repeat(255), "x".repeat(255)],
  ];
  test.each(written)("%j is written %s, and signed as it is written", async (id, segment) => {
    const server = await scriptedServer(accepted);
    await (await signingClient(server)).resetDevice(id);
    const [request] = server.requests;
    expect(request?.target).toBe(`/v1/management/users/${segment}/reset_device`);
    expect(request?.jwt?.claims.uri).toBe(request?.target);
  });

  test("the uri claim equals the target that this runtime's URL parser makes, for every id that is accepted", async () => {
    let seen = [] as { target: string; claim: unknown }[];
    const recorder: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const [, claims = ""] = request.headers.get("Authorization")?.split(".") ?? [];
      const { uri } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8"));
      seen.push({ target: url.pathname + url.search, claim: uri });
      return new Response(null, { headers: { "X-Request-ID": "r" } });
    };
    const signature = new Uint8Array(256);
    const client = await signingClient(
      { basePath: "http://127.0.0.1:9/v1" },
      { fetch: recorder, secretKey: () => signature, maxRetries: 0 },
    );
    const awkward = fc.constantFrom(
      ..."./\\%?#&=+ '\"<>{}|^`~!*();:@$,[]-_2eEfF5cC",
      "%2e",
      "..",
      "日",
      "é",
      "🔑",
      "\u200d",
    );
    const ids = fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.string({ unit: awkward, maxLength: 12 }),
      fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
    );
    let acceptedIds = 0;
    await fc.assert(
      fc.asyncProperty(ids, async (id) => {
        seen = [];
        const outcome = await client.resetDevice(id).then(
          () => "accepted",
          (error) => error.kind,
        );
        if (outcome !== "accepted") {
          // Nothing that could have been called is refused, and nothing that was refused was sent.
          expect(outcome).toBe("invalidArgument");
          expect(seen).toEqual([]);
          expect(mustBeRefused(id), JSON.stringify(id)).toBe(true);
          return;
        }
        acceptedIds++;
        expect(mustBeRefused(id), JSON.stringify(id)).toBe(false);
        const target = `/v1/management/users/${encodeURIComponent(id)}/reset_device`;
        expect(seen).toEqual([{ target, claim: target }]);
      }),
      { numRuns: 3_000 },
    );
    expect(acceptedIds).toBeGreaterThan(1_000);
  });
});

function mustBeRefused(id: string): boolean {
  return (
    id === "" ||
    id === "." ||
    id === ".." ||
    !id.isWellFormed() ||
    new TextEncoder().encode(id).length > 255 ||
    /\p{Cc}/u.test(id)
  );
}
