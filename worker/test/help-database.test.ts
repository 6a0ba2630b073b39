import { applyD1Migrations, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";

const { DB: db, TEST_MIGRATIONS } = env as unknown as {
  DB: D1Database;
  TEST_MIGRATIONS: Parameters<typeof applyD1Migrations>[1];
};

const DAY = 86_400_000;
const CODE = "code_number = 1, code_salt = 's', code_mac = 'm', code_at = 1, code_until = 9, tries_left = 3";
const MATCH =
  "state = 'matched', helper = 'a@example.com', helper_id = 'sub-a', matched_at = 2, word = 'w', code_salt = NULL, code_mac = NULL, code_until = NULL, version = version + 1";

beforeEach(async () => {
  await reset();
  await applyD1Migrations(db, TEST_MIGRATIONS);
  await insert("h1", "u1");
});

function insert(id: string, user: string, how = "INSERT") {
  return db
    .prepare(
      `${how} INTO help_requests (id, version, created_at, updated_at, expires_at, state, open, user_id, person, person_id,
         code_number, tries_left) VALUES (?, 1, 1, 1, ?, 'open', 1, ?, 'n@example.com', 'sub-n', 0, 0)`,
    )
    .bind(id, Date.now() + DAY, user)
    .run();
}

const update = (set: string, how = "UPDATE") => db.prepare(`${how} help_requests SET ${set} WHERE id = 'h1'`).run();
const event = (how = "INSERT", seq = 1) =>
  db.prepare(`${how} INTO help_events (help_id, seq, at, event) VALUES ('h1', ?, 1, 'asked')`).bind(seq).run();

/** A reset for the request for help. */
const resetFor = (id: string, given: { user?: string; asker?: string; state?: string; how?: string } = {}) =>
  db
    .prepare(
      `${given.how ?? "INSERT"} INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind,
         role_by, user_id, list_age_ms, key_held, binding, upstream_key, attempts, help_request_id)
       VALUES (?1, 1, 1, 1, ?2, 0, 'a@example.com', ?3, 'person', 'email', ?4, 0, 0, 'b', ?1, 1, 'h1')`,
    )
    .bind(id, given.state ?? "completed", given.asker ?? "sub-a", given.user ?? "u1")
    .run();

describe("a request for help", () => {
  it("is one for each user, whatever the statement", async () => {
    for (const how of ["INSERT", "INSERT OR REPLACE", "REPLACE"]) {
      await expect(insert("h2", "u1", how), how).rejects.toThrow(/exists/);
    }
    await expect(insert("h1", "u2", "INSERT OR REPLACE")).rejects.toThrow(/exists/);
    await insert("h2", "u2");
  });

  it.each([
    "id = 'other'",
    "created_at = 2",
    "expires_at = expires_at + 1",
    "user_id = 'u2'",
    "user_email = 'x'",
    "user_name = 'x'",
    "person = 'x'",
    "person_id = 'x'",
    "manager = 'x@example.com'",
    "because = 'stolen'",
    "text = 'x'",
  ])("is never about anything else: %s", async (set) => {
    for (const how of ["UPDATE", "UPDATE OR REPLACE"]) {
      await expect(update(`${set}, version = 2`, how)).rejects.toThrow(/never changes/);
    }
  });

  it("changes with a new version alone", async () => {
    await expect(update("updated_at = 2")).rejects.toThrow(/never changes/);
  });

  it("keeps a code's tries, and the code under its number", async () => {
    await update(`${CODE}, version = 2`);
    await update("tries_left = 2, version = 3");
    await expect(update("tries_left = 3, version = 4")).rejects.toThrow(/never changes/);
    await expect(update("code_mac = 'other', version = 4")).rejects.toThrow(/never changes/);
    await expect(update("code_until = 99, version = 4")).rejects.toThrow(/never changes/);
    await update("code_number = 2, code_mac = 'other', tries_left = 3, version = 4");
  });

  it("goes from code to match to confirmation, and no other way", async () => {
    await expect(update(MATCH)).rejects.toThrow(/from code to match/);
    await expect(update("state = 'confirmed', helper_id = 'x', confirmed_at = 1, version = 2")).rejects.toThrow(
      /from code/,
    );
    await update(`${CODE}, version = 2`);
    await update(MATCH);
    await expect(update("helper_id = 'sub-b', version = 4")).rejects.toThrow(/from code/);
    await expect(
      update(`state = 'used', open = 0, closed_at = ${Date.now()}, confirmed_at = 1, version = 4`),
    ).rejects.toThrow(/from code/);
    await update("state = 'confirmed', confirmed_at = 3, version = 4");
    await update(`state = 'used', open = 0, closed_at = ${Date.now()}, version = 5`);
    await expect(update("state = 'confirmed', open = 1, closed_at = NULL, version = 6")).rejects.toThrow();
    await expect(update("state = 'cancelled', version = 6")).rejects.toThrow(/from code/);
  });

  it("stays, with its story, which only grows", async () => {
    await event();
    await event("INSERT", 2);
    for (const statement of [
      "UPDATE help_events SET event = 'forged'",
      "DELETE FROM help_events",
      "DELETE FROM help_requests",
      "REPLACE INTO help_events (help_id, seq, at, event) VALUES ('h1', 1, 1, 'forged')",
      "INSERT INTO help_events (help_id, seq, at, event) VALUES ('h1', 1, 1, 'x') ON CONFLICT (help_id, seq) DO UPDATE SET event = 'forged'",
    ]) {
      await expect(db.prepare(statement).run(), statement).rejects.toThrow(/append-only|exists|are kept/);
    }
  });

  it("leaves by retention alone, closed and past its age", async () => {
    await event();
    await db.prepare("INSERT INTO retention (only_row, days) VALUES (1, 90)").run();
    const remove = () => db.batch([db.prepare("DELETE FROM help_events"), db.prepare("DELETE FROM help_requests")]);
    await expect(remove()).rejects.toThrow(/append-only/);
    await expect(update("state = 'expired', open = 0, closed_at = 1, version = 2")).rejects.toThrow(
      /when it is closed/,
    );
    await update(`state = 'expired', open = 0, closed_at = ${Date.now()}, version = 2`);
    await expect(remove()).rejects.toThrow(/append-only/);
    await expect(update("closed_at = 1, version = 3")).rejects.toThrow(/never changes/);
    await db.prepare("DROP TRIGGER help_requests_no_rewrite").run();
    await db
      .prepare("UPDATE help_requests SET closed_at = ?")
      .bind(Date.now() - 91 * DAY)
      .run();
    await remove();
  });
});

describe("what was matched serves one reset", () => {
  beforeEach(async () => {
    await update(`${CODE}, version = 2`);
    await update(MATCH);
    await update("state = 'confirmed', confirmed_at = 3, version = 4");
  });

  it("and no second one, whatever the statement", async () => {
    await resetFor("r1");
    for (const how of ["INSERT", "INSERT OR REPLACE"]) {
      await expect(resetFor("r2", { how }), how).rejects.toThrow(/has served a reset/);
    }
    await db.prepare("DROP TRIGGER resets_one_for_help").run();
    await expect(resetFor("r2")).rejects.toThrow(/UNIQUE/);
  });

  it.each(["refused", "withdrawn"])("but for one that was %s, of which nothing was sent", async (state) => {
    await resetFor("r1", { state });
    await resetFor("r2");
  });

  it("of this user, by whoever typed the code", async () => {
    await expect(resetFor("r1", { user: "u2" })).rejects.toThrow(/does not fit/);
    await expect(resetFor("r1", { asker: "sub-b" })).rejects.toThrow(/does not fit/);
  });

  it("only while it is confirmed", async () => {
    await update(`state = 'cancelled', open = 0, closed_at = ${Date.now()}, version = 5`);
    await expect(resetFor("r1")).rejects.toThrow(/does not fit/);
  });
});
