import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";
import { databaseFile, migrate } from "../../scripts/local-database.mjs";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "local-database-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const migrations = readdirSync(join(repository, "worker", "migrations")).sort();
const env = { ...toolEnvironment(), CI: "true" };

/** Names of the migrations that the database says were applied. */
function applied(): unknown[] {
  return inDatabase((database) =>
    database
      .prepare("SELECT name FROM d1_migrations ORDER BY id")
      .all()
      .map(({ name }) => name),
  );
}

function inDatabase<T>(work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(databaseFile(dir));
  try {
    return work(database);
  } finally {
    database.close();
  }
}

it("makes a database with every migration, also where a copy was interrupted", async () => {
  writeFileSync(join(dir, "wrangler.new"), "half of it");
  await migrate(dir, env);
  expect(applied()).toEqual(migrations);
});

it("keeps what a database of before holds", async () => {
  await migrate(dir, env);
  inDatabase((database) => database.exec("CREATE TABLE kept (id)"));
  writeFileSync(join(dir, "migrations.applied"), "those of before");
  await migrate(dir, env);
  expect(inDatabase((database) => database.prepare("SELECT * FROM kept").all())).toEqual([]);
  expect(applied()).toEqual(migrations);
});
