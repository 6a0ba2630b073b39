// Blanks out the places in the source that panics would name. They are data, which wasm-opt leaves alone, and their line
// numbers hardly compress.

/** Ids of the format: a section, an instruction and its end. */
const DATA_SECTION = 11;
const I32_CONST = 0x41;
const END = 0x0b;

/** As `core::panic::Location` is laid out: the address and length of the file's name, line and column. */
const LOCATION_BYTES = 16;

/**
 * @param {Uint8Array} wasm
 * @returns {Uint8Array} the same module, its locations and their files' names zeroed
 */
export function withoutLocations(wasm) {
  const bytes = Uint8Array.from(wasm);
  const view = new DataView(bytes.buffer);
  const segments = dataSegments(bytes);
  /** @type {[number, number][]} */
  const blanks = [];
  for (const { address, size, at } of segments) {
    for (let offset = -address & 3; offset + LOCATION_BYTES <= size; offset += 4) {
      const [name = 0, length = 0, line = 0, column = 0] = [0, 4, 8, 12].map((field) =>
        view.getUint32(at + offset + field, true),
      );
      const segment = segments.find((each) => name >= each.address && name + length <= each.address + each.size);
      if (segment === undefined || length > 512 || !isNear(line, 100_000) || !isNear(column, 1_000)) continue;
      const file = segment.at + name - segment.address;
      if (!/^[!-~]+\.rs$/.test(Buffer.from(bytes.subarray(file, file + length)).toString("latin1"))) continue;
      blanks.push([at + offset, LOCATION_BYTES], [file, length]);
    }
  }
  // Afterwards: several locations share a name.
  for (const [from, length] of blanks) bytes.fill(0, from, from + length);
  return bytes;
}

/** @param {number} number @param {number} most */
function isNear(number, most) {
  return number > 0 && number < most;
}

/**
 * Where the module's data goes in memory, and where it is in the file.
 *
 * @param {Uint8Array} bytes
 * @returns {{ address: number, size: number, at: number }[]}
 */
function dataSegments(bytes) {
  let at = 8;
  const byte = () => bytes[at++] ?? 0;
  /** LEB128; addresses are signed there, and ours stay below 2³¹. */
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const section = byte();
    const end = number() + at;
    if (section !== DATA_SECTION) {
      at = end;
      continue;
    }
    return Array.from({ length: number() }, () => {
      const isActive = number() === 0 && byte() === I32_CONST;
      const address = number();
      if (!isActive || byte() !== END) throw new Error("The data of the WebAssembly has a form that is not known.");
      const size = number();
      const segment = { address, size, at };
      at += size;
      return segment;
    });
  }
  return [];
}
