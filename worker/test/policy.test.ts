import type { UserList } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import { CODES } from "../src/errors";
import { cutting, faultyDatabase } from "./setup/faulty-database";
import { Mailbox } from "./setup/mailbox";
import {
  cleanWorld,
  db,
  errorOf,
  gateway,
  people,
  recordIdOf,
  type Settings,
  upstreamLog,
  userId,
} from "./setup/world";

let now: number;
const at = { now: () => now };

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

const rules = (...list: { when?: object; demand: object }[]): Settings => ({
  ...new Mailbox().settings,
  POLICY: JSON.stringify(list.map((one, index) => ({ name: `Rule ${index + 1}`, ...one }))),
});
const person = (email: string, settings: Settings = {}) => gateway(settings, at).as({ email, expiresIn: 60 * 86_400 });
const sent = () => upstreamLog("resetDevice");
const ask = async (settings: Settings, body: object, email = people.amara, of = people.noor) =>
  person(email, settings).reset(await userId(of), crypto.randomUUID(), { reason: "Lost phone", ...body });

async function refusal(response: Response) {
  const { code, message } = await errorOf(response);
  return { status: response.status, code, message };
}

describe("the proofs of a request", () => {
  it.each(["codeMatched", "managerConfirmed"])("that only the worker can set are refused: %s", async (proof) => {
    const response = await ask({}, { proofs: [{ proof, text: "Trust me" }] });
    expect(await refusal(response)).toMatchObject({ status: 400, code: CODES.invalidRequest });
    expect(await sent()).toEqual([]);
    expect((await db.prepare("SELECT COUNT(*) AS n FROM resets").first<{ n: number }>())?.n).toBe(0);
  });

  it.each<[string, unknown]>([
    ["no list", { proof: "videoCall" }],
    ["one that nobody knows", [{ proof: "hearsay" }]],
    ["another's name in it", [{ proof: "videoCall", by: people.jonas }]],
    ["other without words", [{ proof: "other" }]],
    ["other in words that say nothing", [{ proof: "other", text: " … " }]],
    ["more than there are kinds", Array.from({ length: 5 }, () => ({ proof: "inPerson" }))],
    ["a text of two lines", [{ proof: "videoCall", text: "a\nb" }]],
    ["a text without end", [{ proof: "videoCall", text: "x".repeat(301) }]],
  ])("are refused where they are not as they must be: %s", async (_, proofs) => {
    expect((await ask({}, { proofs })).status).toBe(400);
    expect(await sent()).toEqual([]);
  });

  it("are recorded with who stated them, and the old text is the proof other, whatever it says", async () => {
    const proofs = [{ proof: "videoCall", text: "Badge compared" }, { proof: "calledBack" }];
    const id = recordIdOf(await ask({}, { proofs, verifiedBy: "codeMatched" }));
    const record = await person(people.priya).record(id);
    expect(record.proofs).toMatchObject([
      {
        proof: "videoCall",
        text: "Badge compared",
        by: people.amara,
        at: now,
        meaning: expect.stringContaining("video call"),
      },
      { proof: "calledBack", by: people.amara },
      { proof: "other", text: "codeMatched", by: people.amara },
    ]);
    expect(record.verifiedBy).toBe("codeMatched");
  });

  it("serve as the note that is required", async () => {
    expect((await ask({}, { proofs: [{ proof: "inPerson" }] })).status).toBe(200);
    expect(await refusal(await ask({}, { proofs: [] }, people.amara, people.eli))).toMatchObject({
      code: CODES.noteRequired,
    });
  });

  it("are in the export, with what they mean", async () => {
    await ask({}, { proofs: [{ proof: "videoCall", text: "Badge compared" }], because: "lost" });
    const csv = await (await person(people.tomas).get("/api/resets/export?format=csv")).text();
    expect(csv).toContain(
      `Video call (Whoever stated it says that they saw the person on a video call.), by ${people.amara}: Badge compared`,
    );
    const json = await (await person(people.tomas).get("/api/resets/export?format=jsonl")).text();
    expect(JSON.parse(json.split("\n")[0] ?? "")).toMatchObject({
      because: "lost",
      proofs: [{ proof: "videoCall", text: "Badge compared", meaning: expect.any(String) }],
    });
  });

  it("belong to the key: another proof is another request", async () => {
    const noor = await userId(people.noor);
    const amara = person(people.amara);
    const note = { reason: "Lost phone", proofs: [{ proof: "videoCall" }] };
    expect((await amara.reset(noor, "key-1", note)).status).toBe(200);
    expect((await amara.reset(noor, "key-1", note)).status).toBe(200);
    for (const other of [
      { ...note, proofs: [{ proof: "inPerson" }] },
      { ...note, because: "stolen" },
      { ...note, helpRequest: crypto.randomUUID() },
      { ...note, breakGlass: "No time" },
    ]) {
      expect(await refusal(await amara.reset(noor, "key-1", other))).toMatchObject({
        status: 422,
        code: CODES.keyInUse,
      });
    }
    expect(await sent()).toHaveLength(1);
  });
});

