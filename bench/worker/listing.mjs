// How long a page of records takes, at a thousand and at a million records, with each filter and each two together.

import { DatabaseSync } from "node:sqlite";
import { startStack } from "../../scripts/stack.mjs";
import { Simulator } from "../../tests/e2e/support/simulator.ts";
import { percentiles } from "./load.mjs";

const SIZES = [1_000, 1_000_000];
const SAMPLES = 14;
const PERSON = "priya.nair@northwind.example";
/** Newest record's time, and the milliseconds between two records. */
const NEWEST = Date.UTC(2026, 9, 31);
const STEP = 10_000;

/** A thousand users, thirty askers; nine in ten completed; of the newest thousand every third is open. */
const FILL = `
  WITH RECURSIVE counter (n) AS (SELECT :from UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :to)
  INSERT INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind, role_by,
    user_id, list_age_ms, key_held, binding, upstream_key, attempts, outcome)
  SELECT format('%08x-0000-4000-8000-%012x', n, n), :newest - n * :step, :newest - n * :step,
    CASE WHEN n < 1000 AND n % 3 = 0 THEN NULL ELSE :newest - n * :step + 60000 END,
    CASE WHEN n < 1000 AND n % 3 = 0 THEN iif(n % 2 = 0, 'approvalRequested', 'unknown')
      WHEN n % 10 = 0 THEN 'refused' ELSE 'completed' END,
    n < 1000 AND n % 3 = 0,
    'asker' || (n % 30) || '@example.com', 'asker' || (n % 30), 'person', 'email',
    'user-' || (n % 1000), 0, 0, '', format('%08x-0000-4000-9000-%012x', n, n), 1, 'accepted'
  FROM counter`;

/** The filters, each with values that match many records, few, and none. */
const FILTERS = {
  state: ["completed", "unknown", "expired"],
  open: ["true", "false"],
  userId: ["user-3", "nobody"],
  askedBy: ["asker3@example.com", "nobody@example.com"],
  from: [String(NEWEST - 500 * STEP)],
  to: [String(NEWEST - 500 * STEP)],
};

/**
 * @typedef {object} Listing
 * @property {string} query
 * @property {{ p50: number, p95: number }[]} bySize milliseconds, for each of {@link SIZES}
 */

/** @returns {Promise<{ sizes: number[], samples: number, listings: Listing[] }>} */
export async function measureListing() {
  const stack = await startStack({ build: false, vars: { RATE_LIMITS: "off" } });
  try {
    const token = await new Simulator(stack.simulator).accessToken(PERSON);
    const headers = { "Cf-Access-Jwt-Assertion": token, Origin: stack.url };
    const listings = queries().map((query) => ({ query, bySize: /** @type {{ p50: number, p95: number }[]} */ ([]) }));
    let filled = 0;
    for (const size of SIZES) {
      fill(stack.databaseFile(), filled, size);
      filled = size;
      // Filling takes so long that the connections which stood idle meanwhile may be closed.
      await fetch(`${stack.url}/api/resets`, { headers }).catch(() => undefined);
      for (const listing of listings) {
        const times = [];
        for (let sample = 0; sample < SAMPLES; sample++) {
          const began = performance.now();
          const response = await fetch(`${stack.url}/api/resets?${listing.query}`, { headers });
          const text = await response.text();
          if (response.status !== 200) throw new Error(`${listing.query}: ${response.status} ${text}`);
          times.push(performance.now() - began);
        }
        const { p50, p95 } = percentiles(times.slice(2));
        listing.bySize.push({ p50, p95 });
      }
    }
    return { sizes: SIZES, samples: SAMPLES - 2, listings };
  } finally {
    await stack.stop();
  }
}

/** No filter, a page from the middle, each filter alone and each two together. */
function queries() {
  const single = Object.entries(FILTERS).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  const text = (/** @type {{ name: string, value: string }[]} */ ...pairs) =>
    new URLSearchParams([["limit", "50"], ...pairs.map(({ name, value }) => [name, value])]).toString();
  const middle = { name: "cursor", value: `${NEWEST - 500 * STEP}_00000000-0000-4000-8000-000000000000` };
  const pairs = single.flatMap((one, index) =>
    single.slice(index + 1).flatMap((other) => (one.name === other.name ? [] : [text(one, other)])),
  );
  return [text(), text(middle), ...single.map((one) => text(one)), ...pairs];
}

/**
 * @param {string} file
 * @param {number} from
 * @param {number} to
 */
function fill(file, from, to) {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  try {
    // A million records under a dozen indexes: in memory until they are all there.
    database.exec("PRAGMA cache_size = -1000000; PRAGMA synchronous = OFF");
    database.prepare(FILL).run({ from, to, newest: NEWEST, step: STEP });
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
