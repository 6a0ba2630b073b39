import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import {
  cleanWorld,
  control,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

beforeEach(cleanWorld);

const strict: Settings = {
  POLICY: JSON.stringify([
    { name: "Strict", demand: { proofs: ["inPerson"], secondPerson: true, wait: { minutes: 60 } } },
  ]),
  BREAK_GLASS: people.amara,
  NOTIFY_URL: "https://h.example",
  NOTIFY_SECRET: `whsec_${btoa("x".repeat(32))}`,
};
const person = (email: string, settings: Settings = strict) => gateway(settings).as({ email });
const emergency = async (email = people.amara, settings = strict, of = people.noor, more: object = {}) =>
  person(email, settings).reset(await userId(of), crypto.randomUUID(), {
    breakGlass: "Payroll in ten minutes",
    ...more,
  });
const sent = () => upstreamLog("resetDevice");
const codeOf = async (response: Response) => [response.status, (await errorOf(response)).code];

describe("an emergency", () => {
  it("passes proof, second person, wait and note over, is marked, and is told at once", async () => {
    const response = await emergency();
    expect(response.status).toBe(200);
    const id = recordIdOf(response);
    const record = await person(people.priya).record(id);
    expect(record).toMatchObject({
      state: "approvalRequested",
      breakGlass: { reason: "Payroll in ten minutes", reviewBy: record.createdAt + 86_400_000 },
    });
    expect(record.events?.[0]).toMatchObject({ event: "recorded", detail: { breakGlass: "Payroll in ten minutes" } });
    const { results } = await db
      .prepare("SELECT body FROM outbox WHERE reset_id = ? ORDER BY rowid")
      .bind(id)
      .all<{ body: string }>();
    const told = results.map(({ body }) => JSON.parse(body));
    expect(told.map(({ type }) => type)).toContain("reset.breakGlass");
    expect(told.find(({ type }) => type === "reset.breakGlass")).toMatchObject({
      data: { askedBy: people.amara, breakGlass: { reason: "Payroll in ten minutes" } },
    });
  });

  it("is only for those who are named for it, as resetters by name", async () => {
    expect(await codeOf(await emergency(people.jonas))).toEqual([403, CODES.breakGlass]);
    expect((await emergency(people.priya)).status).toBe(403);
    const ROLES = JSON.stringify({ resetter: ["service:robot.access", people.amara, people.jonas] });
    const robot = gateway({ ...strict, ROLES, RESETS_BY_SERVICE_TOKENS: "true" }).as({ commonName: "robot.access" });
    const asked = await robot.reset(await userId(people.noor), "key-1", { breakGlass: "No time" });
    expect(await codeOf(asked)).toEqual([403, CODES.breakGlass]);
    expect(await codeOf(await emergency(people.amara, { ...strict, BREAK_GLASS: undefined }))).toEqual([
      403,
      CODES.breakGlass,
    ]);
    expect(await sent()).toEqual([]);
  });

  it("needs a reason", async () => {
    for (const breakGlass of ["", "  ", "…", true])
      expect((await emergency(people.amara, strict, people.noor, { breakGlass })).status).toBe(400);
    expect(await sent()).toEqual([]);
  });

  it("never passes the Owner, oneself, eligibility, or a pause over", async () => {
    expect(await codeOf(await emergency(people.amara, strict, people.owner))).toEqual([403, CODES.owner]);
    expect(await codeOf(await emergency(people.amara, strict, people.amara))).toEqual([403, CODES.self]);
    await control("PATCH", `users/${await userId(people.noor)}`, { enabled: false });
    expect(await codeOf(await emergency())).toEqual([422, CODES.disabled]);
    await control("PATCH", `users/${await userId(people.noor)}`, { enabled: true });
    expect((await emergency(people.amara, { ...strict, RESETS_PAUSED: "true" })).status).toBe(503);
    expect(await sent()).toEqual([]);
  });

  it("never passes the open one, the look at pending requests, or the day's number over", async () => {
    const first = recordIdOf(await emergency());
    expect(await codeOf(await emergency())).toEqual([409, CODES.resetOpen]);
    await db.prepare("UPDATE resets SET open = 0, closed_at = ? WHERE id = ?").bind(Date.now(), first).run();
    expect(await codeOf(await emergency())).toEqual([409, CODES.pendingElsewhere]);
    const capped = { ...strict, DAILY_RESET_LIMIT: "1" };
    expect(await codeOf(await emergency(people.amara, capped, people.eli))).toEqual([429, CODES.dailyLimit]);
    expect(await sent()).toHaveLength(1);
  });
});

describe("the review of an emergency", () => {
  const review = (id: string, email: string, reason = "Looked at, with payroll") =>
    person(email).post(`/api/resets/${id}/review`, { reason });
  const due = async () =>
    (
      (await (await person(people.priya).get("/api/resets?review=due")).json()) as { resets: { id: string }[] }
    ).resets.map(({ id }) => id);

  it("is somebody else's, and is due until then", async () => {
    const id = recordIdOf(await emergency());
    expect(await due()).toContain(id);
    expect(await codeOf(await review(id, people.amara))).toEqual([403, CODES.secondPerson]);
    expect((await review(id, people.priya)).status).toBe(403);
    expect((await review(id, people.jonas, "")).status).toBe(400);
    const reviews = await Promise.all([review(id, people.jonas), review(id, people.tomas, "I looked too")]);
    expect(reviews.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await due()).not.toContain(id);
    const record = await person(people.priya).record(id);
    expect(record.breakGlass).toMatchObject({ reviewedBy: expect.any(String), review: expect.any(String) });
    expect(record.events?.filter(({ event }) => event === "reviewed")).toHaveLength(1);
  });

  it("is not the target's own", async () => {
    const ROLES = JSON.stringify({ resetter: [people.amara, people.noor] });
    const id = recordIdOf(await emergency());
    const response = await person(people.noor, { ...strict, ROLES }).post(`/api/resets/${id}/review`, {
      reason: "All fine",
    });
    expect(await codeOf(response)).toEqual([403, CODES.secondPerson]);
  });

  it("goes on when the reset has ended, and is nothing for any other reset", async () => {
    const id = recordIdOf(await emergency());
    await db
      .prepare("UPDATE resets SET open = 0, closed_at = ?, state = 'completed' WHERE id = ?")
      .bind(Date.now(), id)
      .run();
    expect((await review(id, people.jonas)).status).toBe(204);
    expect((await review(id, people.jonas)).status).toBe(204);
    const other = recordIdOf(await person(people.amara, {}).reset(await userId(people.jonas)));
    expect(await codeOf(await review(other, people.jonas))).toEqual([409, CODES.wrongState]);
  });
});
