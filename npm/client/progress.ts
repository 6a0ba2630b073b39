/**
 * What has become of a reset, inferred in WebAssembly (`src/progress`).
 *
 * @module
 */
import type * as Api from "../index.d.ts";
import { data, list } from "./arguments.ts";
import { withInstance } from "./instance.ts";
import { failure } from "./run.ts";

export async function inferProgress(observations: Api.ResetObservations): Promise<Api.ResetProgress> {
  try {
    const seen = data("observations", observations);
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
