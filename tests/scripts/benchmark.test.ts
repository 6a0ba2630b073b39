// The benchmark's own instruments: whatever a peer does, the run goes on and ends.

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTurn, within } from "../../bench/measure/in-turn.mjs";
import { startServer } from "../../bench/measure/server.mjs";

let server: Awaited<ReturnType<typeof startServer>>;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const send = () => fetch(`${server.basePath}/management/users/user/reset_device`, { method: "POST" });

describe("the server that times arrivals", () => {
  it("tells when the first reset arrived, and what the work came to", async () => {
    const before = performance.timeOrigin + performance.now();
    const { at, result } = await server.arrivalDuring(async () => {
      await send();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return (await send()).status;
    });
    expect(result).toBe(200);
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThan(performance.timeOrigin + performance.now() - 40);
  });

  it("waits for nobody who sent nothing, and gives the next peer its own arrival", async () => {
    await expect(server.arrivalDuring(async () => "nothing sent")).rejects.toThrow("no reset was sent");
    await expect(server.arrivalDuring(() => Promise.reject(new Error("does not run here")))).rejects.toThrow(
      "does not run here",
    );
    const before = performance.timeOrigin + performance.now();
    expect((await server.arrivalDuring(send)).at).toBeGreaterThanOrEqual(before);
  });
});

describe("peers in turn", () => {
  it("go on without one that fails before it sends", async () => {
    const table = await inTurn(3, ["fails", "works"], async (name) => {
      const began = performance.timeOrigin + performance.now();
      const work = name === "fails" ? () => Promise.reject(new Error("cannot be imported")) : send;
      return (await server.arrivalDuring(work)).at - began;
    });
    expect(table.fails).toBeUndefined();
    expect(table.works).toBeGreaterThan(0);
  });

  it("are given up when their time is over", async () => {
    await expect(within(20, new Promise(() => {}))).rejects.toThrow("took more than 0.02 s");
    await expect(within(1_000, Promise.resolve(1))).resolves.toBe(1);
  });
});
