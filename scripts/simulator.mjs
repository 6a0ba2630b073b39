// `npm run simulator -- …`: builds the local Fireblocks where needed, and runs it with the arguments given.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binary = join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "simulator", "simulator");

/** The child that is running now; signals are passed on to it. */
let child;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    interrupted = true;
    child?.kill(signal);
  });
}

/** Runs a command to its end, and gives its exit code: 128 and the signal's number is a shell's way, 1 is ours. */
async function run(command, args, options) {
  child = spawn(command, args, options);
  const [code] = await once(child, "exit");
  return code ?? 1;
}

try {
  // stdout belongs to the simulator's line of JSON: cargo's progress goes to stderr.
  const built = await run("cargo", ["build", "--package", "simulator", "--profile", "simulator"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    env: { ...process.env, PATH: `${process.env.PATH}:${join(homedir(), ".cargo", "bin")}` },
  });
  if (built === 0 && !interrupted) {
    process.exitCode = await run(binary, process.argv.slice(2), { stdio: "inherit" });
  } else {
    if (!interrupted) console.error("The simulator could not be built; cargo says why above.");
    process.exitCode = 1;
  }
} catch (error) {
  console.error(
    error.code === "ENOENT"
      ? `${error.path} was not found. Rust comes from https://rustup.rs; \`npm start\` sets the rest up.`
      : error.message,
  );
  process.exitCode = 1;
}
