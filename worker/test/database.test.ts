import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

const { DB: db, TEST_MIGRATIONS } = env as unknown as {
  DB: D1Database;
  TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1];
};

beforeEach(async () => {
  await reset();
  await applyD1Migrations(db, TEST_MIGRATIONS);
});

const DAY = 86_400_000;

interface Given {
  id?: string;
  user?: string;
  open?: 0 | 1;
  key?: string | null;
  binding?: string;
  upstreamKey?: string;
  closedAt?: number | null;
}

/** Inserts a record and one event; `how` is the statement's verb. */
async function insert(given: Given = {}, how = "INSERT"): Promise<void> {
  const open = given.open ?? 1;
  await db
    .prepare(
      `${how} INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind, role_by,
         user_id, list_age_ms, caller_key, key_held, binding, upstream_key, attempts)
       VALUES (?, 1, 1, ?, 'sending', ?, 'a@example.com', 'sub', 'person', 'email', ?, 0, ?, ?, ?, ?, 1)`,
    )
    .bind(
      given.id ?? "r1",
      open === 1 ? null : (given.closedAt ?? 1),
      open,
      given.user ?? "u1",
      given.key ?? null,
      given.key == null ? 0 : 1,
      given.binding ?? "b",
      given.upstreamKey ?? `key of ${given.id ?? "r1"}`,
    )
    .run();
}

function insertEvent(how = "INSERT", seq = 1, resetId = "r1") {
  return db
    .prepare(`${how} INTO events (reset_id, seq, at, event, source) VALUES (?, ?, 1, 'recorded', 'person')`)
    .bind(resetId, seq)
    .run();
}

const count = async (table: string) =>
  (await db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first<{ n: number }>())?.n;

describe("events are append-only", () => {
  beforeEach(async () => {
    await insert();
    await insertEvent();
  });

  it.each([
    ["UPDATE", "UPDATE events SET event = 'forged'"],
    ["UPDATE OR REPLACE", "UPDATE OR REPLACE events SET event = 'forged'"],
    ["UPDATE OR IGNORE", "UPDATE OR IGNORE events SET event = 'forged'"],
    ["DELETE", "DELETE FROM events"],
    ["REPLACE", "REPLACE INTO events (reset_id, seq, at, event, source) VALUES ('r1', 1, 1, 'forged', 'person')"],
    [
      "INSERT OR REPLACE",
      "INSERT OR REPLACE INTO events (reset_id, seq, at, event, source) VALUES ('r1', 1, 1, 'forged', 'person')",
    ],
    [
      "UPSERT",
      `INSERT INTO events (reset_id, seq, at, event, source) VALUES ('r1', 1, 1, 'forged', 'person')
       ON CONFLICT (reset_id, seq) DO UPDATE SET event = 'forged'`,
    ],
    [
      "INSERT OR IGNORE",
      "INSERT OR IGNORE INTO events (reset_id, seq, at, event, source) VALUES ('r1', 1, 1, 'forged', 'person')",
    ],
  ])("against %s", async (_, sql) => {
    await expect(db.prepare(sql).run()).rejects.toThrow(/append-only|event exists/);
    expect(await db.prepare("SELECT event FROM events").first()).toEqual({ event: "recorded" });
  });

  it("takes the next event", async () => {
    await insertEvent("INSERT", 2);
    expect(await count("events")).toBe(2);
  });

  it("refuses an event of no record", async () => {
    await expect(insertEvent("INSERT", 1, "nobody")).rejects.toThrow(/FOREIGN KEY/);
  });
});

describe("a record's identity never changes", () => {
  beforeEach(() => insert({ key: "k1" }));

  it.each([
    "id = 'other'",
    "rowid = 99",
    "created_at = 2",
    "asked_by = 'b@example.com'",
    "asker_id = 'x'",
    "asker_kind = 'service'",
    "role_by = 'group'",
    "role_entry = 'group:x'",
    "workspace_id = 'other'",
    "user_id = 'u2'",
    "user_email = 'x@example.com'",
    "user_name = 'X'",
    "user_role = 'OWNER'",
    "list_age_ms = 1",
    "reason = 'other'",
    "reference = 'other'",
    "verified_by = 'other'",
    "caller_key = 'k2'",
    "binding = 'other'",
    "upstream_key = 'other'",
    "version = 0",
    "attempts = 0",
  ])("UPDATE … SET %s", async (assignment) => {
    await expect(db.prepare(`UPDATE resets SET ${assignment}`).run()).rejects.toThrow(/never changes/);
    await expect(db.prepare(`UPDATE OR REPLACE resets SET ${assignment}`).run()).rejects.toThrow(/never changes/);
  });

  it("stays against DELETE, REPLACE and UPSERT", async () => {
    await expect(db.prepare("DELETE FROM resets").run()).rejects.toThrow(/records are kept/);
    await expect(insert({ user: "u2" }, "REPLACE")).rejects.toThrow(/record exists/);
    await expect(insert({ user: "u2" }, "INSERT OR REPLACE")).rejects.toThrow(/record exists/);
    await expect(insert({ user: "u2", upstreamKey: "other" }, "REPLACE")).rejects.toThrow(/record exists/);
    expect(await db.prepare("SELECT user_id FROM resets").first()).toEqual({ user_id: "u1" });
  });

  it("is not removed by REPLACE through any other unique index", async () => {
    await expect(insert({ id: "r2", user: "u1" }, "REPLACE")).rejects.toThrow(/open reset/);
    await expect(insert({ id: "r2", user: "u2", key: "k1" }, "REPLACE")).rejects.toThrow(/key is held/);
    await expect(insert({ id: "r2", user: "u2", upstreamKey: "key of r1" }, "REPLACE")).rejects.toThrow(
      /record exists/,
    );
    expect(await count("resets")).toBe(1);
  });

  it("keeps who released it", async () => {
    await db.prepare("UPDATE resets SET released_by = 'b@example.com'").run();
    for (const value of ["'c@example.com'", "NULL"]) {
      const rewriting = db.prepare(`UPDATE resets SET released_by = ${value}`).run();
      await expect(rewriting).rejects.toThrow(/never changes/);
    }
  });

  it("is not opened again", async () => {
    await db.prepare("UPDATE resets SET open = 0, closed_at = ?, key_held = 0").bind(Date.now()).run();
    await expect(db.prepare("UPDATE resets SET open = 1, closed_at = NULL").run()).rejects.toThrow(/never changes/);
    await expect(db.prepare("UPDATE resets SET key_held = 1").run()).rejects.toThrow(/never changes/);
  });

  it("is closed exactly when it has an end", async () => {
    await expect(db.prepare("UPDATE resets SET open = 0").run()).rejects.toThrow(/CHECK/);
    await expect(db.prepare("UPDATE resets SET closed_at = ?").bind(Date.now()).run()).rejects.toThrow(/CHECK/);
  });
});

