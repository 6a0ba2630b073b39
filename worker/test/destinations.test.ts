import { Webhook } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { Mailbox } from "./setup/mailbox";
import { cleanWorld, db, gateway, note, people, recordIdOf, type Settings, simulator, userId } from "./setup/world";

let now: number;
const secret = `whsec_${btoa("0123456789abcdef0123456789abcdef")}`;
const SOC = "soc@northwind.example";

beforeEach(async () => {
  await cleanWorld();
  now = Date.now();
});

interface Taken {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Receivers at `*.chat.example`, each with an answer of its own. */
function receivers(answers: Record<string, () => Response> = {}) {
  const taken: Taken[] = [];
  const receive = (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const { hostname } = new URL(request.url);
    if (!hostname.endsWith(".chat.example")) return fetch(request);
    const answer = answers[hostname]?.() ?? new Response("ok");
    taken.push({ url: request.url, headers: Object.fromEntries(request.headers), body: await request.text() });
    return answer;
  }) as typeof fetch;
  const at = (host: string) => taken.filter(({ url }) => new URL(url).hostname === host);
  return { at, options: { now: () => now, fetch: receive } };
}

const destinations = (...list: object[]) => ({
  DESTINATIONS: JSON.stringify(list),
  PUBLIC_URL: "https://resets.example",
});
const text = (name: string, more: object = {}) => ({
  ...{ kind: "text", name, url: `https://${name}.chat.example/services/T0/SECRETPART` },
  ...more,
});

async function ask(settings: Settings, options: object): Promise<string> {
  const amara = gateway(settings, options).as({ email: people.amara });
  const id = recordIdOf(await amara.reset(await userId(people.noor)));
  await amara.world.settled();
  now += 1_000;
  return id;
}

describe("several destinations at once", () => {
  it("are each told in their own form, signed where that is the form", async () => {
    const mailbox = new Mailbox();
    const { at, options } = receivers();
    const settings = {
      ...mailbox.settings,
      ...destinations(
        text("one"),
        { kind: "standard-webhook", name: "two", url: "https://two.chat.example/in", secret },
        { kind: "email", name: "soc", to: [SOC, "SOC2@northwind.example"] },
      ),
    };
    const id = await ask(settings, options);
    await gateway(settings, options).sweep();

    const [plain] = at("one.chat.example").map(({ body }) => JSON.parse(body));
    expect(Object.keys(plain)).toEqual(["text"]);
    expect(plain.text).toMatch(/^\(local\) Reset of Noor Haddad: on its way to Fireblocks\. Asked for by amara/);
    expect(plain.text).toMatch(new RegExp(`https://resets\\.example/resets/${id}$`));
    for (const { body, headers } of at("two.chat.example")) {
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ data: { recordId: id } });
    }
    for (const address of [SOC, "soc2@northwind.example"]) {
      expect(mailbox.to(address).map(({ subject }) => subject)).toEqual([
        "(local) Reset of Noor Haddad: on its way to Fireblocks",
        "(local) Reset of Noor Haddad: accepted by Fireblocks, and waits for the approvers",
      ]);
      expect(mailbox.to(address)[0]?.text).toContain(`https://resets.example/resets/${id}`);
    }
  });

  it("are each told what they want, and nothing else", async () => {
    const { at, options } = receivers();
    const settings = destinations(
      text("all"),
      text("ends", { events: ["reset.approvalRequested", "reset.completed"] }),
      text("alarms", { events: ["alarm.*"] }),
      text("none", { events: [] }),
    );
    await ask(settings, options);
    const noor = gateway(settings, options).as({ email: people.noor });
    await noor.post("/api/me/alarm", { text: "Somebody called me." });
    await noor.world.settled();
    await gateway(settings, options).sweep();
    const told = (host: string) => at(`${host}.chat.example`).length;
    expect({ all: told("all"), ends: told("ends"), alarms: told("alarms"), none: told("none") }).toEqual({
      ...{ all: 3, ends: 1, alarms: 1, none: 0 },
    });
  });

  it("do not wait for one that fails, however much has piled up for it", async () => {
    const { at, options } = receivers({ "dead.chat.example": () => new Response("no", { status: 500 }) });
    const settings = destinations(text("dead"), text("alive"));
    // A hundred older messages of the dead one's are due before anything of the other's.
    const pile = Array.from({ length: 100 }, (_, index) =>
      db
        .prepare(
          `INSERT INTO outbox (id, reset_id, destination, created_at, next_attempt_at, body)
           VALUES (?1, 'r', 'dead', ?2, ?2, '{"text":"old"}')`,
        )
        .bind(`old-${index}`, now - 3_600_000),
    );
    await db.batch(pile);
    await ask(settings, options);
    await gateway(settings, options).sweep();
    expect(at("alive.chat.example")).toHaveLength(2);
    const waiting = await db
      .prepare("SELECT COUNT(*) AS n FROM outbox WHERE destination = 'dead' AND delivered_at IS NULL")
      .first<{ n: number }>();
    expect(waiting?.n).toBe(102);
  });

  it("that were taken away lose their messages after three days, and no others do", async () => {
    const { at, options } = receivers({ "stays.chat.example": () => new Response("no", { status: 500 }) });
    const id = await ask(destinations(text("gone"), text("stays")), options);
    now += 3 * 86_400_000 + 60_000;
    await gateway(destinations(text("stays")), options).sweep();
    const left = await db.prepare("SELECT DISTINCT destination FROM outbox WHERE given_up_at IS NULL").all();
    expect(left.results).toEqual([{ destination: "stays" }]);
    expect(at("gone.chat.example")).toEqual([]);
    const { events = [] } = await gateway({}, options)
      .as({ email: people.priya, expiresIn: 9 * 86_400 })
      .record(id);
    expect(events.filter(({ event }) => event === "notTold")).toHaveLength(2);
  });

  it("that a person was taken off do not write to that person any more", async () => {
    const mailbox = new Mailbox();
    mailbox.failure = new Error("not now");
    const { options } = receivers();
    const list = (...to: string[]) => ({ ...mailbox.settings, ...destinations({ kind: "email", name: "soc", to }) });
    await ask(list(SOC, people.tomas), options);
    await gateway(list(SOC, people.tomas), options).sweep();
    mailbox.failure = undefined;
    now += 3_600_000;
    await gateway(list(SOC), options).sweep();
    expect(mailbox.to(SOC).length).toBeGreaterThan(0);
    expect(mailbox.to(people.tomas)).toEqual([]);
  });
});