describe("what happened to the phone", () => {
  it.each([
    ["oldPhoneWorks", CODES.noResetNeeded, /device migration/],
    ["owner", CODES.supportOnly, /Fireblocks' support/],
  ])("may need something else than a reset: %s", async (because, code, sentence) => {
    const refused = await refusal(await ask({}, { verifiedBy: "Call", because }));
    expect(refused).toMatchObject({ status: 422, code, message: expect.stringMatching(sentence) });
    const told = await person(people.amara).get(`/api/users/${await userId(people.noor)}/demands?because=${because}`);
    expect(await refusal(told)).toMatchObject({ status: 422, code });
    expect(await sent()).toEqual([]);
  });

  it("is no word of one's own", async () =>
    expect((await ask({}, { verifiedBy: "Call", because: "eaten" })).status).toBe(400));

  it("must be said where a rule is about it: silence is no way around", async () => {
    const settings = rules({ when: { because: ["stolen"] }, demand: { forbid: true } });
    expect(await refusal(await ask(settings, { verifiedBy: "Call" }))).toMatchObject({
      status: 422,
      code: CODES.demandsUnmet,
      message: expect.stringContaining("what happened to the phone"),
    });
    expect(await refusal(await ask(settings, { verifiedBy: "Call", because: "stolen" }))).toMatchObject({
      code: CODES.forbidden,
    });
    expect((await ask(settings, { verifiedBy: "Call", because: "lost" })).status).toBe(200);
  });
});

describe("a request that lacks what is demanded", () => {
  it("is told what is missing, and nothing is recorded", async () => {
    const settings = rules({ demand: { proofs: ["inPerson", "videoCall"] } }, { demand: { proofs: ["calledBack"] } });
    const refused = await refusal(await ask(settings, { proofs: [{ proof: "videoCall" }] }));
    expect(refused).toMatchObject({ status: 422, code: CODES.demandsUnmet });
    expect(refused.message).toMatch(/Rule 1; Rule 2.*Still missing.*calledBack/);
    expect(refused.message).not.toMatch(/inPerson/);
    expect((await db.prepare("SELECT COUNT(*) AS n FROM resets").first<{ n: number }>())?.n).toBe(0);
    const both = [{ proof: "videoCall" }, { proof: "calledBack" }];
    expect((await ask(settings, { proofs: both })).status).toBe(200);
  });

  it("is not let through by another's free text", async () => {
    const settings = rules({ demand: { proofs: ["inPerson"] } });
    expect((await ask(settings, { verifiedBy: "inPerson" })).status).toBe(422);
  });

  it("is refused for a request for help that does not exist", async () => {
    const response = await ask({}, { verifiedBy: "Call", helpRequest: crypto.randomUUID() });
    expect(await refusal(response)).toMatchObject({ status: 422, code: CODES.unknownHelpRequest });
  });
});

describe("what a reset would need", () => {
  const settings = rules(
    { when: { roles: ["SIGNER", "ADMIN", "APPROVER", "NON_SIGNING_ADMIN"] }, demand: { proofs: ["inPerson"] } },
    { when: { because: ["stolen"] }, demand: { secondPerson: true, wait: { minutes: 60 } } },
  );
  const demands = async (query = "", email = people.amara, of = people.noor) =>
    person(email, settings).get(`/api/users/${await userId(of)}/demands${query}`);

  it("is told before, and is what is asked for afterwards", async () => {
    const lost = await (await demands("?because=lost")).json();
    expect(lost).toMatchObject({ secondPerson: false, waits: [], because: false, met: [], breakGlass: false });
    expect(await (await demands()).json()).toMatchObject({ because: true });
    const stolen = await (await demands("?because=stolen")).json();
    expect(stolen).toMatchObject({ secondPerson: true, waits: [{ minutes: 60 }] });
    const response = await ask(settings, { proofs: [{ proof: "inPerson" }], because: "stolen" });
    expect(response.status).toBe(202);
    expect(await person(people.priya).record(recordIdOf(response))).toMatchObject({
      state: "proposed",
      because: "stolen",
    });
  });

  it("is for resetters, of users that exist, and takes no other question", async () => {
    expect((await demands("", people.priya)).status).toBe(403);
    expect((await demands("?because=eaten")).status).toBe(400);
    expect((await demands("?role=VIEWER")).status).toBe(400);
    expect((await person(people.amara, settings).get("/api/users/nobody/demands")).status).toBe(404);
  });

  it("is counted over the others of the same person", async () => {
    const counting = rules({ when: { resetsOfPerson: { atLeast: 2, days: 30 } }, demand: { secondPerson: true } });
    const id = recordIdOf(await ask(counting, { verifiedBy: "Call" }));
    await db.prepare("UPDATE resets SET open = 0, closed_at = ?, state = 'completed'").bind(now).run();
    const read = async () =>
      (await person(people.amara, counting).get(`/api/users/${await userId(people.noor)}/demands`)).json();
    expect(await read()).toMatchObject({ secondPerson: true });
    now += 31 * 86_400_000;
    expect(await read()).toMatchObject({ secondPerson: false });
    expect(await person(people.priya).record(id)).toMatchObject({ demands: { secondPerson: false } });
  });
});

describe("a rule that counts", () => {
  const proof = { verifiedBy: "Call" };
  const many = rules({ when: { resetsInWorkspace: { atLeast: 3, hours: 24 } }, demand: { secondPerson: true } });

  it("counts requests of the same moment: of many at once the first two go, and the others are proposed", async () => {
    const { users } = (await (await person(people.amara).get("/api/users")).json()) as UserList;
    const asked = users.filter(({ role, blocked }) => role === "SIGNER" && blocked === undefined).slice(0, 6);
    expect(asked).toHaveLength(6);
    // Six isolates, which share nothing but the database.
    const answers = await Promise.all(
      asked.map(({ id }) => person(people.amara, many).reset(id, crypto.randomUUID(), { reason: "Lost", ...proof })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 202, 202, 202, 202]);
    expect(await sent()).toHaveLength(2);
    expect((await db.prepare("SELECT COUNT(*) AS n FROM resets").first<{ n: number }>())?.n).toBe(6);
  });

  it("counts what ended a moment before, and refuses where it lacks a proof by then, with nothing recorded", async () => {
    const third = rules({ when: { resetsOfPerson: { atLeast: 2, days: 90 } }, demand: { proofs: ["inPerson"] } });
    const earlier = async () => {
      await ask({}, proof, people.jonas);
      await db.prepare("UPDATE resets SET open = 0, closed_at = ?, state = 'completed'").bind(now).run();
    };
    const DB = faultyDatabase(db, cutting(/INSERT INTO resets/, earlier));
    expect(await refusal(await ask({ ...third, DB }, proof))).toMatchObject({ status: 422, code: CODES.demandsUnmet });
    expect((await db.prepare("SELECT asked_by FROM resets").all()).results).toEqual([{ asked_by: people.jonas }]);
    expect(await sent()).toHaveLength(1);
  });

  it("is no reason for another one than what it counts", async () => {
    const DB = faultyDatabase(
      db,
      cutting(/INSERT INTO resets/, () => ask({}, proof, people.jonas, people.eli)),
    );
    expect((await ask({ ...many, DB }, proof)).status).toBe(200);
  });
});

describe("an alarm", () => {
  it("that is raised while a reset is being recorded demands a second person all the same", async () => {
    const alarm = async () =>
      expect((await person(people.noor).post("/api/me/alarm", { text: "Not me" })).status).toBeLessThan(300);
    const DB = faultyDatabase(db, cutting(/INSERT INTO resets/, alarm));
    expect((await ask({ DB }, { verifiedBy: "Call" })).status).toBe(202);
    expect(await sent()).toEqual([]);
  });
});

describe("a release", () => {
  const propose = async () =>
    recordIdOf(
      await ask(rules({ demand: { secondPerson: true } }), { proofs: [{ proof: "other", text: "He said so" }] }),
    );
  const stricter = rules({ demand: { secondPerson: true, proofs: ["inPerson", "videoCall"] } });
  const release = (id: string, body?: object, settings = stricter) =>
    person(people.jonas, settings).post(`/api/resets/${id}/release`, body);

  it("does not make up for a proof that the policy has come to demand since, and tells who can bring it", async () => {
    const id = await propose();
    const refused = await refusal(await release(id));
    expect(refused).toMatchObject({ status: 409, code: CODES.demandsUnmet });
    expect(refused.message).toMatch(/Whoever releases it can state/);
    expect(await refusal(await release(id, { proofs: [{ proof: "calledBack" }] }))).toMatchObject({ status: 409 });
    expect(await sent()).toEqual([]);
  });

  it("brings with it what whoever releases has verified themselves", async () => {
    const id = await propose();
    expect((await release(id, { proofs: [{ proof: "videoCall", text: "Badge compared" }] })).status).toBe(200);
    const { proofs, events } = await person(people.priya).record(id);
    expect(proofs).toMatchObject([
      { proof: "other", by: people.amara },
      { proof: "videoCall", text: "Badge compared", by: people.jonas, at: now },
    ]);
    expect(events?.find(({ event }) => event === "released")?.detail).toMatchObject({ proofs: "videoCall" });
  });

  it("brings nothing that only the worker can see, and states nothing where it is refused", async () => {
    const id = await propose();
    for (const proofs of [[{ proof: "codeMatched" }], [{ proof: "other" }], "videoCall"]) {
      expect((await release(id, { proofs })).status).toBe(400);
    }
    const proofs = [{ proof: "videoCall" }];
    expect((await person(people.amara, stricter).post(`/api/resets/${id}/release`, { proofs })).status).toBe(403);
    const manager = rules({ demand: { secondPerson: true, proofs: ["managerConfirmed"] } });
    const refused = await refusal(await release(id, { proofs }, manager));
    expect(refused.message).not.toMatch(/Whoever releases it can state/);
    expect((await person(people.priya).record(id)).proofs).toHaveLength(1);
    expect(await sent()).toEqual([]);
  });
});
