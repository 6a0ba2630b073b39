// What the benchmark makes of its figures: the tables, the targets, and where ours is not the best.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { entries } from "../../bench/measure/bytes.mjs";
import { peers } from "../../bench/peers/index.mjs";
import { pictureOf } from "../../bench/report/picture.mjs";
import { BEGIN, END, readmeWith } from "../../bench/report/readme.mjs";
import type { Results } from "../../bench/report/results.d.ts";
import { targetsOf } from "../../bench/report/targets.mjs";
import { textOf } from "../../bench/report/text.mjs";
import { weaknessesOf } from "../../bench/report/weaknesses.mjs";
import { repository } from "../../scripts/base/environment.mjs";

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Figures of a run in which ours takes `ours` of everything, and each other what its place says. */
function results(ours: number): Results {
  const byPeer = (unit: number) =>
    Object.fromEntries(peers.map(({ name }, index) => [name, (name === "ours" ? ours : index + 1) * unit]));
  const calls = Object.entries({ floor: 1, ...byPeer(1.5) }).map(([name, cpu]) => [
    name,
    { cpu, wall: cpu * 1.1, ratio: cpu / 3, low: cpu / 3 - 0.01, high: cpu / 3 + 0.01 },
  ]);
  const workers = Object.entries(byPeer(3)).map(([name, over]) => [name, { start: 100 + over, over, call: over }]);
  const memory = Object.entries(byPeer(10_000_000)).map(([name, heap]) => [
    name,
    { first: { heap, rss: 1 }, last: { heap: heap + ours * 100_000, rss: 1 } },
  ]);
  const sizes = byPeer(15_000);
  return {
    about: {
      date: "2026-11-24",
      machine: "2 × a <processor>",
      versions: { "fireblocks-reset-device": "0.1.0 (abc1234)", rustc: "1.99.0" },
    },
    bytes: entries.map(({ title, peer }) => {
      const size = (title.startsWith("ours") ? ours * 15_000 : sizes[peer ?? ""]) ?? Number.NaN;
      return { title, ...(peer && { peer }), minified: size * 3, gzip: size, brotli: size * 0.9 };
    }),
    coldStart: {
      ...Object.fromEntries(["Node", "Deno", "Bun"].map((runtime) => [runtime, byPeer(20)])),
      Chromium: { ours: ours * 20, baseline: 40, jose: 60 },
    },
    workers: { empty: { start: 100, over: 0, call: undefined }, ...Object.fromEntries(workers) },
    calls: Object.fromEntries(calls),
    memory: Object.fromEntries(memory),
  };
}

const best = results(0.5);
const worst = results(10);

describe("where ours is not the best", () => {
  it("is nowhere when it takes least of everything", () => {
    expect(weaknessesOf(best)).toEqual([]);
    expect(textOf(best)).toContain("In this run, nowhere.");
  });

  it("is told of every measure, with all that take less", () => {
    const lines = weaknessesOf(worst);
    const measures = [
      ...["gzip", "brotli", "minified"].flatMap((form) => [
        `Bytes, ${form}, as workerd loads it`,
        `Bytes, ${form}, inlined`,
      ]),
      ...["Node", "Deno", "Bun", "Chromium"].map((runtime) => `Cold start in ${runtime}`),
      ...["Start of a Worker, more than an empty one's", "First call of a Worker"],
      ...["CPU of a call", "Time of a call", "Memory after 10 000 calls"],
    ];
    for (const measure of measures) {
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^${measure}: ours .*by hand: WebCrypto and fetch`)),
      );
    }
    expect(lines.find((line) => line.startsWith("CPU of a call"))).toBe(
      "CPU of a call: ours 15.00 ms. Less: by hand: WebCrypto and fetch (3.00 ms), jose and fetch (4.50 ms), " +
        "@fireblocks/ts-sdk, narrowest import (6.00 ms), @fireblocks/ts-sdk (7.50 ms), fireblocks-sdk (legacy) (9.00 ms).",
    );
  });

  it("is told where ours does not run at all", () => {
    const { workers, ...others } = best;
    expect(weaknessesOf({ ...others, workers: { ...workers, ours: undefined } })).toContainEqual(
      expect.stringContaining("First call of a Worker: ours does not run. Less: by hand"),
    );
  });
});

describe("the targets", () => {
  it("are eight, and each can be reached and missed", () => {
    expect(targetsOf(best).map(({ reached }) => reached)).toEqual([true, true, true, true, true, true, true, true]);
    expect(targetsOf(worst).map(({ reached }) => reached)).toEqual(Array(8).fill(false));
  });

  it("are missed where ours was not measured", () => {
    const none = targetsOf({ ...best, bytes: [], workers: {}, calls: {}, memory: {} });
    expect(none.map(({ reached }) => reached)).toEqual(Array(8).fill(false));
  });
});

describe("the README", () => {
  const readme = readFileSync(join(repository, "README.md"), "utf8");

  it("has one place for the table", () => {
    expect(readme.split(BEGIN)).toHaveLength(2);
    expect(readme.split(END)).toHaveLength(2);
    expect(readme.indexOf(BEGIN)).toBeLessThan(readme.indexOf(END));
  });

  it("gets the table there, and keeps everything else", () => {
    const once = readmeWith(readme, worst);
    expect(once.split(BEGIN)[0]).toBe(readme.split(BEGIN)[0]);
    expect(once.split(END)[1]).toBe(readme.split(END)[1]);
    expect(readmeWith(once, worst)).toBe(once);
    expect(once).toContain("0.1.0 (abc1234)");
  });

  it("gets one table of five columns, with every peer, and leaves the lists to docs/benchmark.md", () => {
    const block = readmeWith(readme, worst).split(BEGIN)[1]?.split(END)[0] ?? "";
    const rows = block.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.map((row) => row.split("|").length - 2)).toEqual(Array(peers.length + 2).fill(5));
    for (const { title } of peers) expect(block).toContain(`| ${title} |`);
    expect(block).toContain("](docs/benchmark.md)");
    expect(block).not.toMatch(/^- /m);
    for (const line of weaknessesOf(worst)) expect(textOf(worst)).toContain(line);
    for (const { target } of targetsOf(worst))
      expect(textOf(worst)).toMatch(new RegExp(`\\| ${escaped(target)} \\|.*missed`));
  });

  it("has no figure but those of the table", () => {
    const [before = "", rest = ""] = readme.split(BEGIN);
    const prose = before + rest.split(END)[1];
    expect(prose.match(/\d[\d.,]*\s*(%|×|[KM]B|m?s|requests?|bytes)\b.*/g) ?? []).toEqual([]);
  });

  it("is not written without the place", () => {
    expect(() => readmeWith("# Nothing", best)).toThrow("README.md lacks");
  });
});

describe("the picture", () => {
  it("shows every measure and every peer, and what did not run as such", () => {
    const svg = pictureOf(worst);
    for (const title of [
      "Cold start, Bun",
      "Cold start, Chromium",
      "First call of a Worker",
      "Memory after 10 000 calls",
    ]) {
      expect(svg).toContain(`>${title}</text>`);
    }
    expect(svg.match(/class="ours"/g)).toHaveLength(10);
    expect(svg).toContain('class="missing">–</text>');
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it("escapes what it is told", () => {
    const svg = pictureOf({ ...best, about: { ...best.about, date: '"<&' } });
    expect(svg).toContain('aria-label="Benchmark of &quot;&lt;&amp;"');
  });
});
