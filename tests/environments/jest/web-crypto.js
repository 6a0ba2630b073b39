// jsdom has a crypto of its own, without what signs.
const { webcrypto } = require("node:crypto");

Object.defineProperty(globalThis, "crypto", { value: webcrypto });
