// A workspace in which much has happened, for screenshots: resets in each state, made the way they come about.

/** @typedef {import("../stack.mjs").Stack} Stack */

const AMARA = "amara.lindqvist@northwind.example";
const JONAS = "jonas.weber@northwind.example";
const PRIYA = "priya.nair@northwind.example";
const ELI = "eli.brandt@northwind.example";

/** The settings with which {@link fillWorkspace} leaves the worker. */
export const SECOND_PERSON = { REQUIRE_SECOND_PERSON: "true" };

/** A policy that asks for all that one can ask for, and somebody who may pass it over. */
export const POLICY = {
  POLICY: JSON.stringify([
    {
      name: "Everybody",
      demand: {
        proofs: ["inPerson", "videoCall"],
        secondPerson: true,
        wait: { minutes: 60, with: { inPerson: 15 } },
      },
    },
    { name: "Stolen phones", when: { because: ["stolen"] }, demand: { proofs: ["calledBack"] } },
  ]),
  BREAK_GLASS: "amara.lindqvist@northwind.example",
};

export const NOTES = [
  { verifiedBy: "Video call, compared with the badge photo", reason: "Phone lost on a train", reference: "IT-20418" },
  {
    verifiedBy: "In person at the Zurich office",
    reason: "New phone, the old one was handed in",
    reference: "IT-20397",
  },
  { verifiedBy: "Call back on the number from the HR system", reason: "App deleted by mistake", reference: "IT-20371" },
  {
    verifiedBy: "Video call with the team lead present",
    reason: "Fingerprint changed, the app locked itself",
    reference: "IT-20366",
  },
];

/** How often the worker is made to look for what has come about, and the pauses between. */
const LOOKS = 240;
const LOOK_PAUSE_MS = 250;

/** Speaks to the worker as a person, and to the simulator's control. */
export class Actor {
  /** @param {Stack} stack */
  constructor(stack) {
    this.stack = stack;
  }

