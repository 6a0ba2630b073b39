// docs/benchmark.svg: the figures as bars, one panel for each measure, with colours for light and dark.

import { peers } from "../peers/index.mjs";
import { measuresOf } from "./measures.mjs";

const PANELS = /** @type {Record<string, string>} */ ({
  "Bytes, gzip, as workerd loads it": "Bytes, gzip; ours as workerd loads it",
  "Bytes, gzip, inlined": "Bytes, gzip; ours inlined",
  "Cold start in Node": "Cold start, Node",
  "Cold start in Deno": "Cold start, Deno",
  "Cold start in Bun": "Cold start, Bun",
  "Cold start in Chromium": "Cold start, Chromium",
  "Start of a Worker, more than an empty one's": "Start of a Worker, over an empty one's",
  "First call of a Worker": "First call of a Worker",
  "CPU of a call": "CPU of a call",
  "Memory after 10 000 calls": "Memory after 10 000 calls",
});
/** Titles that fit beside a bar. */
const LABELS = /** @type {Record<string, string>} */ ({
  ours: "this package",
  baseline: "by hand",
  jose: "jose and fetch",
  "ts-sdk-deep": "ts-sdk, narrowest",
  "ts-sdk": "ts-sdk",
  "legacy-sdk": "legacy SDK",
});

const WIDTH = 860;
const PANEL = { width: 420, label: 118, bar: 200, row: 19, heading: 26, gap: 22 };
const MARGIN = 20;

/** @param {import("./results.d.ts").Results} results */
export function pictureOf(results) {
  const measures = measuresOf(results).filter(({ title }) => title in PANELS);
  const height = PANEL.heading + peers.length * PANEL.row + PANEL.gap;
  const panels = measures.map((measure, index) =>
    panelOf(measure, MARGIN + (index % 2) * PANEL.width, MARGIN + Math.floor(index / 2) * height),
  );
  const total = 2 * MARGIN + Math.ceil(measures.length / 2) * height - PANEL.gap;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" role="img" aria-label="Benchmark of ${escaped(results.about.date)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #1a1c21; } .title { font-weight: 600; font-size: 13px; }
.page { fill: #ffffff; } .label { text-anchor: end; } .missing { fill: #6b7180; } .ours { fill: #1f4fd8; } .other { fill: #a9afbb; }
@media (prefers-color-scheme: dark) {
text { fill: #eceef2; } .page { fill: #16181d; } .missing { fill: #9aa0ad; } .ours { fill: #8fb0ff; } .other { fill: #565b66; }
}
</style>
<rect class="page" width="${WIDTH}" height="${total}" rx="8"/>
${panels.join("\n")}
</svg>
`;
}

/**
 * @param {import("./measures.mjs").Measure} measure
 * @param {number} left
 * @param {number} top
 */
function panelOf({ title, values, format }, left, top) {
  const longest = Math.max(...Object.values(values).map((value) => value ?? 0));
  const x = left + PANEL.label;
  const rows = peers.map(({ name }, index) => {
    const y = top + PANEL.heading + index * PANEL.row;
    const value = values[name];
    // Noise can make what is measured as a difference less than nothing.
    const width = Math.max(1, ((value ?? 0) / longest) * PANEL.bar);
    const bar = `<rect x="${x}" y="${y}" width="${width.toFixed(1)}" height="13" rx="2" class="${name === "ours" ? "ours" : "other"}"/>`;
    return [
      `<text x="${x - 8}" y="${y + 11}" class="label">${escaped(LABELS[name] ?? name)}</text>`,
      value === undefined
        ? `<text x="${x}" y="${y + 11}" class="missing">–</text>`
        : `${bar}<text x="${(x + width + 6).toFixed(1)}" y="${y + 11}">${escaped(format(value))}</text>`,
    ].join("");
  });
  return [`<text x="${left}" y="${top + 12}" class="title">${escaped(PANELS[title] ?? title)}</text>`, ...rows].join(
    "\n",
  );
}

/** @param {string} value */
function escaped(value) {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
