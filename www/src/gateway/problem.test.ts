import { afterEach, describe, expect, it, vi } from "vitest";
import { explain, problemDetails } from "../model/explain.ts";
import { decide, getReset, getResets, getSession, getUsers, pauseResets, resumeResets } from "./api.ts";
import {
  isAbsent,
  type Problem,
  problemFromClient,
  problemFromResponse,
  problemOf,
  problemOfLoading,
} from "./problem.ts";

afterEach(() => vi.unstubAllGlobals());

const READS = [getSession, getUsers, () => getResets(), () => getReset("r")];

/** What a call is told when the network does `answer`. */
async function met(call: () => Promise<unknown>, answer: () => Response | Promise<Response>): Promise<Problem> {
  vi.stubGlobal("fetch", async () => answer());
  return call().then(
    () => expect.unreachable("The call succeeded."),
    (error: unknown) => problemOf(error),
  );
}

const error = (status: number, code: number, outcome: string, type = "INTERNAL", message = "Nothing was sent.") =>
  Response.json({ message, code, outcome, error: { type, message } }, { status });

const ANSWERS: [string, () => Response | Promise<Response>][] = [
  ["nobody", () => Promise.reject(new TypeError("Failed to fetch"))],
  ["nobody in time", () => Promise.reject(new DOMException("", "TimeoutError"))],
  ["a worker without its records", () => error(503, 1503, "unknown")],
  ["a worker that failed", () => error(500, 1599, "refused")],
  ["a worker that failed, and says that nothing left", () => error(500, 1599, "notSent")],
  ["a worker that is not configured", () => error(500, 1504, "refused")],
  ["a worker without time", () => error(504, 1506, "unknown")],
  ["a worker that has too much to do", () => error(429, 1401, "refused")],
  ["a worker that refuses the page", () => error(403, 1104, "refused")],
  ["a worker that does not understand", () => error(400, 1001, "refused")],
  ["a worker with a conflict", () => error(409, 1306, "refused")],
  ["a worker in a pause", () => error(503, 1501, "refused")],
  ["an error that is none of ours", () => Response.json({ outcome: "refused" }, { status: 418 })],
  ["a body that is null", () => Response.json(null, { status: 500 })],
  ["a block page", () => new Response("<h1>Blocked</h1>", { status: 403 })],
  ["a proxy that found nothing", () => new Response("404 page not found", { status: 404 })],
  ["a proxy that reached nobody", () => new Response("<h1>Bad gateway</h1>", { status: 502 })],
  ["a tunnel that is down", () => new Response("error code: 1033", { status: 530 })],
  ["a portal's page", () => new Response("<h1>Welcome</h1>")],
];

describe("a read that fails", () => {
  it.each(ANSWERS)("%s: says that it could not be read, and nothing of a reset", async (_, answer) => {
    for (const read of READS) {
      const problem = await met(read, answer);
      expect(problem.outcome).toBeUndefined();
      const { title, what, effect = "", next } = explain(problem);
      const told = [title, what, effect, next].join(" ");
      expect(told).not.toMatch(/was (sent|filed|reset)|approval request|may or may not/i);
      expect(told).toMatch(/could not be read|You may not see this/);
      expect(isAbsent(problem)).toBe(false);
    }
  });

  it("but what the worker says is not there is not there", async () => {
    const problem = await met(READS[3] as () => Promise<unknown>, () => error(404, 1003, "refused"));
    expect(isAbsent(problem)).toBe(true);
    expect(explain(problem).title).toBe("Not found");
  });
});

