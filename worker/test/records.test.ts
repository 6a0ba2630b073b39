import type { ResetPage } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { listStatement, parseListQuery } from "../src/records/list";
import { faultyDatabase } from "./setup/faulty-database";
import { cleanWorld, control, db, gateway, note, people, recordIdOf, userId } from "./setup/world";

beforeEach(cleanWorld);

const FILTERS = [
  "",
  "state=completed",
  "open=true",
  "open=true&state=completed",
  "open=true&askedBy=a0@example.com",
  "open=false",
  "userId=u7",
  "askedBy=a3@example.com",
  "userId=u7&state=completed",
  "askedBy=a3@example.com&state=refused",
  "userId=u7&askedBy=a2@example.com",
  "userId=u7&askedBy=a2@example.com&state=completed",
  "from=100",
  "to=100",
  "from=50&to=150&state=completed",
];

/** Records made in the database itself: the listing does not care how they came to be. */
async function fill(count: number): Promise<void> {
  await db
    .prepare(
      `INSERT INTO resets (id, created_at, updated_at, closed_at, state, open, asked_by, asker_id, asker_kind, role_by,
         user_id, list_age_ms, key_held, binding, upstream_key, attempts)
       WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
       SELECT printf('%08x-0000-4000-8000-%012x', i, i), i / 3, i, CASE WHEN i % 50 = 0 THEN NULL ELSE i END,
         CASE i % 3 WHEN 0 THEN 'completed' WHEN 1 THEN 'refused' ELSE 'approvalRequested' END,
         i % 50 = 0, printf('a%d@example.com', i % 5), 'sub', 'person', 'email',
         CASE WHEN i % 50 = 0 THEN printf('open%d', i) ELSE printf('u%d', i % 40) END, 0, 0, 'b', printf('key%d', i), 1
       FROM n`,
    )
    .bind(count)
    .run();
}

describe("pages of records", () => {
  const list = async (query: string): Promise<ResetPage> =>
    (await gateway().as({ email: people.priya }).get(`/api/resets?${query}`)).json();

  it.each(FILTERS)("read one after another give every record once, newest first: %s", async (filter) => {
    await fill(600);
    const seen: { id: string; createdAt: number }[] = [];
    let cursor = "";
    do {
      const page = await list(`${filter}&limit=100${cursor}`);
      seen.push(...page.resets);
      cursor = page.next === undefined ? "" : `&cursor=${page.next}`;
    } while (cursor !== "");
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    const order = seen.map(({ createdAt, id }) => [createdAt, id] as const);
    expect(order).toEqual([...order].sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? 1 : -1)));

    const query = parseListQuery(Object.fromEntries(new URLSearchParams(filter)));
    const { sql, values } = listStatement({ ...query, limit: 10_000 });
    const expected = await db
      .prepare(sql.replace(/ORDER BY.*LIMIT \?/, ""))
      .bind(...values.slice(0, -1))
      .all();
    expect(seen).toHaveLength(expected.results.length);
    expect(seen.length).toBeGreaterThan(0);
  });

  it.each(FILTERS)("are read from an index, with no sorting and no whole table: %s", async (filter) => {
    const query = parseListQuery(Object.fromEntries(new URLSearchParams(filter)));
    const { sql, values } = listStatement({ ...query, cursor: "5_00000000-0000-4000-8000-000000000000" });
    const plan = await db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...values)
      .all<{ detail: string }>();
    for (const { detail } of plan.results) {
      expect(detail).toMatch(/^SEARCH resets USING INDEX /);
      if (query.open === "true") expect(detail).toContain("resets_open");
      if (query.userId !== undefined && query.askedBy !== undefined && query.state === undefined) {
        expect(detail).toContain("resets_by_user_asker");
      }
    }
    expect(sql).not.toMatch(/COUNT|OFFSET|LIKE/i);
  });

  it("are bounded", async () => {
    for (const query of [
      "limit=0",
      "limit=101",
      "limit=-1",
      "limit=x",
      "cursor=x",
      "state=nonsense",
      "open=1",
      "other=1",
    ]) {
      expect((await gateway().as({ email: people.priya }).get(`/api/resets?${query}`)).status, query).toBe(400);
    }
    await fill(60);
    expect((await list("")).resets).toHaveLength(25);
  });
});

/** JSON lines are text, which the runtime's own `text()` doubts. */
async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await response.arrayBuffer());
}

