/** Resets that were possibly made elsewhere, and what is said of them. */
import type { ElsewherePage } from "fireblocks-reset-device/gateway-api";
import type { Verdict } from "../model/elsewhere.ts";
import { ask, read } from "./api.ts";

/** Those that nobody has said anything of yet, newest first. */
export const getElsewhere = (): Promise<ElsewherePage> =>
  read("/api/elsewhere?undecided=true&limit=50", "the resets made elsewhere");

export const decideElsewhere = (id: string, verdict: Verdict, reason: string): Promise<void> =>
  ask(`/api/elsewhere/${encodeURIComponent(id)}/decide`, { changing: "elsewhere" }, async () => undefined, {
    body: { verdict, reason },
  });
