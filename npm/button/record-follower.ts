/** Follows one record at a time, and says in words what it reads. */

import { follow } from "../following.js";
import { type FollowedReset, GatewayError } from "../gateway.js";
import { sentenceFor } from "../states.js";
import { gatewayFor } from "./page-gateway.js";
import { visiblePause } from "./visible-pause.js";

export class RecordFollower {
  #following: AbortController | undefined;

  /**
   * @param onRecord - told of each reading.
   * @param onProblem - told, in a sentence, of each reading that failed.
   */
  constructor(
    private readonly onRecord: (record: FollowedReset) => void,
    private readonly onProblem: (sentence: string) => void,
  ) {}

  /** Follows this record, and no other any more. */
  start(basePath: string, recordId: string): void {
    this.stop();
    this.#following = new AbortController();
    const onProblem = ({ message }: Error, final: boolean) =>
      this.onProblem(`${message} ${final ? "Not followed any more." : "Trying again."}`);
    try {
      const follower = { onRecord: this.onRecord, onProblem, pause: visiblePause };
      void follow(gatewayFor(basePath), recordId, follower, this.#following.signal);
    } catch {
      onProblem(new GatewayError(`base-path is not an address: ${basePath}.`, 0), true);
    }
  }

  stop(): void {
    this.#following?.abort();
  }
}

/** Where a record stands, for people. */
export function sentenceOf({ state, evidence, open, approvals, message }: FollowedReset): string {
  const { current, threshold } = approvals ?? {};
  const count = open && threshold !== undefined ? `${current ?? 0} of ${threshold} approvals.` : "";
  return [sentenceFor(state, evidence), count, message].filter(Boolean).join(" ");
}
