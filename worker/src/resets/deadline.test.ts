import { describe, expect, it } from "vitest";
import { CODES, GatewayError } from "../errors";
import type { Services } from "../services";
import { DEADLINE_MS, type Stage, withinDeadline } from "./deadline";

/** What the page waits before it gives up. */
const PAGE_TIMEOUT_MS = 30_000;

describe("the worker's own deadline", () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  /** What whoever asked is told, 100 ms before the deadline, of work that takes longer. */
  async function told(work: (stage: Stage) => Promise<unknown>) {
    const kept: Promise<unknown>[] = [];
    const services = { now: Date.now } as Services;
    const asking = {
      arrivedAt: Date.now() - DEADLINE_MS + 100,
      waitUntil: (promise: Promise<unknown>) => void kept.push(promise),
    };
    const error = await withinDeadline(services, asking, work).catch((thrown: unknown) => thrown);
    return { error: error as GatewayError, kept };
  }

  it("is below the page's", () => expect(DEADLINE_MS).toBeLessThan(PAGE_TIMEOUT_MS - 2_000));

  it("is answered with what is known: nothing is sent before there is a record", async () => {
    const { error } = await told(() => pause(400));
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ status: 503, code: CODES.noTime, outcome: "notSent" });
  });

  it("is answered with what is known: nothing of a key that was not looked up", async () => {
    const { error } = await told((stage) => {
      stage.keyUnread = true;
      return pause(400);
    });
    expect(error).toMatchObject({ status: 503, code: CODES.noTime, outcome: "unknown" });
  });

  it("is answered with what is known: a record may be sent, and the work goes on", async () => {
    let ended = false;
    const { error, kept } = await told(async (stage) => {
      stage.begin("r1");
      await pause(400);
      ended = true;
    });
    expect(error).toMatchObject({ status: 504, outcome: "unknown", details: { recordId: "r1" } });
    expect(ended).toBe(false);
    await Promise.all(kept);
    expect(ended).toBe(true);
  });

  it("lets nothing begin after that: whoever was told that nothing was sent is right", async () => {
    let refusal: unknown;
    const { error, kept } = await told(async (stage) => {
      await pause(400);
      try {
        stage.begin("r1");
      } catch (thrown) {
        refusal = thrown;
      }
    });
    await Promise.all(kept);
    expect(error).toMatchObject({ outcome: "notSent" });
    expect(refusal).toMatchObject({ code: CODES.noTime, outcome: "notSent" });
  });
});