describe("a record's end never changes", () => {
  beforeEach(async () => {
    await insert({ open: 0, closedAt: Date.now() });
    await insertEvent();
  });

  it.each([
    "closed_at = 1",
    "closed_at = closed_at + 1",
    "state = 'completed'",
    "outcome = 'accepted'",
    "status_before = 'READY'",
    "attempts = 2",
    "request_id = 'other'",
    "message = 'other'",
    "answer = '{}'",
    "answered_at = 1",
    "released_by = 'b@example.com'",
  ])("UPDATE … SET %s", async (assignment) => {
    await expect(db.prepare(`UPDATE resets SET ${assignment}`).run()).rejects.toThrow(/end of a record never changes/);
  });

  it("but what comes late is told as an event", async () => {
    await db.batch([
      db.prepare(
        "INSERT INTO events (reset_id, seq, at, event, source) VALUES ('r1', 2, 2, 'lateAnswer', 'fireblocks')",
      ),
      db.prepare("UPDATE resets SET version = 2, updated_at = 2"),
    ]);
    expect(await count("events")).toBe(2);
  });
});

describe("one open reset for each user", () => {
  it("by the database, among 200 at once", async () => {
    const results = await Promise.allSettled(Array.from({ length: 200 }, (_, index) => insert({ id: `r${index}` })));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(await count("resets")).toBe(1);
  });

  it("and any number of closed ones", async () => {
    await insert({ id: "r1", open: 0 });
    await insert({ id: "r2", open: 0 });
    await insert({ id: "r3", open: 1 });
    expect(await count("resets")).toBe(3);
  });

  it("also without the trigger, by the index", async () => {
    await db.prepare("DROP TRIGGER resets_one_open").run();
    await insert({ id: "r1" });
    await expect(insert({ id: "r2" })).rejects.toThrow(/UNIQUE/);
  });
});

describe("a caller's key", () => {
  it("that was set free stays bound to what it was used for", async () => {
    await insert({ id: "r1", user: "u1", key: "k1", open: 0 });
    await db.prepare("UPDATE resets SET key_held = 0").run();
    await expect(insert({ id: "r2", user: "u2", key: "k1", binding: "other" })).rejects.toThrow(/key is bound/);
    await expect(insert({ id: "r2", user: "u2", key: "k1", binding: "other" }, "REPLACE")).rejects.toThrow(/bound/);
    await insert({ id: "r2", user: "u1", key: "k1" });
  });
});

describe("retention is the one way out", () => {
  const remove = () => db.batch([db.prepare("DELETE FROM events"), db.prepare("DELETE FROM resets")]);
  const setDays = (days: number) => db.prepare("INSERT INTO retention (only_row, days) VALUES (1, ?)").bind(days).run();

  it("for closed records past the age", async () => {
    await insert({ open: 0, closedAt: Date.now() - 101 * DAY });
    await insertEvent();
    await setDays(100);
    await remove();
    expect(await count("resets")).toBe(0);
    expect(await count("events")).toBe(0);
  });

  it.each([
    ["a record that is younger", { open: 0 as const, closedAt: Date.now() - 99 * DAY }, 100],
    ["an open record", { open: 1 as const }, 100],
  ])("not for %s", async (_, given, days) => {
    await insert(given);
    await insertEvent();
    await setDays(days);
    await expect(remove()).rejects.toThrow(/append-only/);
    await expect(db.prepare("DELETE FROM resets").run()).rejects.toThrow();
    expect(await count("events")).toBe(1);
  });

  it("not for what is made to look old", async () => {
    await setDays(90);
    await insert({ id: "r1", open: 0, closedAt: Date.now() });
    await insertEvent();
    await expect(db.prepare("UPDATE resets SET closed_at = 1").run()).rejects.toThrow(/never changes/);
    await expect(db.prepare("DELETE FROM events").run()).rejects.toThrow(/append-only/);
    await insert({ id: "r2", user: "u2" });
    const closing = db.prepare("UPDATE resets SET open = 0, closed_at = ? WHERE id = 'r2'");
    await expect(closing.bind(Date.now() - 2 * DAY).run()).rejects.toThrow(/closed when it is closed/);
    await closing.bind(Date.now()).run();
  });

  it("not without an age, and none below 90 days", async () => {
    await insert({ open: 0, closedAt: 1 });
    await insertEvent();
    await expect(remove()).rejects.toThrow(/append-only/);
    await expect(setDays(89)).rejects.toThrow(/CHECK/);
  });
});
