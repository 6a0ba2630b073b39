// Reads the WebAssembly's binary format where the tools that know it do not tell what is needed.

/** A place in the bytes, which reading moves on. */
class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes[this.at++] ?? 0;
  }

  /** LEB128; addresses are signed there, and ours stay below 2³¹. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = this.byte();
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
  }
}

/**
 * The content of a section; `undefined` where the module has none.
 *
 * @param {Uint8Array} bytes
 * @param {number} id
 */
export function readSection(bytes, id) {
  // After the magic number and the version.
  const reader = new Reader(bytes, 8);
  while (reader.at < bytes.length) {
    const found = reader.byte();
    const size = reader.number();
    if (found === id) return reader;
    reader.at += size;
  }
  return undefined;
}