describe("a decision that fails", () => {
  it("is not told to have changed nothing where that is not known", async () => {
    for (const answer of [ANSWERS[0], ANSWERS[1], ANSWERS[16], ANSWERS[17]]) {
      const problem = await met(
        () => decide("r", "settle", { reason: "Found nothing" }),
        answer?.[1] ?? Response.error,
      );
      expect(problem.outcome).toBe("unknown");
      const { title, effect, next } = explain(problem);
      expect(title).toBe("It is not clear what happened");
      expect(effect).toBe("The record may or may not have been changed.");
      expect(next).toContain("before you try again");
    }
  });

  it("does not speak of a reset where none was to be sent", async () => {
    const problem = await met(
      () => decide("r", "withdraw", { reason: "Found the phone" }),
      () => error(409, 1306, "refused"),
    );
    expect(explain(problem)).toMatchObject({
      title: "This cannot be decided now",
      effect: "This changed nothing in the record.",
    });
  });

  it("about all resets says what it may have left, and nothing of a record", async () => {
    const refused = await met(
      () => resumeResets(1_780_000_000_000),
      () => error(409, 1306, "refused"),
    );
    expect(explain(refused)).toMatchObject({ title: "This is not possible now", effect: "This changed nothing." });
    const unclear = await met(
      () => pauseResets("why"),
      () => Promise.reject(new TypeError("Failed to fetch")),
    );
    expect(explain(unclear)).toMatchObject({
      effect: "Resets may or may not be paused now.",
      next: "Load the page again, and look whether resets are paused.",
    });
  });

  it("is made when the worker says so without a body", async () => {
    vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
    await expect(decide("r", "settle", { reason: "Found nothing" })).resolves.toBeUndefined();
  });
});

describe("what a proxy makes of a reset", () => {
  const client = (status: number, outcome: "refused" | "unknown") =>
    explain(
      problemFromClient({
        name: "FireblocksError",
        message: "The API user needs another role.",
        kind: status === 403 ? "forbidden" : "server",
        outcome,
        retryable: false,
        attempts: 1,
        status,
      }),
    );

  it.each([
    [530, "unknown"],
    [403, "refused"],
    [404, "refused"],
    [502, "unknown"],
  ] as const)("%i is told in sentences that agree", (status, outcome) => {
    const { title, what, effect = "", next } = client(status, outcome);
    const unclear = outcome === "unknown";
    expect(/may or may not/.test(effect)).toBe(unclear);
    expect(/not clear/.test(title)).toBe(unclear);
    expect(/Look whether it was recorded/.test(next)).toBe(unclear);
    // Neither a role nor Fireblocks has anything to do with it.
    expect([title, what, next].join(" ")).not.toMatch(/role|Fireblocks cannot/);
  });
});

it("the client's numbers are among the details, and not in what is read", () => {
  const told = problemFromClient({
    name: "FireblocksError",
    message: "Too few admins would be left. Nothing was sent (HTTP 409, code 1314). Ask again later.",
    kind: "conflict",
    outcome: "refused",
    retryable: false,
    attempts: 1,
    status: 409,
    code: 1314,
  });
  expect(explain(told).what).toBe("Too few admins would be left. Nothing was sent. Ask again later.");
  expect(problemDetails(told)).toMatch(/Status: 409\nCode: 1314/);
});

describe("a client that does not load", () => {
  /** As the package rejects where this cannot be otherwise later, and where a download may work then. */
  const loading = (retryable: boolean) =>
    Object.assign(new Error("The WebAssembly could not be loaded."), {
      name: "FireblocksError",
      kind: "loading",
      outcome: "notSent",
      retryable,
    });

  it.each([undefined, "the button's WebAssembly"])(
    "is the network's fault only where it is one (reading %s)",
    (reading) => {
      for (const error of [loading(true), new TypeError("Failed to fetch dynamically imported module")]) {
        expect(explain(problemOfLoading(reading, error)).next).toContain("network");
      }
      const { title, what, next } = explain(problemOfLoading(reading, loading(false)));
      expect([title, what, next].join(" ")).toMatch(/browser .* WebAssembly.* Lockdown Mode/);
      expect([title, what, next].join(" ")).not.toMatch(/network/i);
    },
  );
});

it("whoever may not for who they are is sent to somebody else, not to a role", async () => {
  const next = async (code: number) =>
    explain(
      await problemFromResponse(Response.json({ message: "No.", code }, { status: 403 }), { changing: "elsewhere" }),
    ).next;
  expect(await next(1307)).toBe("Ask somebody else to do it.");
  expect(await next(1103)).toContain("role");
});
