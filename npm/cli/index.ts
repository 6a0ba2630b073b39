#!/usr/bin/env node
/**
 * The command `fireblocks-reset-device`. What it does and its exit codes are in docs/command.md.
 *
 * @module
 */
import { outliveReaders, written } from "./output.js";
import { run } from "./program.js";

outliveReaders();
const exitCode = await run(process.argv.slice(2));
await written();
// At once: what was given up, such as a tunnel that a proxy never opens, would hold the process for minutes.
process.exit(exitCode);
