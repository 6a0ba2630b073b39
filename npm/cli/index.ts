#!/usr/bin/env node
/**
 * The command `fireblocks-reset-device`. What it does and its exit codes are in docs/command.md.
 *
 * @module
 */
import { outliveReaders } from "./output.js";
import { run } from "./program.js";

outliveReaders();
process.exitCode = await run(process.argv.slice(2));