describe("the export", () => {
  const exported = async (query: string) => {
    const response = await gateway().as({ email: people.tomas }).get(`/api/resets/export?${query}`);
    expect(response.status).toBe(200);
    return response;
  };

  async function story(): Promise<string> {
    const response = await gateway()
      .as({ email: people.amara })
      .reset(await userId(people.noor), "key-1", {
        ...note,
        reason: '=HYPERLINK("http://evil.example";"x")',
        reference: "-1+1",
      });
    return recordIdOf(response);
  }

  it("tells the whole story in JSON lines", async () => {
    const id = await story();
    const response = await exported("format=jsonl");
    expect(response.headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="resets-\d{4}-\d\d-\d\d\.jsonl"$/,
    );
    const lines = (await textOf(response)).trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    const [record] = lines.map((line) => JSON.parse(line));
    expect(record).toEqual({
      ...(await gateway().as({ email: people.tomas }).record(id)),
      callerKey: "key-1",
      askerKind: "person",
      askerId: expect.stringMatching(/./),
      roleBy: "email",
      roleEntry: people.amara,
      sentAs: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(record.events).toHaveLength(3);
  });

  it("in CSV runs no formula", async () => {
    await story();
    const response = await exported("format=csv");
    expect(response.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    const [head, ...lines] = (await response.text()).trimEnd().split("\r\n");
    expect(head?.split(",").slice(0, 3)).toEqual(["recordId", "askedAt", "state"]);
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line).toContain(`"'=HYPERLINK(""http://evil.example"";""x"")"`);
      expect(line).toContain(`"'-1+1"`);
    }
  });

  it("in CSV has all that a record holds, each in its column", async () => {
    await control("POST", "faults", { match: { operation: "resetDevice" }, status: 403, body: "{}" });
    await story();
    const [head = "", line = ""] = (await (await exported("format=csv")).text()).split("\r\n");
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.map((cell) => cell.replace(/,$/, "")) ?? [];
    const told = Object.fromEntries(head.split(",").map((name, index) => [name, cells[index]]));
    expect(told).toMatchObject({ callerKey: "key-1", askerKind: "person", roleBy: "email", outcome: "refused" });
    expect(told.askerId).toMatch(/./);
    expect(told.message).toMatch(/./);
    expect(told.closedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(told.listAgeMs).toMatch(/^\d+$/);
    expect(told.event).toBe("recorded");
  });

  it("of many records is whole, whatever the page", async () => {
    await fill(1_100);
    const lines = (await textOf(await exported("format=jsonl"))).trimEnd().split("\n");
    const ids = lines.map((line) => JSON.parse(line).id);
    expect(new Set(ids).size).toBe(1_100);
    const some = (await textOf(await exported("format=jsonl&from=10&to=20"))).trimEnd().split("\n");
    expect(some).toHaveLength(33);
  });

  it("is for auditors, and asks for a format", async () => {
    for (const email of [people.amara, people.priya]) {
      expect((await gateway().as({ email }).get("/api/resets/export?format=csv")).status).toBe(403);
    }
    for (const query of ["", "format=xls", "format=csv&from=x", "format=csv&more=1"]) {
      expect((await gateway().as({ email: people.tomas }).get(`/api/resets/export?${query}`)).status, query).toBe(400);
    }
  });

  it("that breaks in the middle does not look whole", async () => {
    await fill(1_100);
    let reads = 0;
    const failing = new Proxy(db, {
      get(target, name) {
        if (name === "prepare") {
          return (sql: string) => target.prepare(/FROM events/.test(sql) && ++reads > 1 ? "SELECT nonsense" : sql);
        }
        return Reflect.get(target, name).bind(target);
      },
    });
    const response = await gateway({ DB: failing }).as({ email: people.tomas }).get("/api/resets/export?format=jsonl");
    await expect(response.arrayBuffer()).rejects.toThrow();
  });
});

describe("records that cannot be reached, as D1 fails at once", () => {
  const id = crypto.randomUUID();
  it.each([
    ["GET", "/api/users", people.amara],
    ["GET", "/api/resets", people.amara],
    ["GET", `/api/resets/${id}`, people.amara],
    ["GET", "/api/resets/export?format=csv", people.tomas],
    ["GET", "/api/resets/export?format=jsonl", people.tomas],
    ["GET", "/api/refused-attempts", people.tomas],
    ["POST", `/api/resets/${id}/settle`, people.amara],
    ["POST", `/api/resets/${id}/withdraw`, people.amara],
    ["POST", `/api/resets/${id}/release`, people.amara],
    ["POST", "/v1/management/users/u/reset_device", people.amara],
    ["POST", "/api/pause", people.amara],
    ["POST", "/api/resume", people.tomas],
  ])("are told as such: %s %s", async (method, path, email) => {
    const person = gateway({ DB: faultyDatabase(db, () => "before") }).as({ email });
    const response =
      method === "GET"
        ? await person.get(path)
        : await person.post(
            path,
            path.startsWith("/v1") ? note : path.endsWith("/release") ? {} : { reason: "because" },
          );
    expect(response.status).toBe(503);
    expect(response.headers.get("Retry-After")).toBe("30");
    expect((await response.json()) as object).toMatchObject({ code: CODES.unavailable });
  });
});

describe("a record", () => {
  it("is 404 where there is none, whatever is asked for", async () => {
    const priya = gateway().as({ email: people.priya });
    for (const id of [crypto.randomUUID(), "x", "..", "%00", "x".repeat(500)]) {
      expect((await priya.get(`/api/resets/${id}`)).status, id).toBe(404);
    }
  });

  it("is stale after the days that are set", async () => {
    let now = Date.now();
    const amara = gateway({ STALE_AFTER_DAYS: "2" }, { now: () => now }).as({
      email: people.amara,
      expiresIn: 5 * 86_400,
    });
    const id = recordIdOf(await amara.reset(await userId(people.noor)));
    expect((await amara.record(id)).stale).toBe(false);
    now += 2 * 86_400_000 + 1_000;
    expect((await amara.record(id)).stale).toBe(true);
  });

  it("tells nothing of a refused user to whoever may not read", async () => {
    await control("DELETE", "faults");
    const eli = gateway().as({ email: people.eli });
    const known = await eli.get("/api/resets/export?format=csv");
    expect(known.status).toBe(403);
  });
});
