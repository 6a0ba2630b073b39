/** The command line: its words, and how failures become messages and exit codes. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { STATED_PROOFS, STORIES } from "../gateway-api.js";
import { isBlank } from "./blank.js";
import { reset } from "./commands/reset.js";
import { STATUSES, status } from "./commands/status.js";
import { users } from "./commands/users.js";
import { watch } from "./commands/watch.js";
import { type Connection, connect, ENVIRONMENT_HELP } from "./connection.js";
import { codeForReading, ExitCode } from "./exit-codes.js";
import { Interruption } from "./interruption.js";
import { type Output, terminalOutput } from "./output.js";

interface GlobalOptions {
  gateway?: string;
  json?: boolean;
}

/** Runs the command line and resolves with the exit code. */
export async function run(argv: string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.Done;
  const program = commands(async (action) => {
    const { gateway, json } = program.opts<GlobalOptions>();
    exitCode = await guarded(gateway, terminalOutput(json === true), action);
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? codeOnceWritten(terminalOutput(false), ExitCode.Done) : ExitCode.Usage;
  }
}

/** What a subcommand does once it is connected. */
type Action = {
  /** Whether it may file a request, or only looks. */
  readonly sends: boolean;
  perform(connection: Connection, output: Output, interruption: Interruption): Promise<ExitCode>;
};

function commands(act: (action: Action) => Promise<void>): Command {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const program = new Command("fireblocks-reset-device")
    .description("Resets a Fireblocks console user's mobile device: files the approval request, and follows it.")
    .version(version)
    .addOption(new Option("--gateway <url>", "call through a gateway of yours, which holds the key"))
    .addOption(new Option("--json", "print results as JSON, one document a line"))
    .addHelpText("after", ENVIRONMENT_HELP)
    .showHelpAfterError("(--help tells the options)")
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  program
    .command("reset")
    .description("ask for a reset of a user's mobile device")
    .argument("<user>", "the console user's id or e-mail", filled)
    .option("--reason <text>", "why (with --gateway)")
    .option("--reference <text>", "a ticket or case number (with --gateway)")
    .option("--verified-by <text>", "how the user's identity was verified, or more about the proof (with --gateway)")
    .addOption(new Option("--proof <kind>", "what proves the user's identity (with --gateway)").choices(STATED_PROOFS))
    .addOption(new Option("--because <story>", "what happened to the phone (with --gateway)").choices(STORIES))
    .option("--idempotency-key <key>", "repeat an earlier request; 1 to 40 visible ASCII characters", key)
    .option("-y, --yes", "do not ask for confirmation")
    .option("--dry-run", "look up the user and print the request, without its signature; send nothing")
    .option("--wait", "wait until the reset has ended")
    .option("--timeout <seconds>", "with --wait: stop waiting after this long", seconds)
    .action((user, options, command) => {
      if (options.timeout !== undefined && !options.wait) {
        command.error("error: --timeout goes with --wait: a reset alone waits for nothing. Nothing was sent.");
      }
      return act({
        sends: true,
        perform: (connection, output, interruption) => reset(connection, user, options, output, interruption),
      });
    });
  program
    .command("users")
    .description("list the console users")
    .argument("[search]", "part of a name, e-mail or id", filled)
    .option("--status <status>", "only this status, for example READY", filled)
    .option("--role <role>", "only this role, for example SIGNER", filled)
    .action((search, options) =>
      act({
        sends: false,
        perform: (connection, output, { signal }) => users(connection, search, options, output, signal),
      }),
    );
  program
    .command("status")
    .description("show what can be seen of a user's device and last reset")
    .argument("<user>", "the console user's id or e-mail", filled)
    .action((user) =>
      act({ sends: false, perform: (connection, output, { signal }) => status(connection, user, output, signal) }),
    );
  program
    .command("watch")
    .description("tell each change of a reset until it ends")
    .argument("<user>", "the console user's id or e-mail", filled)
    .option("--since <time>", "when the reset was asked for, for example 2026-11-24T03:00:00Z (default: now)", time)
    .addOption(
      new Option("--status-before <status>", "the user's status before the reset was asked for").choices(STATUSES),
    )
    .option("--timeout <seconds>", "stop waiting after this long", seconds)
    .action((user, options) =>
      act({
        sends: false,
        perform: (connection, output, { signal }) => watch(connection, user, options, output, signal),
      }),
    );
  for (const { options } of [program, ...program.commands]) options.forEach(refuseOptionAsValue);
  return program;
}

/**
 * A variable that is unset, without quotes, leaves what comes next in its place: an option, as in
 * `--idempotency-key $KEY --yes`, or the `--` before the user.
 */
function refuseOptionAsValue(option: Option): void {
  const { parseArg } = option;
  if (!option.required) return;
  option.argParser((value: string, previous) => {
    if (/^--$|^--?[a-z][a-z-]*(=.*)?$/is.test(value)) {
      throw new InvalidArgumentError("It is an option: the value before it is missing. Nothing was sent.");
    }
    return parseArg ? parseArg(value, previous) : value;
  });
}

/**
 * Connects, performs, and turns what goes wrong into one message and one code.
 *
 * What `perform` throws was a look-up or a question, before anything that files a request; a failure of the reset
 * itself, and of waiting for its end, is told with its own code where it happened.
 */
async function guarded(gateway: string | undefined, output: Output, action: Action): Promise<ExitCode> {
  const interruption = new Interruption(action.sends ? ExitCode.NotSent : ExitCode.Interrupted, output);
  try {
    const connection = await connect(gateway, process.env);
    output.proxy = connection.proxy;
    output.credentials = connection.credentials ?? [];
    const exitCode = await action.perform(connection, output, interruption);
    return await codeOnceWritten(output, exitCode, action.sends);
  } catch (error) {
    output.failure(error);
    return interruption.signal.aborted ? interruption.exitCode : codeForReading(error);
  }
}

/**
 * The exit code of what has printed all that it has to say. What became of a request is what its exit code tells, told or
 * not; whoever only looks has nothing where it is lost.
 */
async function codeOnceWritten(output: Output, exitCode: ExitCode, sends = false): Promise<ExitCode> {
  const lost = await output.lost();
  if (lost === undefined) return exitCode;
  output.note(`error: The results could not be written (${lost}).`);
  return sends || exitCode !== ExitCode.Done ? exitCode : ExitCode.NotSent;
}

/** An unset variable in quotes is a mistake, never a choice: not of everybody, and not of whoever has no e-mail. */
function filled(value: string): string {
  if (isBlank(value)) throw new InvalidArgumentError("It is empty. Nothing was sent.");
  return value.trim();
}

function seconds(value: string): number {
  const number = Number(value);
  if (!(number >= 1 && number <= 604_800)) {
    throw new InvalidArgumentError("It must be 1 to 604800 seconds. Nothing was sent.");
  }
  return number;
}

function key(value: string): string {
  const trimmed = filled(value);
  if (!/^[!-~]{1,40}$/.test(trimmed)) {
    throw new InvalidArgumentError("It must be 1 to 40 visible ASCII characters, without spaces. Nothing was sent.");
  }
  return trimmed;
}

/** ISO 8601 alone: `Date.parse` reads years and days into other texts too, such as a case number. */
const ISO_TIME = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/;

function time(value: string): number {
  const day = ISO_TIME.exec(value.trim())?.[1];
  const at = Date.parse(value.trim());
  // It also reads the 30th of February, as a day of March.
  if (day === undefined || Number.isNaN(at) || !new Date(`${day}T00:00Z`).toISOString().startsWith(day)) {
    throw new InvalidArgumentError("It must be a date and time such as 2026-11-24T03:00:00Z. Nothing was sent.");
  }
  if (at < 0) throw new InvalidArgumentError("It is before 1970. Nothing was sent.");
  if (at > Date.now()) throw new InvalidArgumentError("It is in the future. Nothing was sent.");
  return at;
}
