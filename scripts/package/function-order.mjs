// Puts functions side by side that resemble one another: gzip names a repetition in fewer bits the nearer it is, and one
// that is more than 32 KB away not at all. wasm-opt sorts functions by name, so the order is given as names.

import { readSection } from "./wasm-reader.mjs";

/** Ids of sections. */
const CUSTOM_SECTION = 0;
const CODE_SECTION = 10;

/** The part of the section "name" that is about functions. */
const FUNCTION_NAMES = 1;

/** By sequences of how many bytes functions are compared. 4 or 6 do nearly as well. */
const SEQUENCE = 5;

/**
 * @param {Uint8Array} wasm without names
 * @returns {Buffer} the same with the names by which `wasm-opt --reorder-functions-by-name` is to sort it
 */
export function nameByLikeness(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(wasm)));
  const first = imports.filter(({ kind }) => kind === "function").length;
  const ranks = likeAfterLike(functionBodies(wasm)).map((index, rank) => ({ index: first + index, rank }));
  ranks.sort((a, b) => a.index - b.index);
  const names = ranks.flatMap(({ index, rank }) => [...leb(index), ...text(String(rank).padStart(5, "0"))]);
  const map = [...leb(ranks.length), ...names];
  const content = [...text("name"), FUNCTION_NAMES, ...leb(map.length), ...map];
  return Buffer.concat([wasm, Buffer.from([CUSTOM_SECTION, ...leb(content.length), ...content])]);
}

/**
 * Begins with the one of most sequences; what comes next is each time the one that has most in common with the last, for
 * its size.
 *
 * @param {Uint8Array[]} bodies
 * @returns {number[]} their indices in that order
 */
function likeAfterLike(bodies) {
  const left = new Map(bodies.map((body, index) => [index, sequences(body)]));
  const order = [];
  /** @type {Set<string>} */
  let last = new Set();
  while (left.size > 0) {
    let [best, next] = [-1, 0];
    for (const [index, own] of left) {
      const shared = order.length === 0 ? own.size : [...own].filter((each) => last.has(each)).length;
      const likeness = shared / Math.sqrt(own.size + 1);
      if (likeness > best) [best, next] = [likeness, index];
    }
    order.push(next);
    last = left.get(next) ?? last;
    left.delete(next);
  }
  return order;
}

/** @param {Uint8Array} body */
function sequences(body) {
  const bytes = Buffer.from(body).toString("latin1");
  return new Set(
    Array.from({ length: Math.max(0, bytes.length - SEQUENCE + 1) }, (_, at) => bytes.slice(at, at + SEQUENCE)),
  );
}

/** @param {Uint8Array} wasm */
function functionBodies(wasm) {
  const code = readSection(wasm, CODE_SECTION);
  if (code === undefined) throw new Error("The WebAssembly has no functions.");
  return Array.from({ length: code.number() }, () => {
    const size = code.number();
    code.at += size;
    return wasm.subarray(code.at - size, code.at);
  });
}

/** A number as LEB128. @param {number} value @returns {number[]} */
function leb(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** @param {string} value */
function text(value) {
  return [...leb(value.length), ...Buffer.from(value, "latin1")];
}
