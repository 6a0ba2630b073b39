// Everything that is compared, each as one figure for each peer, less being better.

import { peers } from "../peers/index.mjs";
import { kb, mb, ms } from "./format.mjs";

/** The client as workerd loads it stands beside peers that have one form alone. */
export const AS_WORKERD_LOADS_IT = "ours, whole, as workerd loads it";

/**
 * @typedef {object} Measure
 * @property {string} title
 * @property {Record<string, number | undefined>} values by peer
 * @property {(value: number | undefined) => string} format
 */

/**
 * @param {import("./results.d.ts").Results} results
 * @returns {Measure[]}
 */
export function measuresOf({ bytes, coldStart, workers, calls, memory }) {
  /** @param {(name: string) => number | undefined} figureOf */
  const byPeer = (figureOf) => Object.fromEntries(peers.map(({ name }) => [name, figureOf(name)]));
  const workerd = bytes.find(({ title }) => title === AS_WORKERD_LOADS_IT);
  const sizes = /** @type {const} */ (["gzip", "brotli", "minified"]).flatMap((form) => {
    const inlined = byPeer((name) => bytes.find(({ peer }) => peer === name)?.[form]);
    return [
      { title: `Bytes, ${form}, as workerd loads it`, values: { ...inlined, ours: workerd?.[form] }, format: kb },
      { title: `Bytes, ${form}, inlined`, values: inlined, format: kb },
    ];
  });
  const starts = Object.entries(coldStart).map(([runtime, values]) => ({
    title: `Cold start in ${runtime}`,
    values,
    format: ms,
  }));
  return [
    ...sizes,
    ...starts,
    {
      title: "Start of a Worker, more than an empty one's",
      values: byPeer((name) => workers[name]?.over),
      format: ms,
    },
    { title: "First call of a Worker", values: byPeer((name) => workers[name]?.call), format: ms },
    { title: "CPU of a call", values: byPeer((name) => calls[name]?.cpu), format: (value) => ms(value, 2) },
    { title: "Time of a call", values: byPeer((name) => calls[name]?.wall), format: (value) => ms(value, 2) },
    { title: "Memory after 10 000 calls", values: byPeer((name) => memory[name]?.last.heap), format: mb },
    {
      title: "Growth of memory over 9 000 calls",
      values: byPeer((name) => growthOf(memory[name])),
      format: mb,
    },
  ];
}

/** @param {import("./results.d.ts").Results["memory"][string] | undefined} memory */
export function growthOf(memory) {
  return memory && memory.last.heap - memory.first.heap;
}