  /** @param {string} path @param {string} method @param {unknown} [body] */
  async control(path, method = "GET", body) {
    const response = await fetch(`${this.stack.simulator.controlUrl}/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** A sign-in's token. @param {string} email @returns {Promise<string>} */
  async token(email) {
    return (await this.control("access/token", "POST", { email })).token;
  }

  /** @param {string} email @param {string} path @param {{ method?: string, body?: unknown, headers?: Record<string, string> }} [options] */
  async ask(email, path, { method = "GET", body, headers = {} } = {}) {
    const response = await fetch(this.stack.url + path, {
      method,
      headers: {
        Cookie: `CF_Authorization=${await this.token(email)}`,
        Origin: this.stack.url,
        "Content-Type": "application/json",
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  /** @param {string} email @param {string} userId @param {object} note @returns {Promise<string>} the record's id */
  async reset(email, userId, note) {
    const path = `/v1/management/users/${userId}/reset_device`;
    const { status, headers, body } = await this.ask(email, path, {
      method: "POST",
      body: note,
      headers: { "Idempotency-Key": crypto.randomUUID() },
    });
    const recordId = headers.get("X-Reset-Record") ?? body?.recordId;
    if (!recordId) throw new Error(`The reset left no record: ${status} ${JSON.stringify(body)}`);
    return recordId;
  }
}

/**
 * @typedef {object} Workspace
 * @property {Record<string, string>} records the ids of the records, by what became of them
 * @property {User} admin an admin who does not sign, and has no open reset
 * @property {User} signer one who can sign and is no admin, and has no open reset
 * @property {User[]} people others without an open reset, who have no role here: each for other states of a request for help
 * @property {Actor} actor speaks as any of them
 */

/** @typedef {import("fireblocks-reset-device/gateway-api").UserRow} User */

/**
 * Makes resets in every state. The stack must run with `approveAfter: null` and `APPROVALS_CHECK` as it is by default; in
 * the end it asks for a second person.
 *
 * @param {Stack} stack
 * @returns {Promise<Workspace>}
 */
export async function fillWorkspace(stack) {
  const actor = new Actor(stack);
  await actor.control("settings", "PATCH", { pairAfterSeconds: null, setupAfterSeconds: null });
  /** @type {User[]} */
  const users = (await actor.ask(AMARA, "/api/users")).body.users;
  const eligible = users.filter(
    (user) => !user.blocked && !user.warning && user.email !== JONAS && user.status === "READY",
  );
  const noor = eligible.find(({ email }) => email?.startsWith("noor.haddad"));
  /** @param {string} role */
  const withRole = (role) => {
    const found = eligible.find((user) => user.role === role && user !== noor);
    if (found === undefined) throw new Error(`The workspace has no ${role} for the pictures.`);
    return found;
  };
  const [admin, signer] = [withRole("NON_SIGNING_ADMIN"), withRole("SIGNER")];
  const rest = eligible.filter((user) => user !== noor && user !== admin && user !== signer);
  const next = () => {
    const user = rest.shift();
    if (user === undefined) throw new Error("The workspace has too few users for the pictures.");
    return user;
  };
  let turn = 0;
  const note = () => NOTES[turn++ % NOTES.length] ?? {};
  /** @type {Record<string, string>} */
  const records = {};

  /** @param {string} userId @param {string} decision */
  const decide = async (userId, decision) => {
    const { approvals } = await actor.control(`approvals?userId=${userId}`);
    await actor.control(`approvals/${approvals.at(-1).id}/${decision}`, "POST");
  };
  const advance = (/** @type {string} */ userId) => actor.control(`users/${userId}/advance`, "POST");

  /** Lets the worker look until it has seen the state, so that the story has a time for it. @param {string} id @param {string} state */
  const seen = async (id, state) => {
    for (let look = 0; look < LOOKS; look++) {
      await stack.runScheduled();
      if ((await actor.ask(AMARA, `/api/resets/${id}`)).body.state === state) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_PAUSE_MS));
    }
    throw new Error(`The worker did not see that the reset is ${state}.`);
  };

  /** @type {[string, [step: string, seen: string][]][]} */
  const stories = [
    [
      "completed",
      [
        ["approve", "awaitingPairing"],
        ["advance", "awaitingSetup"],
        ["advance", "completed"],
      ],
    ],
    ["rejected", [["reject", "rejected"]]],
    [
      "awaitingSetup",
      [
        ["approve", "awaitingPairing"],
        ["advance", "awaitingSetup"],
      ],
    ],
    ["awaitingPairing", [["approve", "awaitingPairing"]]],
  ];
  for (const [name, steps] of stories) {
    const user = next();
    const id = await actor.reset(name === "rejected" ? JONAS : AMARA, user.id, note());
    records[name] = id;
    // The worker has to see the request wait: one that was decided on before is not known as this record's.
    await stack.runScheduled();
    for (const [step, state] of steps) {
      if (step === "advance") await advance(user.id);
      else await decide(user.id, step);
      await seen(id, state);
    }
  }

  const refused = next();
  await actor.control("faults", "POST", {
    match: { operation: "resetDevice", userId: refused.id },
    status: 403,
    body: JSON.stringify({ error: { type: "AUTHORIZATION", message: "Lacking permissions." } }),
  });
  records.refused = await actor.reset(AMARA, refused.id, note());

  /** Asks for a reset to which Fireblocks never gives a clear answer. @param {boolean} effect whether it was filed */
  const unanswered = async (effect) => {
    const user = next();
    await actor.control("faults", "POST", {
      match: { operation: "resetDevice", userId: user.id },
      times: 3,
      status: 500,
      effect,
      body: "",
    });
    return actor.reset(AMARA, user.id, note());
  };
  /** @param {string} email @param {string} recordId @param {string} decision @param {object} [body] */
  const decideAs = async (email, recordId, decision, body = {}) => {
    const { status } = await actor.ask(email, `/api/resets/${recordId}/${decision}`, { method: "POST", body });
    if (status >= 300) throw new Error(`The reset could not be decided by ${decision}: ${status}`);
  };
  records.unknown = await unanswered(true);
  records.settled = await unanswered(false);
  await decideAs(JONAS, records.settled, "settle", {
    reason: "No approval request in the Console, and the audit log has no row for it.",
  });

  // The last of all, so that everybody else stays where they are.
  const late = rest.pop() ?? next();
  records.expired = await actor.reset(AMARA, late.id, note());
  await stack.runScheduled();
  await decide(late.id, "expire");
  await seen(records.expired, "expired");

  records.approvalRequested = await actor.reset(AMARA, noor?.id ?? next().id, NOTES[0] ?? {});

  /** What somebody tries who may not. @param {string} email @param {string} path */
  const tries = async (email, path) => {
    const { status } = await actor.ask(email, path, { method: "POST", body: NOTES[0] });
    if (status < 400) throw new Error(`${email} may do what was to be refused: ${path}`);
  };
  const resetOf = (/** @type {string | undefined} */ userId) => `/v1/management/users/${userId}/reset_device`;
  const own = (/** @type {string} */ email) => users.find((user) => user.email === email)?.id;
  const owner = users.find(({ role }) => role === "OWNER")?.id;
  for (let times = 0; times < 4; times++) await tries(ELI, resetOf(noor?.id));
  await tries(AMARA, resetOf(own(AMARA)));
  await tries(PRIYA, `/api/resets/${records.unknown}/settle`);
  await tries(JONAS, resetOf(owner));
  await tries(ELI, "/api/resume");
  await tries(JONAS, resetOf("00000000-0000-0000-0000-000000000000"));

  await stack.restartWorker({ vars: { ...SECOND_PERSON, ...POLICY } });
  const proven = () => ({
    reason: "Phone lost on a train",
    because: "lost",
    proofs: [{ proof: "videoCall", text: "Badge compared with the photo" }],
  });
  records.waiting = await actor.reset(AMARA, next().id, proven());
  await decideAs(JONAS, records.waiting, "release");
  records.proposedToWait = await actor.reset(JONAS, next().id, proven());
  records.emergency = await actor.reset(AMARA, next().id, {
    breakGlass: "The payroll leaves in ten minutes, and nobody else can approve it.",
  });
  await stack.restartWorker({ vars: SECOND_PERSON });
  records.released = await actor.reset(JONAS, next().id, note());
  await decideAs(AMARA, records.released, "release");
  records.proposed = await actor.reset(JONAS, next().id, note());
  records.ownProposal = await actor.reset(AMARA, next().id, note());

  const people = rest.filter(({ role }) => role === "SIGNER").slice(0, 6);
  return { records, admin, signer, people, actor };
}