it("a mail's subject says what happened, also to somebody whose name has dots", async () => {
  const mailbox = new Mailbox();
  const { options } = receivers();
  const settings = { ...mailbox.settings, ...destinations({ kind: "email", name: "soc", to: [SOC] }) };
  await ask(settings, { ...options, fetch: renaming(options.fetch, "Dr. Noor M.") });
  await gateway(settings, options).sweep();
  expect(mailbox.to(SOC)[0]?.subject).toBe("(local) Reset of Dr. Noor M. Haddad: on its way to Fireblocks");
});

describe("messages hold no secret", () => {
  it("nor what somebody wrote in confidence, and the log names no address", async () => {
    const mailbox = new Mailbox();
    const { at, options } = receivers({ "chat.chat.example": () => new Response("no", { status: 404 }) });
    const settings = {
      ...mailbox.settings,
      ...destinations(text("chat"), { kind: "email", name: "soc", to: [SOC] }),
      ALERT_TO: SOC,
    };
    const world = gateway(settings, options);
    const amara = world.as({ email: people.amara });
    const key = `secret-key-${crypto.randomUUID().slice(0, 8)}`;
    const id = recordIdOf(await amara.reset(await userId(people.noor), key));
    await world.as({ email: people.noor }).post(`/api/me/resets/${id}/stop`, {});
    await world.as({ email: people.noor }).post("/api/me/alarm", { text: "In confidence: my neighbour." });
    await world.settled();
    await world.sweep();
    const { upstreamKey } = await world.as({ email: people.priya }).record(id);
    const bodies = (await db.prepare("SELECT body FROM outbox").all<{ body: string }>()).results.map(
      ({ body }) => body,
    );
    const told = JSON.stringify([bodies, mailbox.taken, at("chat.chat.example").map(({ body }) => body)]);
    expect(bodies.length).toBeGreaterThan(6);
    for (const kept of [key, upstreamKey, simulator.apiKey, "neighbour", "SECRETPART", await amara.token]) {
      expect(told).not.toContain(kept);
    }
    // The person alone reads why it was asked for, in their own mail.
    const toOthers = JSON.stringify([mailbox.to(SOC), at("chat.chat.example").map(({ body }) => body)]);
    for (const word of Object.values(note)) expect(toOthers).not.toContain(word);
    expect(JSON.stringify(world.log)).not.toMatch(/SECRETPART|soc@|noor\.haddad/);
  });

  it("and what a name holds becomes no link and no mention", async () => {
    const { at, options } = receivers();
    const settings = destinations(text("chat"));
    const name = "<!channel> [Reset](https://evil.example)\nBcc: x, www.evil.example @here";
    const named = { ...options, fetch: renaming(options.fetch, name) };
    await ask(settings, named);
    await gateway(settings, options).sweep();
    const { text: told } = JSON.parse(at("chat.chat.example")[0]?.body ?? "{}");
    const [sentence] = told.split(" https://");
    expect(sentence).not.toMatch(/[<>[\]\n]|:\/\/|evil\.example|@here/);
    expect(sentence).toMatch(/Asked for by amara\.lindqvist@northwind\.example/);
  });
});

/** The real network, but that everybody's first name is another. */
function renaming(network: typeof fetch, firstName: string): typeof fetch {
  return (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input as RequestInfo, init);
    const response = await network(request);
    if (!new URL(request.url).pathname.endsWith("/management/users")) return response;
    const body = (await response.json()) as { users: object[] };
    return Response.json({ users: body.users.map((user) => ({ ...user, firstName })) });
  }) as typeof fetch;
}
