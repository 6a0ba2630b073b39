import type { ResetRecord, UserRow } from "fireblocks-reset-device/gateway-api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Problem } from "../gateway/problem.ts";

const { resetDevice } = vi.hoisted(() => ({ resetDevice: vi.fn() }));
vi.mock("../gateway/client.ts", () => ({ resetDevice }));

const noor = { id: "noor", email: "noor@x.example", firstName: "Noor" } as UserRow;

/** The newest records of whoever is asked for. */
let records: Partial<ResetRecord>[];
/** Who is signed in. */
let actor: string;
/** How far the worker's clock is behind this one. Milliseconds. */
let behind: number;
/** What hears that another tab has changed what is kept. */
let listeners: ((event: { key: null }) => void)[];

beforeEach(() => {
  records = [];
  listeners = [];
  behind = 0;
  vi.resetModules();
  vi.useFakeTimers();
  resetDevice.mockReset();
  const kept = new Map<string, string>();
  const area = new Proxy(
    {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    },
    { ownKeys: () => [...kept.keys()], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }) },
  );
  vi.stubGlobal("window", { localStorage: area, sessionStorage: area });
  vi.stubGlobal("addEventListener", (_: string, listener: (typeof listeners)[number]) => listeners.push(listener));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
  vi.stubGlobal("navigator", {
    locks: { request: (_: string, ...rest: unknown[]) => (rest.at(-1) as (lock: object) => unknown)({}) },
  });
  vi.stubGlobal("fetch", async (path: string) => {
    if (path === "/api/session") return Response.json({ actor, email: `${actor}@x.example` });
    const headers = { Date: new Date(Date.now() - behind).toUTCString() };
    return Response.json(path === "/api/users" ? { users: [noor], fetchedAt: 0 } : { resets: records }, { headers });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The page as it is loaded by somebody. */
async function pageOf(person: string) {
  actor = person;
  vi.resetModules();
  const { sessionStore } = await import("./session.ts");
  const { requestsStore } = await import("./requests.ts");
  await sessionStore.load();
  return requestsStore;
}

/** Rejects as the client does. */
async function refuse(problem: Omit<Problem, "at">): Promise<never> {
  const { ProblemError } = await import("../gateway/problem.ts");
  throw new ProblemError({ ...problem, at: 0 } as Problem);
}

const unanswered = () => refuse({ kind: "unknown", outcome: "unknown" });

/** What is done, and all looks for a record that it leads to. */
async function past(work: Promise<void>): Promise<void> {
  await vi.advanceTimersByTimeAsync(60_000);
  await work;
}

describe("a request whose end is not known", () => {
  it("is whose it is: another person at this browser asks with their own key and words, and sends nobody else's", async () => {
    const first = await pageOf("amara");
    resetDevice.mockImplementation(unanswered);
    await past(first.confirm(noor, { reason: "Amara's words" }));
    expect(first.of(noor.id)?.phase).toBe("lost");

    const second = await pageOf("jonas");
    await second.resume();
    expect(second.of(noor.id)).toBeUndefined();
    resetDevice.mockResolvedValue({ recordId: "of-jonas" });
    await past(second.confirm(noor, { reason: "Jonas' words" }));
    expect(second.of(noor.id)).toMatchObject({ phase: "recorded", recordId: "of-jonas" });
    const [ofAmara, ofJonas] = resetDevice.mock.calls.map(([, key]) => key);
    expect(ofJonas).not.toBe(ofAmara);
    expect(resetDevice.mock.lastCall).toEqual([noor.id, ofJonas, { reason: "Jonas' words" }]);

    // Hers is still there when she is back.
    const third = await pageOf("amara");
    await past(third.resume());
    await third.sendAgain(noor.id);
    expect(resetDevice.mock.lastCall).toEqual([noor.id, ofAmara, { reason: "Amara's words" }]);
  });
});

it("what was typed for a request is kept until it was taken, wherever the person is by then", async () => {
  const requests = await pageOf("amara");
  const { readDraft, writeDraft } = await import("./drafts.ts");
  writeDraft(noor.id, { reason: "Phone lost" });
  resetDevice.mockImplementation(() => refuse({ kind: "conflict", outcome: "refused", recordId: "of-jonas" }));
  await past(requests.confirm(noor, { reason: "Phone lost" }));
  expect(readDraft(noor.id)).toEqual({ reason: "Phone lost" });
  resetDevice.mockResolvedValue({ recordId: "r" });
  await past(requests.confirm(noor, { reason: "Phone lost" }));
  expect(readDraft(noor.id)).toEqual({});
});

it("the record of a request is found although this browser's clock is hours ahead", async () => {
  const requests = await pageOf("amara");
  resetDevice.mockImplementation(unanswered);
  behind = 3 * 3_600_000;
  const proofs: ResetRecord["proofs"] = [];
  records = [{ id: "r", askedBy: "amara", reason: "Phone lost", proofs, createdAt: Date.now() - behind }];
  await past(requests.confirm(noor, { reason: "Phone lost" }));
  expect(requests.of(noor.id)).toMatchObject({ phase: "recorded", recordId: "r" });
});

it("what did not arrive is not said to be so any more once another tab has sent it, or discarded it", async () => {
  const first = await pageOf("amara");
  resetDevice.mockImplementation(unanswered);
  await past(first.confirm(noor, { reason: "Phone lost" }));
  const second = await pageOf("amara");
  await past(second.resume());
  expect([first.of(noor.id)?.phase, second.of(noor.id)?.phase]).toEqual(["lost", "lost"]);

  resetDevice.mockResolvedValue({ recordId: "r" });
  await past(second.sendAgain(noor.id));
  records = [{ id: "r", createdAt: Date.now() }];
  await first.sendAgain(noor.id);
  expect(first.of(noor.id)).toMatchObject({ phase: "recorded", recordId: "r" });
  expect(resetDevice).toHaveBeenCalledTimes(2);

  first.dismiss(noor.id);
  second.dismiss(noor.id);
  records = [];
  resetDevice.mockImplementation(unanswered);
  await past(first.confirm(noor, { reason: "Phone lost" }));
  await past(second.resume());
  second.discard(noor.id);
  for (const heard of listeners) heard({ key: null });
  await vi.advanceTimersByTimeAsync(0);
  expect(first.of(noor.id)).toBeUndefined();
});

it("a refusal that names the reset which a request for help has served already is told, and not followed there", async () => {
  const requests = await pageOf("amara");
  const message = "This request for help has served a reset already. Nothing was sent.";
  resetDevice.mockImplementation(() =>
    refuse({ kind: "refused", outcome: "refused", status: 422, code: 1313, recordId: "earlier", message }),
  );
  await past(requests.confirm(noor, { helpRequest: "h" }));
  expect(requests.of(noor.id)).toMatchObject({ phase: "failed", problem: { message } });
});
