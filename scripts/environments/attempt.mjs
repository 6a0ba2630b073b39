// One environment: built, run, and its reset looked for at the simulator.

import { run, Service } from "../base/process.mjs";
import { Failure } from "../base/terminal.mjs";
import { freePort } from "../stack.mjs";
import { resetInPage } from "./page.mjs";

const READY_MS = 90_000;
const BUILD_MINUTES = 10;
const RUN_MINUTES = 3;

/** @typedef {import("../../tests/environments/table/index.mjs").Environment} Environment */
/** @typedef {import("./project.mjs").Project} Project */
/** @typedef {import("./simulator.mjs").Simulator} Simulator */
/** @typedef {import("./simulator.mjs").Task} Task */

/**
 * Builds and runs an environment. Fails where it makes no reset, and where it makes one although it is said not to.
 *
 * @param {Environment} environment
 * @param {Project} project
 * @param {Simulator} simulator
 */
export async function attempt(environment, project, simulator) {
  const task = await simulator.task();
  if (environment.limit === undefined) {
    await resetIn(environment, project, task, simulator);
    await simulator.requireOneReset(task);
    return;
  }
  const said = await resetIn(environment, project, task, simulator).then(
    () => undefined,
    (error) => (error instanceof Failure ? `${error.message}\n${error.details ?? ""}` : Promise.reject(error)),
  );
  if (said === undefined) throw new Failure("It works, and the table says that it does not. Take its limit away.");
  if (!said.includes(environment.limit)) {
    throw new Failure(`It does not say “${environment.limit}”.`, { details: said });
  }
}

/**
 * @param {Environment} environment
 * @param {Project} project
 * @param {Task} task
 * @param {Simulator} simulator
 */
async function resetIn(environment, project, task, simulator) {
  const { folder: cwd } = project;
  const env = { ...project.environment, ...environment.env, TASK: JSON.stringify(task) };
  for (const line of environment.build ?? []) {
    // The parts of one application are built once.
    const key = JSON.stringify([line, environment.env]);
    if (project.built.has(key)) continue;
    const [command = "", ...args] = line.split(" ");
    await run(command, args, { cwd, env, limitMinutes: BUILD_MINUTES, failure: `“${line}” failed.` });
    project.built.add(key);
  }
  const { run: how } = environment;
  if ("test" in how) {
    await printedBy(how.test, { cwd, env });
  } else if ("program" in how) {
    requireReceipt(receiptIn(await printedBy(how.program, { cwd, env })), task);
  } else if ("folder" in how) {
    const from = { folder: `${cwd}/${how.folder}` };
    requireReceipt(await resetInPage({ path: how.page, from, task, simulator: simulator.origin }), task);
  } else {
    await withServer(how.server, { cwd, env }, async (origin) => {
      if ("get" in how) {
        const text = await (await fetch(`${origin}${how.get}`)).text();
        if (!text.includes(task.idempotencyKey)) throw new Failure("The answer names no reset.", { details: text });
        return;
      }
      const receipt =
        "post" in how
          ? await posted(`${origin}${how.post}`, task)
          : await resetInPage({ path: how.page, from: { origin }, task, simulator: simulator.origin });
      requireReceipt(receipt, task);
    });
  }
}

/**
 * What a program prints.
 *
 * @param {string} line
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 */
async function printedBy(line, options) {
  let printed = "";
  const [command = "", ...args] = line.split(" ");
  await run(command, args, {
    ...options,
    limitMinutes: RUN_MINUTES,
    failure: `“${line}” failed.`,
    onLine: (text, stream) => {
      if (stream === "stdout") printed += `${text}\n`;
    },
  });
  return printed;
}

/** The receipt is the last line that is an object. @param {string} printed */
function receiptIn(printed) {
  const line = printed
    .split("\n")
    .filter((text) => text.startsWith("{"))
    .at(-1);
  if (line === undefined) throw new Failure("It printed no receipt.", { details: printed });
  return JSON.parse(line);
}

/**
 * @param {string} url
 * @param {Task} task
 */
async function posted(url, task) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(task),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${new URL(url).pathname} answered ${response.status}.`, { details: text });
  }
}

/**
 * @param {unknown} receipt
 * @param {Task} task
 */
function requireReceipt(receipt, { idempotencyKey }) {
  const given = /** @type {{ idempotencyKey?: unknown, requestId?: unknown } | undefined} */ (receipt);
  if (given?.idempotencyKey !== idempotencyKey || typeof given?.requestId !== "string") {
    throw new Failure(`This is no receipt: ${JSON.stringify(receipt)}`);
  }
}

/**
 * Starts a server, `{port}` in its line replaced by a free port, and ends it after `use`.
 *
 * @param {string} line
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @param {(origin: string) => Promise<void>} use
 */
async function withServer(line, { cwd, env }, use) {
  const port = String(await freePort());
  const [command = "", ...args] = line.replaceAll("{port}", port).split(" ");
  const service = new Service(command, args, { cwd, env: { ...env, HOST: "127.0.0.1", PORT: port } });
  const origin = `http://127.0.0.1:${port}`;
  try {
    await listening(origin, service, line);
    await use(origin);
  } catch (error) {
    // What a server says of an error is mostly on its own output.
    if (error instanceof Failure) error.details = `${error.details ?? ""}\n${service.lastLines}`;
    throw error;
  } finally {
    await service.stop();
  }
}

/**
 * @param {string} origin
 * @param {Service} service
 * @param {string} line
 */
async function listening(origin, service, line) {
  let ended = false;
  void service.exited.finally(() => {
    ended = true;
  });
  const deadline = Date.now() + READY_MS;
  while (!ended && Date.now() < deadline) {
    if (await fetch(origin, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Failure(`“${line}” ${ended ? "ended" : "did not answer in time"}.`);
}
