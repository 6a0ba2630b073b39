// Options, and the note among them: what is not read is never left out in silence.

import { type Client, type ClientConfig, createClient, type ResetNote } from "fireblocks-reset-device";
import { describe, expect, test } from "vitest";
import { failureOf, gatewayClient, signingClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";

type Call = (client: Client, options: never) => Promise<unknown>;
const calls: [string, Call][] = [
  ["resetDevice", (client, options) => client.resetDevice(USER_ID, "k", options)],
  ["rejectApproval", (client, options) => client.rejectApproval("r", "k", options)],
  ["getConsoleUsers", (client, options) => client.getConsoleUsers(options)],
  ["getWorkspace", (client, options) => client.getWorkspace(options)],
  ["getAuditLogs", (client, options) => client.getAuditLogs({}, options)],
  ["getApprovals", (client, options) => client.getApprovals({}, options)],
  ["getApproval", (client, options) => client.getApproval("r", {}, options)],
  ["watchReset", async (client, options) => client.watchReset(USER_ID, options)[Symbol.asyncIterator]().next()],
];

describe.each(calls)("%s", (_, call) => {
  const refused: [string, unknown, RegExp][] = [
    ["a misspelt member", { timeout: 5 }, /must not hold timeout, only .*signal/],
    ["a member that is null", { retries: null }, /must not hold retries/],
    ["a signal that is a text", { signal: "stop" }, /signal of the options must be an object/],
    ["a signal in the place of the options", new AbortController().signal, /must be a plain object/],
    ["what is inherited", Object.create({ maxRetries: 0 }), /must be a plain object/],
    ["a name that is longer than any", { ["n".repeat(9_999)]: 1 }, /must not hold n{40},/],
    [
      "what cannot be listed",
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error("no");
          },
        },
      ),
      /cannot be read/,
    ],
  ];
  test.each(refused)("%s is refused before anything is sent", async (_, options, reason) => {
    const server = await scriptedServer({ body: '{"users":[],"data":[]}' });
    const error = await failureOf(call(await gatewayClient(server), options as never));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
    expect(error.message).toMatch(reason);
    expect(server.requests).toEqual([]);
  });
});

test("what is undefined counts as absent, whatever its name", async () => {
  const server = await scriptedServer(accepted);
  const options = { timeout: undefined, signal: undefined, note: undefined } as object;
  expect(await (await signingClient(server)).resetDevice(USER_ID, undefined, options)).toMatchObject({ attempts: 1 });
});

test("a setting that does not exist is named by createClient", async () => {
  const config = { baseUrl: "https://api.fireblocks.io" } as ClientConfig;
  const error = await failureOf(createClient(config));
  expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
  expect(error.message).toMatch(/must not hold baseUrl, only basePath, apiKey/);
});

describe("a note", () => {
  const bodyOf = async (note: ResetNote) => {
    const server = await scriptedServer({ headers: { "X-Request-ID": "r", "X-Reset-Record": "record-1" } });
    const receipt = await (await gatewayClient(server)).resetDevice(USER_ID, undefined, { note });
    expect(receipt.recordId).toBe("record-1");
    const [request] = server.requests;
    expect(request?.headers["content-type"]).toBe(request?.body ? "application/json" : undefined);
    return request?.body && JSON.parse(request.body);
  };

  const whole: ResetNote[] = [
    { reason: "Lost phone, “Zoë”", reference: "SUP-17", verifiedBy: "video call" },
    { because: "stolen", helpRequest: "help-1", breakGlass: "The workspace is being emptied." },
    { proofs: [{ proof: "inPerson" }, { proof: "other", text: "She sits next to me." }] },
  ];
  test.each(whole)("%j is sent as a JSON body", async (note) => {
    expect(await bodyOf(note)).toEqual(note);
  });

  const leftOut: [ResetNote, unknown][] = [
    [{ reason: "" }, ""],
    [{ reason: " \t", reference: "\u00a0" }, ""],
    [{ reason: undefined, proofs: [] }, ""],
    [{ reason: "lost", reference: "" }, { reason: "lost" }],
    [{ proofs: [{ proof: "inPerson", text: "" }] }, { proofs: [{ proof: "inPerson" }] }],
  ];
  test.each(leftOut)("%j: what says nothing is not sent", async (note, body) => {
    expect(await bodyOf(note)).toEqual(body);
  });

  const refused: [string, unknown, RegExp][] = [
    ["a string", "lost", /note/],
    ["a list", [], /plain object/],
    ["a Map", new Map([["reason", "lost"]]), /plain object/],
    ["an error", new Error("lost"), /plain object/],
    ["a number as reason", { reason: 7 }, /reason of note must be a string/],
    ["a misspelt member", { reasons: "lost" }, /note must not hold reasons, only reason, reference/],
    ["a misspelt member that is null", { ticket: null }, /note must not hold ticket/],
    ["proofs that are no list", { proofs: "inPerson" }, /proofs of note must be a list/],
    ["a proof that is a text", { proofs: ["inPerson"] }, /proofs must be an object/],
    [
      "a proof without its name",
      { proofs: [{ text: "She is here." }] },
      /proof of an entry of proofs must not be empty/,
    ],
    ["a proof with an empty name", { proofs: [{ proof: " " }] }, /proof of an entry of proofs must not be empty/],
    ["a proof with a misspelt member", { proofs: [{ proof: "other", texts: "x" }] }, /must not hold texts/],
    ["a hole in the list of proofs", { proofs: new Array(1) }, /proof of an entry of proofs must not be empty/],
  ];
  test.each(refused)("that is or has %s is refused", async (_, note, reason) => {
    const server = await scriptedServer(accepted);
    const error = await failureOf((await gatewayClient(server)).resetDevice(USER_ID, "k", { note: note as ResetNote }));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
    expect(error.message).toMatch(reason);
    expect(server.requests).toEqual([]);
  });

  test("is refused where the client signs: Fireblocks takes no body", async () => {
    const server = await scriptedServer(accepted);
    const error = await failureOf((await signingClient(server)).resetDevice(USER_ID, "k", { note: { reason: "x" } }));
    expect(error).toMatchObject({ kind: "invalidArgument", outcome: "notSent", attempts: 0 });
    expect(error.message).toContain("note");
    expect(server.requests).toEqual([]);
  });
});
