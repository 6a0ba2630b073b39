import { afterEach, describe, expect, it, vi } from "vitest";
import { HistoryStore } from "./history.ts";

afterEach(() => vi.unstubAllGlobals());

/** What the worker answers to the next call; undefined: nothing, the network is gone. */
let answer: { resets: { id: string }[]; next?: string } | undefined;

function history(): HistoryStore {
  vi.stubGlobal("fetch", async () => {
    if (!answer) throw new TypeError("Failed to fetch");
    return Response.json(answer);
  });
  return new HistoryStore();
}

const ids = (store: HistoryStore) => store.state.resets?.map(({ id }) => id);

describe("the history", () => {
  it("shows nothing under a failed filter that answered another one", async () => {
    const store = history();
    answer = { resets: [{ id: "a" }], next: "more" };
    await store.load({});
    expect(ids(store)).toEqual(["a"]);

    answer = undefined;
    const asked = store.load({ state: "completed" });
    expect(store.state).toMatchObject({ other: true, loading: true });
    await asked;
    expect(store.state.resets).toBeUndefined();
    expect(store.state.next).toBeUndefined();
    expect(store.state.problem?.kind).toBe("workerUnreachable");

    answer = { resets: [{ id: "b" }] };
    await store.load({ state: "completed" });
    expect(store.state).toEqual({ resets: [{ id: "b" }], loading: false });
  });

  it("keeps what the same filter showed before", async () => {
    const store = history();
    answer = { resets: [{ id: "a" }] };
    await store.load({ state: "proposed" });
    answer = undefined;
    await store.load({ state: "proposed" });
    expect(ids(store)).toEqual(["a"]);
    expect(store.state.problem?.kind).toBe("workerUnreachable");
  });

  it("still knows whose rows they are when the filter changes twice before an answer", async () => {
    const store = history();
    answer = { resets: [{ id: "a" }] };
    await store.load({});
    answer = undefined;
    void store.load({ state: "completed" });
    await store.load({ state: "completed" });
    expect(store.state.resets).toBeUndefined();
  });
});
