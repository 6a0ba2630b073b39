/**
 * Compiles the WebAssembly from whatever form it is given in, and says why where that cannot be done.
 *
 * What comes from a caller is known by its shape, since it may be of another realm: a frame, or a test's own globals.
 *
 * @module
 */
import type { init as Init } from "../index.d.ts";

export type Source = NonNullable<Parameters<typeof Init>[0]>;

/** Why it could not be loaded. */
export class NotLoaded {
  /** What is wrong, and the way round; it begins with a space. Empty where no more is known than `cause`. */
  declare readonly sentence: string;
  declare readonly cause: unknown;
  /** Whether it may be otherwise later. */
  declare readonly retryable: boolean;

  constructor(sentence: string, cause?: unknown, retryable = false) {
    Object.assign(this, { sentence, cause, retryable });
  }
}

/** The way round for whoever cannot read the bytes that an entry carries. */
export const BYTES_BY_INIT = "call init first, with the bytes of fireblocks-reset-device/reset_device.wasm";

/** @throws NotLoaded with the way round, where the runtime lacks one of these globals */
export function need(names: string[], wayRound: string): void {
  const missing = names.find((name) => !(globalThis as Record<string, unknown>)[name]);
  if (missing) {
    throw new NotLoaded(` There is no ${missing} here: ${wayRound}.`);
  }
}

/** Not while it streams in, which is stricter about the response's `Content-Type` and no faster with so few bytes. */
export async function compile(given: Source | Promise<BufferSource>): Promise<WebAssembly.Module> {
  const source = await download((await given) as Downloadable);
  const isModule = Object.prototype.toString.call(source) === "[object WebAssembly.Module]";
  return isModule ? (source as WebAssembly.Module) : WebAssembly.compile(source as BufferSource);
}

/** The first bytes of every WebAssembly: `\0asm`. */
const MAGIC = "0,97,115,109";

type Downloadable = string | Partial<URL & Response>;

/** The bytes that an address or a response leads to; anything else as it is. */
async function download(source: Downloadable): Promise<unknown> {
  let response = source as Response;
  if (typeof source === "string" || source.href) {
    need(["fetch"], "give init the bytes");
    response = await fetch(source as string).catch((cause) => {
      throw new NotLoaded(" Its download failed.", cause, true);
    });
  } else if (!source.arrayBuffer) {
    return source;
  }
  // A `Blob` has no status.
  if (response.ok === false) {
    throw new NotLoaded(` The response to ${response.url} has the status ${response.status}.`, undefined, true);
  }
  const bytes = await response.arrayBuffer();
  // A page to sign in, for one.
  if (String(new Uint8Array(bytes.slice(0, 4))) !== MAGIC) {
    throw new NotLoaded(" What came is not WebAssembly.", undefined, true);
  }
  return bytes;
}

/** Why an engine has refused: of what it says only what can be put right is worth a hint. */
export function explained(thrown: unknown): NotLoaded {
  if (thrown instanceof NotLoaded) {
    return thrown;
  }
  const said = (thrown as Error | undefined)?.message ?? "";
  const isPolicy = /Content.Security.Policy|unsafe-eval|CSP/i.test(said);
  return new NotLoaded(
    isPolicy ? " The page's Content-Security-Policy forbids it: its script-src needs 'wasm-unsafe-eval'." : "",
    thrown,
  );
}
