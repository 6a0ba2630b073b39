import type { HelpRequest, Me, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HelpStore } from "./help.ts";
import { MeStore } from "./me.ts";
import { RecordStore } from "./record.ts";

/** What was asked and waits for an answer, in its order. */
let asked: { path: string; answer: (body: unknown) => void }[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal(
    "fetch",
    (path: string) =>
      new Promise<Response>((resolve) => {
        asked.push({ path, answer: (body) => resolve(Response.json(body)) });
      }),
  );
});

afterEach(() => vi.unstubAllGlobals());

/** Answers the oldest question at this address. */
async function answer(path: string, body: unknown): Promise<void> {
  const index = asked.findIndex((question) => question.path === path);
  asked.splice(index, 1)[0]?.answer(body);
  await new Promise((resolve) => setTimeout(resolve));
}

const help = (number: number) =>
  ({ id: "h", state: "open", updatedAt: 0, code: { number, until: 1, triesLeft: 3 } }) as HelpRequest;
const me = (number: number) => ({ user: { id: "n" }, resets: [], alarms: [], help: help(number) }) as Me;

describe("a look that began before something newer was told does not take that back", () => {
  it("on one's own screen, where a code has come meanwhile", async () => {
    const store = new MeStore();
    void store.look();
    await answer("/api/me", me(1));
    void store.look();
    void store.renew();
    await answer("/api/me/help/code", { ...help(2), digits: "123456" });
    await answer("/api/me", me(1));
    expect(store.state.me?.help?.code?.number).toBe(2);
  });

  it("of a request for help, where a code has matched meanwhile", async () => {
    const store = new HelpStore("h");
    void store.look();
    void store.match("123456");
    await answer("/api/help/h/match", { ...help(1), state: "matched" });
    await answer("/api/help/h", help(1));
    expect(store.state.request?.state).toBe("matched");
  });

  it("of a record, where a later look was answered first", async () => {
    const store = new RecordStore("r");
    const record = (state: string) => ({ id: "r", state, open: true }) as ResetRecord;
    void store.look();
    void store.look();
    const [first, second] = asked;
    second?.answer(record("waiting"));
    await new Promise((resolve) => setTimeout(resolve));
    first?.answer(record("proposed"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(store.state.record?.state).toBe("waiting");
  });
});
