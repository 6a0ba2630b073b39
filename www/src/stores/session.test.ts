import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SessionStore } from "./session.ts";

/** The looks that wait for an answer, in the order in which they began. */
let looks: ((answer: Response) => void)[];

beforeEach(() => {
  looks = [];
  vi.useFakeTimers();
  vi.stubGlobal("fetch", () => new Promise<Response>((resolve) => void looks.push(resolve)));
  vi.stubGlobal("document", Object.assign(new EventTarget(), { hidden: false }));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const told = (todo: number) => Response.json({ todo });
const over = () => Response.json({ message: "Sign in.", code: 1101, error: {} }, { status: 401 });

async function signedIn(todo: number): Promise<SessionStore> {
  const store = new SessionStore();
  const loaded = store.load();
  looks.shift()?.(told(todo));
  await loaded;
  return store;
}

describe("the session", () => {
  it("keeps what a later look was told when an earlier one is answered after it", async () => {
    const store = await signedIn(3);
    const both = [store.refresh(), store.refresh()];
    looks[1]?.(told(1));
    await both[1];
    looks[0]?.(told(2));
    await both[0];
    expect(store.session?.todo).toBe(1);
  });

  it("takes an earlier answer where the later look was told nothing", async () => {
    const store = await signedIn(3);
    const both = [store.refresh(), store.refresh()];
    looks[1]?.(new Response("", { status: 502 }));
    await both[1];
    looks[0]?.(told(2));
    await both[0];
    expect(store.session?.todo).toBe(2);
  });

  it("is looked at again after it was over, and goes on where it is back", async () => {
    const store = await signedIn(3);
    const stop = store.keepFresh();
    await vi.advanceTimersToNextTimerAsync();
    looks.shift()?.(over());
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state).toMatchObject({ session: { todo: 3 }, ended: { kind: "signedOut" } });
    await vi.advanceTimersToNextTimerAsync();
    looks.shift()?.(told(2));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state).toEqual({ phase: "in", session: { todo: 2 } });
    stop();
  });
});
