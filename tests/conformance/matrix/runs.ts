// Runs resets against ordered faults, and looks up afterwards what each has really filed.

import { FireblocksError, type FireblocksErrorKind, type Outcome } from "fireblocks-reset-device";
import { simulatorClient } from "../support/clients.ts";
import type { Simulator } from "../support/simulator.ts";
import { type NamedFault, TIMEOUT_MS } from "./faults.ts";

/** How many calls are under way at once. */
const AT_ONCE = 16;

/** How often a call is made again whose time ran out although no fault took it. */
const ROUNDS = 4;

/** What one call was told, and what it has filed. */
export interface Run {
  faults: readonly NamedFault[];
  told: "success" | Outcome;
  kind?: FireblocksErrorKind;
  attempts: number;
  filed: number;
  /** Whether its time ran out because this machine was busy, and not because of a fault. */
  disturbed: boolean;
}

type Told = Omit<Run, "faults" | "filed">;

/** Hands out users whose device can be reset, each once. */
export class Users {
  readonly #ids: string[];

  private constructor(ids: string[]) {
    this.#ids = ids;
  }

  static async of(simulator: Simulator): Promise<Users> {
    const { users } = await (await simulatorClient(simulator)).getConsoleUsers();
    const withoutDevice = ["OWNER", "EDITOR", "VIEWER"];
    const resettable = users.filter(
      ({ status, enabled, userType, role = "" }) =>
        status === "READY" && enabled && userType === "CONSOLE" && !withoutDevice.includes(role),
    );
    return new Users(resettable.map((user) => user.id ?? ""));
  }

  take(): string {
    const id = this.#ids.pop();
    if (id === undefined) throw new Error("The simulated workspace is too small for this matrix.");
    return id;
  }
}

/**
 * Makes one call for each list of faults. The first request of a call meets its first fault, and so on.
 *
 * A call that a busy machine disturbed is made once more, so that the table shows the faults and not the machine;
 * the disturbed ones are returned as well, since what is said must be true of them too.
 */
export async function runAll(
  simulator: Simulator,
  users: Users,
  cases: readonly (readonly NamedFault[])[],
  maxRetries?: number,
): Promise<{ runs: Run[]; disturbed: Run[] }> {
  const runs: Run[] = [];
  const disturbed: Run[] = [];
  let left = cases;
  for (let round = 1; left.length > 0; round++) {
    const all = await runOnce(simulator, users, left, maxRetries);
    const again = round < ROUNDS ? all.filter((run) => run.disturbed) : [];
    disturbed.push(...again);
    runs.push(...all.filter((run) => !again.includes(run)));
    left = again.map(({ faults }) => faults);
  }
  return { runs, disturbed };
}

async function runOnce(
  simulator: Simulator,
  users: Users,
  cases: readonly (readonly NamedFault[])[],
  maxRetries?: number,
): Promise<Run[]> {
  const calls = cases.map((faults) => ({ faults, userId: users.take() }));
  await simulator.control.order(
    calls.flatMap(({ faults, userId }) =>
      faults.map(({ what }) => ({ match: { operation: "resetDevice" as const, userId }, ...what })),
    ),
  );
  const key = await importedKey(simulator.secretKey);
  const told: Told[] = [];
  const queue = calls.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [index, { faults, userId }] of queue) {
        told[index] = await callOnce(simulator, key, userId, faults, maxRetries);
      }
    }),
  );
  await simulator.control.withdrawFaults();
  const filed = await filedWhenQuiet(simulator);
  return calls.map(({ faults, userId }, index) => ({
    faults,
    filed: filed.get(userId) ?? 0,
    ...(told[index] as Told),
  }));
}

async function callOnce(
  simulator: Simulator,
  secretKey: CryptoKey,
  userId: string,
  faults: readonly NamedFault[],
  maxRetries: number | undefined,
): Promise<Told> {
  let timeouts = 0;
  // A client of its own: what one learns of the clock must not help the next.
  const client = await simulatorClient(simulator, {
    secretKey,
    timeoutMs: TIMEOUT_MS,
    deadlineMs: 30_000,
    onAttempt: ({ errorKind }) => void (errorKind === "timeout" && timeouts++),
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });
  const expected = (attempts: number) => faults.slice(0, attempts).filter((fault) => fault.takesLonger).length;
  return client.resetDevice(userId).then(
    ({ attempts }) => ({ told: "success", attempts, disturbed: timeouts > expected(attempts) }),
    (error: unknown) => {
      if (!(error instanceof FireblocksError)) throw error;
      const { outcome, kind, attempts } = error;
      // The time can also run out before a request is sent, while the token is being signed.
      const unsent = kind === "timeout" && timeouts === 0;
      return { told: outcome, kind, attempts, disturbed: unsent || timeouts > expected(attempts) };
    },
  );
}

/** How many approval requests each user has, once the requests that outlived their callers have run. */
async function filedWhenQuiet(simulator: Simulator): Promise<Map<string, number>> {
  for (let before = -1; ; ) {
    const approvals = await simulator.control.approvals();
    if (approvals.length === before) {
      const byUser = Map.groupBy(approvals, (approval) => approval.userId);
      return new Map([...byUser].map(([userId, list]) => [userId, list.length]));
    }
    before = approvals.length;
    // Longer than any delay among the faults.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

function importedKey(pem: string): Promise<CryptoKey> {
  const der = Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ""), "base64");
  return crypto.subtle.importKey("pkcs8", der, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]);
}
