// What an export of everything costs in CPU time, beside the limit that wrangler.jsonc sets.

import { DatabaseSync } from "node:sqlite";
import { startStack } from "../../scripts/stack.mjs";
import { Simulator } from "../../tests/e2e/support/simulator.ts";
import { cpuTime } from "./processes.mjs";

const RECORDS = 100_000;
const EVENTS = 5;
const PERSON = "tomas.herrera@northwind.example";
const FORMATS = ["csv", "jsonl"];

/** Records that were closed long ago, with texts as long as people's. */
const FILL_RESETS = `
  WITH RECURSIVE counter (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < :records)
  INSERT INTO resets (id, version, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind, role_by,
    role_entry, user_id, user_email, user_name, user_role, status_before, list_age_ms, reason, reference, verified_by,
    key_held, binding, upstream_key, attempts, outcome, request_id, answered_at)
  SELECT format('%08x-0000-4000-8000-%012x', n, n), :events, n * 1000, n * 1000, n * 1000 + 600000, 'completed', 0,
    'asker' || (n % 30) || '@example.com', 'asker' || (n % 30), 'person', 'email', 'asker' || (n % 30) || '@example.com',
    'user-' || (n % 1000), 'user' || (n % 1000) || '@example.com', 'Name of User ' || n, 'ADMIN', 'READY', 0,
    'The phone was lost on a train, and a new one was bought', 'IT-' || n, 'Video call with the team lead present',
    0, 'b', format('%08x-0000-4000-9000-%012x', n, n), 1, 'accepted', format('%08x-0000-4000-a000-%012x', n, n), n * 1000
  FROM counter`;

const FILL_EVENTS = `
  WITH RECURSIVE counter (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM counter WHERE seq < :events)
  INSERT INTO events (reset_id, seq, at, event, source, actor, detail)
  SELECT resets.id, seq, created_at + seq * 1000, 'userStatus', 'userStatus', NULL,
    '{"userStatus":"PENDING_DEVICE_PAIRING","evidence":"proven","happenedAt":1795467745000}'
  FROM resets CROSS JOIN counter`;

/**
 * @typedef {object} Export
 * @property {string} format
 * @property {number} megabytes
 * @property {number | undefined} cpuMs of workerd, which holds the local D1 as well
 */

/** @returns {Promise<{ records: number, events: number, exports: Export[] }>} */
export async function measureExport() {
  const stack = await startStack({ build: false, vars: { RATE_LIMITS: "off" } });
  try {
    const token = await new Simulator(stack.simulator).accessToken(PERSON);
    const headers = { "Cf-Access-Jwt-Assertion": token, Origin: stack.url };
    fill(stack.databaseFile());
    await fetch(`${stack.url}/api/resets`, { headers }).catch(() => undefined);
    /** @type {Export[]} */
    const exports = [];
    for (const format of FORMATS) {
      const { group } = stack.services.worker;
      const before = cpuTime(group) ?? Number.NaN;
      const response = await fetch(`${stack.url}/api/resets/export?format=${format}`, { headers });
      const { lines, bytes } = await count(response);
      const expected = format === "csv" ? RECORDS * EVENTS + 1 : RECORDS;
      if (response.status !== 200 || lines !== expected)
        throw new Error(`${format}: ${response.status}, ${lines} lines`);
      exports.push({ format, megabytes: bytes / 1e6, cpuMs: (cpuTime(group) ?? Number.NaN) - before });
    }
    return { records: RECORDS, events: EVENTS, exports };
  } finally {
    await stack.stop();
  }
}

/** @param {Response} response */
async function count({ body }) {
  let [lines, bytes] = [0, 0];
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    for (const byte of chunk) if (byte === 10) lines++;
  }
  return { lines, bytes };
}

/** @param {string} file */
function fill(file) {
  const database = new DatabaseSync(file, { timeout: 60_000 });
  try {
    database.exec("PRAGMA cache_size = -500000; PRAGMA synchronous = OFF");
    database.prepare(FILL_RESETS).run({ records: RECORDS, events: EVENTS });
    database.prepare(FILL_EVENTS).run({ events: EVENTS });
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
