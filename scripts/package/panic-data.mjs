// Blanks out what panics would print: places in the source, and the sentences of the standard library and of
// wasm-bindgen. They are data, which wasm-opt leaves alone.

import { Failure } from "../base/terminal.mjs";
import { readSection } from "./wasm-reader.mjs";

/** Ids of the format: a section, an instruction and its end. */
const DATA_SECTION = 11;
const I32_CONST = 0x41;
const END = 0x0b;

/** As `core::panic::Location` is laid out: the address and length of the file's name, line and column. */
const LOCATION_BYTES = 16;

/**
 * The sentences, each as latin1. Dots stand for what is not text in a format string: the length of the piece of text that
 * comes next, and a mark for each argument and for the end.
 */
const SENTENCES = [
  /.slice index starts at .. but ends at ../gs,
  /.range (?:start|end) index .. out of range for slice of length ../gs,
  /.assertion `left .. right` failed(?:: ..)?\n {2}left: ..\n right: ../gs,
  /&copy_from_slice: source slice length \(..\) does not match destination slice length \(..\)./gs,
  /RefCell already (?:mutably )?borrowed/g,
  /`async fn` resumed after completion/g,
  /capacity overflow/g,
  /Tried to shrink to a larger capacity/g,
  /closure invoked recursively or after being dropped/g,
  /rwlock (?:overflowed read locks|has not been locked for reading)/g,
  /attempted to take ownership of Rust value while it was borrowed/g,
  /called `(?:Option|Result)::unwrap_throw\(\)` on an? `(?:None|Err)` value/g,
  // By which a number within one of them is written, two digits at a time.
  /0001020304(?:\d\d){90}9596979899/g,
];

/**
 * @typedef {{ address: number, size: number, at: number }} Span an address in memory, and where it is in the file
 *
 * @param {Uint8Array} wasm
 * @returns {{ bytes: Uint8Array, blanks: Span[] }} the same module with zeros in the place of that data
 */
export function withoutPanicData(wasm) {
  const bytes = Uint8Array.from(wasm);
  const segments = dataSegments(bytes);
  const blanks = segments.flatMap((segment) => [...locations(bytes, segments, segment), ...sentences(bytes, segment)]);
  // Afterwards: several locations share a name.
  for (const { at, size } of blanks) bytes.fill(0, at, at + size);
  checkNotPointedTo(bytes, segments, blanks);
  return { bytes, blanks };
}

/**
 * Throws where data that is kept may hold an address in a blank, or where there is data so low that wasm-opt's
 * `--low-memory-unused` does not hold.
 *
 * @param {Uint8Array} bytes with the blanks in it
 * @param {Span[]} segments
 * @param {Span[]} blanks
 */
function checkNotPointedTo(bytes, segments, blanks) {
  const view = new DataView(bytes.buffer);
  for (const { address, size, at } of segments) {
    if (address < 1024) throw new Failure(`The WebAssembly has data at ${address}, below its first kilobyte.`);
    for (let offset = -address & 3; offset + 4 <= size; offset += 4) {
      const word = view.getUint32(at + offset, true);
      if (blanks.some((blank) => word >= blank.address && word < blank.address + blank.size))
        throw new Failure(`The data at ${address + offset} may point to what is taken out as a part of panics alone.`);
    }
  }
}

/**
 * The locations in a segment, and the names of their files.
 *
 * @param {Uint8Array} bytes
 * @param {Span[]} segments
 * @param {Span} segment
 */
function* locations(bytes, segments, { address, size, at }) {
  const view = new DataView(bytes.buffer);
  for (let offset = -address & 3; offset + LOCATION_BYTES <= size; offset += 4) {
    const [name = 0, length = 0, line = 0, column = 0] = [0, 4, 8, 12].map((field) =>
      view.getUint32(at + offset + field, true),
    );
    const segment = segments.find((each) => name >= each.address && name + length <= each.address + each.size);
    if (segment === undefined || length > 512 || !isNear(line, 100_000) || !isNear(column, 1_000)) continue;
    const file = segment.at + name - segment.address;
    if (!/^[!-~]+\.rs$/.test(latin1(bytes, file, length))) continue;
    yield { address: address + offset, size: LOCATION_BYTES, at: at + offset };
    yield { address: name, size: length, at: file };
  }
}

/** @param {Uint8Array} bytes @param {Span} segment */
function* sentences(bytes, { address, size, at }) {
  const text = latin1(bytes, at, size);
  for (const { 0: found, index } of SENTENCES.flatMap((sentence) => [...text.matchAll(sentence)]))
    yield { address: address + index, size: found.length, at: at + index };
}

/** @param {Uint8Array} bytes @param {number} from @param {number} length */
function latin1(bytes, from, length) {
  return Buffer.from(bytes.subarray(from, from + length)).toString("latin1");
}

/** @param {number} number @param {number} most */
function isNear(number, most) {
  return number > 0 && number < most;
}

/**
 * Where the module's data goes in memory, and where it is in the file.
 *
 * @param {Uint8Array} bytes
 * @returns {Span[]}
 */
function dataSegments(bytes) {
  const data = readSection(bytes, DATA_SECTION);
  if (data === undefined) return [];
  return Array.from({ length: data.number() }, () => {
    const isActive = data.number() === 0 && data.byte() === I32_CONST;
    const address = data.number();
    if (!isActive || data.byte() !== END) throw new Error("The data of the WebAssembly has a form that is not known.");
    const size = data.number();
    const segment = { address, size, at: data.at };
    data.at += size;
    return segment;
  });
}
