/**
 * What has become of a reset, inferred in WebAssembly (`src/progress`).
 *
 * @module
 */
import type * as Api from "../index.d.ts";
import { data, list } from "./arguments.ts";
import { withInstance } from "./instance.ts";
import { failure } from "./run.ts";

export function inferProgress(observations: Api.ResetObservations): Promise<Api.ResetProgress> {
  return infer(() => data("observations", observations));
}

/** The same of what `read` returns, which is plain data and may be nested too deep to be copied. */
export async function infer(read: () => unknown): Promise<Api.ResetProgress> {
  try {
    const seen = read();
    return (await withInstance((wasm) => wasm.inferProgress(seen))) as Api.ResetProgress;
  } catch (thrown) {
    throw failure(thrown);
  }
}

export async function isResetPending(userId: string, items: Api.ApprovalRequestItem[]): Promise<boolean> {
  try {
    const seen = list("the items", items);
    return await withInstance((wasm) => wasm.isResetPending(userId, seen));
  } catch (thrown) {
    throw failure(thrown);
  }
}
