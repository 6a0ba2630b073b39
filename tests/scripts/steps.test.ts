// Work in steps: in which order it is done, what ends it, and what a person sees of it.

import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { planOf, type Step, take } from "../../scripts/base/steps.mjs";
import { Failure } from "../../scripts/base/terminal.mjs";
import { TerminalRun } from "./support/terminal.ts";

let told = "";

beforeEach(() => {
  told = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    told += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

function step(name: string, more: Partial<Step> = {}): Step {
  return { name, title: `Making ${name}`, seconds: 60, isDone: () => false, work: async () => {}, ...more };
}

/** Something that others wait for. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe("steps", () => {
  it("say nothing where there is nothing to do", async () => {
    await take([step("a", { isDone: () => true }), step("b", { isDone: async () => true })]);
    expect(told).toBe("");
  });

  it("are done at once, but after those that they come after", async () => {
    const [slow, quick] = [gate(), gate()];
    const order: string[] = [];
    const taken = take([
      step("last", { after: ["slow", "quick"], work: async () => order.push("last") }),
      step("slow", {
        work: async () => {
          await slow.opened;
          order.push("slow");
        },
      }),
      step("quick", {
        work: async () => {
          order.push("quick");
          quick.open();
        },
      }),
    ]);
    await quick.opened;
    expect(order).toEqual(["quick"]);
    slow.open();
    await taken;
    expect(order).toEqual(["quick", "slow", "last"]);
  });

  it("are left out where what came before was all that was missing", async () => {
    let isDone = false;
    const work = vi.fn();
    await take([
      step("first", {
        work: async () => {
          isDone = true;
        },
      }),
      step("second", { after: ["first"], isDone: () => isDone, work }),
    ]);
    expect(work).not.toHaveBeenCalled();
  });

  it("need no step before them that has nothing to do", async () => {
    const work = vi.fn();
    await take([step("a", { isDone: () => true }), step("b", { after: ["a", "not among these"], work })]);
    expect(work).toHaveBeenCalledOnce();
  });

  it("end with the first failure: what runs is told to stop, and what waits does not begin", async () => {
    const waiting = vi.fn();
    let stopped = false;
    const failure = new Failure("This broke.");
    const taken = take([
      step("endless", {
        work: ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              stopped = true;
              reject(new Failure("The other ended too."));
            });
          }),
      }),
      step("broken", { work: () => Promise.reject(failure) }),
      step("waiting", { after: ["endless"], work: waiting }),
    ]);
    await expect(taken).rejects.toBe(failure);
    expect(stopped).toBe(true);
    expect(waiting).not.toHaveBeenCalled();
  });

  it("fail before any of them begins where one cannot be begun", async () => {
    const work = vi.fn();
    const missing = step("b", { isDone: () => Promise.reject(new Failure("It is missing.")) });
    await expect(take([step("a", { work }), missing])).rejects.toThrow("It is missing.");
    expect(work).not.toHaveBeenCalled();
    expect(told).toBe("");
  });
});

describe("the plan", () => {
  it.each([
    [[30], "One step, about 30 seconds."],
    [[4, 5], "Two steps, about 10 seconds."],
    [[58], "One step, about one minute."],
    [[60, 45, 75], "Three steps, about three minutes."],
    [Array(12).fill(60), "12 steps, about 12 minutes."],
  ])("of %j seconds: %s", (seconds, plan) => {
    expect(planOf(seconds.map((each, index) => step(`${index}`, { seconds: each })))).toContain(plan);
  });
});

describe("what a person sees", () => {
  const steps = fileURLToPath(new URL("../../scripts/base/steps.mjs", import.meta.url));
  const script = `
    const { take } = await import(${JSON.stringify(steps)});
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const work = async ({ onLine }) => { onLine("the newest line " + "x".repeat(300)); await pause(700); };
    await take(["tea", "coffee"].map((name) => ({ name, title: "Making " + name, seconds: 1, isDone: () => false, work })));
    console.log("ready");
  `;
  const command = [process.execPath, "--input-type=module", "--eval", script];

  it("is one line on a terminal, drawn again and again and gone in the end", async () => {
    const run = new TerminalRun(command, { PATH: process.env.PATH, TERM: "xterm", COLUMNS: "80" });
    expect(await run.ended()).toBe(0);
    const lines = run.output.split("\r\n").map((line) => line.split("\r\u001b[2K"));
    expect(lines[0]).toEqual(["Two steps, about 10 seconds. What is done now is not done again."]);
    const drawn = lines[1] ?? [];
    expect(drawn.length).toBeGreaterThan(2);
    expect(drawn).toContainEqual(
      expect.stringMatching(/^ {2}\d+\.\d s, [01] of 2 done\. Making \w+( and one other)?: the newest line x+$/),
    );
    for (const line of drawn) expect(line.length).toBeLessThan(80);
    const left = lines.map((line) => line.at(-1));
    expect(left.filter((line) => line?.startsWith("✓ Making"))).toHaveLength(2);
    expect(left.slice(-2)).toEqual(["ready", ""]);
  });

  it("is a plain line for each beginning and end elsewhere", async () => {
    await take([step("tea"), step("coffee")]);
    expect(told).not.toContain("\u001b");
    expect(
      told
        .replaceAll(/: [\d.]+ s/g, "")
        .split("\n")
        .slice(1),
    ).toEqual(["· Making tea …", "· Making coffee …", "✓ Making tea", "✓ Making coffee", ""]);
  });
});
