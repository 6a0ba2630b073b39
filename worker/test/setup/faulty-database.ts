/**
 * The real D1 database behind a wire that can be cut: before a statement reaches it, or after it has taken effect.
 *
 * @module
 */

/** What happens to a query. `before`: it never arrives. `after`: its answer is lost. A function: that comes before it. */
export type Cut = "before" | "after" | (() => Promise<unknown>) | undefined;

/** Decides for each query, told the text of its statements. */
export type Wire = (sql: string) => Cut;

export class LostConnection extends Error {
  override readonly name = "LostConnection";
}

async function through<T>(wire: Wire, sql: string, run: () => Promise<T>): Promise<T> {
  const cut = wire(sql);
  if (typeof cut === "function") await cut();
  if (cut === "before") throw new LostConnection("D1_ERROR: Network connection lost.");
  const result = await run();
  if (cut === "after") throw new LostConnection("D1_ERROR: Network connection lost.");
  return result;
}

class Statement {
  constructor(
    readonly wire: Wire,
    readonly sql: string,
    readonly real: D1PreparedStatement,
  ) {}

  bind(...values: unknown[]): Statement {
    return new Statement(this.wire, this.sql, this.real.bind(...values));
  }
  first(): Promise<unknown> {
    return through(this.wire, this.sql, () => this.real.first());
  }
  all(): Promise<unknown> {
    return through(this.wire, this.sql, () => this.real.all());
  }
  run(): Promise<unknown> {
    return through(this.wire, this.sql, () => this.real.run());
  }
}

export function faultyDatabase(db: D1Database, wire: Wire): D1Database {
  const faulty = {
    prepare: (sql: string) => new Statement(wire, sql, db.prepare(sql)),
    batch: (statements: Statement[]) =>
      through(wire, statements.map(({ sql }) => sql).join(";\n"), () => db.batch(statements.map(({ real }) => real))),
  };
  return faulty as unknown as D1Database;
}

/** Cuts the first `times` queries that match. */
export function cutting(pattern: RegExp, cut: Cut, times = 1): Wire {
  let left = times;
  return (sql) => {
    if (left === 0 || !pattern.test(sql)) return undefined;
    left--;
    return cut;
  };
}
