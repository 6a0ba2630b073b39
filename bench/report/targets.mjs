// What was aimed at, and whether this run reaches it.

import { peers } from "../peers/index.mjs";
import { kb, mb, ms, TITLES } from "./format.mjs";
import { AS_WORKERD_LOADS_IT, growthOf } from "./measures.mjs";

/** What a collection leaves one way or the other; a call that kept one of its strings would be far beyond. */
const FLAT_BYTES = 500_000;

/** @typedef {{ target: string, measured: string, reached: boolean }} Target */

/**
 * @param {import("./results.d.ts").Results} results
 * @returns {Target[]}
 */
export function targetsOf({ bytes, workers, calls, memory }) {
  const workerd = bytes.find(({ title }) => title === AS_WORKERD_LOADS_IT)?.gzip;
  const inlined = bytes.find(({ peer }) => peer === "ours")?.gzip;
  const { ours, baseline: _, floor: __, ...others } = calls;
  const cheapest = Object.entries(others).sort(([, a], [, b]) => a.cpu - b.cpu)[0];
  const growth = growthOf(memory.ours);
  return [
    { target: "at most 40 KB gzip as workerd loads it", measured: kb(workerd), reached: atMost(workerd, 40_000) },
    { target: "at most 40 KB gzip inlined", measured: kb(inlined), reached: atMost(inlined, 40_000) },
    {
      target: "CPU of a call at most 1.05 × that by hand",
      measured: ours
        ? `${ours.ratio.toFixed(3)} × (95 %: ${ours.low.toFixed(3)} to ${ours.high.toFixed(3)})`
        : ms(undefined),
      reached: atMost(ours?.ratio, 1.05),
    },
    {
      target: "CPU of a call below every peer's",
      measured: `${ms(ours?.cpu, 2)}; the cheapest peer is ${TITLES[cheapest?.[0] ?? ""]} with ${ms(cheapest?.[1].cpu, 2)}`,
      reached: ours !== undefined && cheapest !== undefined && ours.cpu < cheapest[1].cpu,
    },
    {
      target: "a Worker starts within 5 ms of an empty one",
      measured: `${ms(workers.ours?.over)} more`,
      reached: atMost(workers.ours?.over, 5),
    },
    timesFaster("start of a Worker, over an empty one's,", workers, ({ over }) => over),
    timesFaster("start of a Worker and its first call", workers, ({ over, call }) => call && over + call),
    {
      target: "memory flat from call 1 000 to call 10 000",
      measured: growth === undefined ? "not measured" : `${mb(growth)} growth`,
      reached: atMost(growth, FLAT_BYTES),
    },
  ];
}

/**
 * @param {number | undefined} value
 * @param {number} limit
 */
function atMost(value, limit) {
  return value !== undefined && value <= limit;
}

/**
 * @param {string} what
 * @param {import("./results.d.ts").Results["workers"]} workers
 * @param {(worker: { over: number, call: number | undefined }) => number | undefined} timeOf
 * @returns {Target}
 */
function timesFaster(what, workers, timeOf) {
  const [ours, theirs] = ["ours", "ts-sdk"].map((name) => workers[name] && timeOf(workers[name]));
  const official = peers.find(({ name }) => name === "ts-sdk")?.title;
  const reached = ours !== undefined && theirs !== undefined && theirs > 0 && theirs >= 10 * ours;
  const times = ours && theirs && ours > 0 ? ` (${(theirs / ours).toFixed(1)} ×)` : "";
  return { target: `${what} 10 × faster than ${official}`, measured: `${ms(ours)} to ${ms(theirs)}${times}`, reached };
}
