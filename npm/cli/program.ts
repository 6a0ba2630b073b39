/** The command line: its words, and how failures become messages and exit codes. */
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { reset } from "./commands/reset.js";
import { status } from "./commands/status.js";
import { users } from "./commands/users.js";
import { watch } from "./commands/watch.js";
import { type Connection, connect, ENVIRONMENT_HELP } from "./connection.js";
import { codeForReading, ExitCode, Stop } from "./exit-codes.js";
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
    return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
  }
}

/** What a subcommand does once it is connected. */
type Action = {
  /** Whether it may file a request, or only looks. */
  readonly sends: boolean;
  perform(connection: Connection, output: Output, signal: AbortSignal): Promise<ExitCode>;
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
    .argument("<user>", "the console user's id or e-mail")
    .option("--reason <text>", "why (with --gateway)")
    .option("--reference <text>", "a ticket or case number (with --gateway)")
    .option("--verified-by <text>", "how the user's identity was verified (with --gateway)")
    .option("--idempotency-key <key>", "repeat an earlier request; 1 to 40 visible ASCII characters")
    .option("-y, --yes", "do not ask for confirmation")
    .option("--dry-run", "look up the user and print the request, without its signature; send nothing")
    .option("--wait", "wait until the reset has ended")
    .option("--timeout <seconds>", "with --wait: stop waiting after this long", seconds)
    .action((user, options) =>
      act({
        sends: true,
        perform: (connection, output, signal) => reset(connection, user, options, output, signal),
      }),
    );
  program
    .command("users")
    .description("list the console users")
    .argument("[search]", "part of a name, e-mail or id")
    .option("--status <status>", "only this status, for example READY")
    .option("--role <role>", "only this role, for example SIGNER")
    .action((search, options) =>
      act({
        sends: false,
        perform: (connection, output, signal) => users(connection, search, options, output, signal),
      }),
    );
  program
    .command("status")
    .description("show what can be seen of a user's device and last reset")
    .argument("<user>", "the console user's id or e-mail")
    .action((user) =>
      act({ sends: false, perform: (connection, output, signal) => status(connection, user, output, signal) }),
    );
  program
    .command("watch")
    .description("tell each change of a reset until it ends")
    .argument("<user>", "the console user's id or e-mail")
    .option("--since <time>", "when the reset was asked for, for example 2026-11-24T03:00:00Z (default: now)", time)
    .option("--status-before <status>", "the user's status before the reset was asked for")
    .option("--timeout <seconds>", "stop waiting after this long", seconds)
    .action((user, options) =>
      act({
        sends: false,
        perform: (connection, output, signal) => watch(connection, user, options, output, signal),
      }),
    );
  return program;
}

/**
 * Connects, performs, and turns what goes wrong into one message and one code.
 *
 * What `perform` throws was a look-up or a question, before anything that files a request; a failure of the reset
 * itself is told, with its own code, where it was sent.
 */
async function guarded(gateway: string | undefined, output: Output, action: Action): Promise<ExitCode> {
  const interruption = new AbortController();
  const interrupt = () => {
    // The second Ctrl-C is for a process that does not end; what it leaves behind is not known here any more.
    if (interruption.signal.aborted) {
      output.note("Ended at once, without waiting for an answer.");
      process.exit(action.sends ? ExitCode.Unknown : ExitCode.Interrupted);
    }
    interruption.abort(new Stop("Interrupted.", ExitCode.Interrupted));
  };
  process.on("SIGINT", interrupt);
  try {
    const connection = await connect(gateway, process.env);
    return await action.perform(connection, output, interruption.signal);
  } catch (error) {
    output.failure(error);
    if (interruption.signal.aborted) return action.sends ? ExitCode.NotSent : ExitCode.Interrupted;
    return codeForReading(error);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

function seconds(value: string): number {
  const number = Number(value);
  if (!(number > 0 && number <= 604_800)) throw new InvalidArgumentError("It must be 1 to 604800 seconds.");
  return number;
}

function time(value: string): number {
  const at = Date.parse(value);
  if (Number.isNaN(at)) throw new InvalidArgumentError("It must be a date and time such as 2026-11-24T03:00:00Z.");
  return at;
}
