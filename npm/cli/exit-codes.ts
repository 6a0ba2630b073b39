/** What the exit code tells a script. */
import { GatewayError } from "../gateway.js";
import { FireblocksError, type Outcome } from "../index.js";

/** Exit codes. `docs/command.md` explains each. */
export const ExitCode = {
  Done: 0,
  /** A defect of this package. */
  Defect: 1,
  /** The command line cannot be understood; nothing was sent. */
  Usage: 2,
  /** Fireblocks or the gateway said no; nothing was filed. */
  Refused: 3,
  /** An approval request may exist. */
  Unknown: 4,
  /** Nothing that could file a request left this machine. */
  NotSent: 5,
  /** The reset that was waited for ended in another way than with a device that is ready. */
  EndedWithout: 6,
  /** The reset goes on, but is not waited for any more: `--timeout` passed, or the waiting failed. */
  StillOpen: 7,
  /** Ctrl-C while only waiting or reading. */
  Interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** Ends the command with a sentence and a code. */
export class Stop extends Error {
  override readonly name = "Stop";
  constructor(
    message: string,
    readonly exitCode: ExitCode,
  ) {
    super(message);
  }
}

const BY_OUTCOME: Record<Outcome, ExitCode> = {
  refused: ExitCode.Refused,
  unknown: ExitCode.Unknown,
  notSent: ExitCode.NotSent,
};

/** The code for a failure of the reset itself. */
export function codeForReset(error: unknown): ExitCode {
  return error instanceof FireblocksError ? BY_OUTCOME[error.outcome] : ExitCode.Defect;
}

/** The code for a failure of a mere look-up: whatever became of it, it filed nothing. */
export function codeForReading(error: unknown): ExitCode {
  if (error instanceof Stop) return error.exitCode;
  if (error instanceof FireblocksError) return error.outcome === "refused" ? ExitCode.Refused : ExitCode.NotSent;
  if (error instanceof GatewayError) {
    return error.status >= 400 && error.status < 500 ? ExitCode.Refused : ExitCode.NotSent;
  }
  return ExitCode.Defect;
}
