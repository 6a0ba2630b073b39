// Every state in which a person can find the page, and how one gets there: for the pictures, and for the tests that
// look at each. It is long as a list is: one entry for each state, in the order of the screens.

import { protestStates } from "./protest-states.mjs";
import { todoStates } from "./todo-states.mjs";
import { Actor, NOTES, POLICY, SECOND_PERSON } from "./workspace.mjs";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./workspace.mjs").User} User */
/** @typedef {import("./workspace.mjs").Workspace} Workspace */

/**
 * @typedef {object} State
 * @property {string | ((workspace: Workspace) => string)} path
 * @property {string | null | ((workspace: Workspace) => string)} [person] who looks; null: nobody is signed in. Default: an admin who may ask for resets
 * @property {Record<string, string>} [settings] the worker's, where they are not those of the filled workspace
 * @property {(page: Page, workspace: Workspace, origin: string) => Promise<unknown>} [arrange] what is arranged before the
 *   page is opened
 * @property {(page: Page, workspace: Workspace) => Promise<unknown>} [reach] what the person does there
 * @property {(page: Page) => import("@playwright/test").Locator} shows what is seen in this state and in no state before it
 * @property {boolean} [full] whether the picture shows the page to its end
 */

const AMARA = "amara.lindqvist";
const JONAS = "jonas.weber";
const AUDITOR = "tomas.herrera";
const NOOR = "noor.haddad";
/** A user of the workspace without a role here, and without a device. */
const EDITOR = "eli.brandt";
/** No user of the workspace. */
const NOBODY = "robin.stranger";

/** The list of users. By “/” alone whoever has something to do is led to it. */
export const USERS_LIST = "/?q=";

const RESETS = "**/v1/management/users/*/reset_device";
const SESSION = "**/api/session";
const USERS = "**/api/users";

/** @param {Workspace} workspace @param {string} name */
const recordPath = ({ records }, name) => `/resets/${records[name]}`;

/** @param {string} name @returns {(page: Page) => import("@playwright/test").Locator} */
const heading = (name) => (page) => page.getByRole("heading", { name }).first();

/** @param {string} text @returns {(page: Page) => import("@playwright/test").Locator} */
const words = (text) => (page) => page.getByText(text).first();

/** Who paused all resets, when and why. */
const PAUSE = {
  at: Date.now() - 12 * 60_000,
  by: "jonas.weber@northwind.example",
  reason: "A laptop of one of the admins was stolen this morning. Nobody resets anything until we know more.",
};

/** What a reset leaves of admins and signers. */
const QUORUM = { admins: { ready: 4, left: 3 }, signers: { ready: 21, left: 21 } };

/** The worker's own words for a second admin's reset beside another's. */
const TOO_FEW_ADMINS =
  "This reset would leave fewer than 4 admins with a device while another admin's reset is open: the workspace might be left with too few to approve anything. Nothing was sent. See the other one through first, or end it.";

/** A proposal for which a proof is awaited: the manager's, or that of whoever releases it. */
const LACKING = {
  proofs: [],
  demands: {
    rules: ["Everybody"],
    proofs: [["managerConfirmed", "inPerson", "videoCall", "other"]],
    secondPerson: true,
    waits: [{ minutes: 60, with: { inPerson: 15 } }],
    because: false,
  },
};

/** @param {Page} page */
const usersShown = (page) => page.getByRole("grid", { name: "Users" });

/** Changes what the worker says of the session. @param {Page} page @param {object} change */
const changeSession = (page, change) =>
  page.route(SESSION, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...change } });
  });

/** Tells of a record with other facts. @param {Page} page @param {string | undefined} id @param {object | ((record: any) => object)} facts */
const changeRecord = (page, id, facts) =>
  page.route(`**/api/resets/${id}`, async (route) => {
    const response = await route.fetch();
    const record = await response.json();
    await route.fulfill({ response, json: { ...record, ...(typeof facts === "function" ? facts(record) : facts) } });
  });

/** What is told of a reset whose request was not found among the approvals. @param {{ events: { event: string, source: string, detail?: object }[] }} record */
const onlySuggested = ({ events }) => ({
  evidence: "suggested",
  events: events
    .filter(({ event }) => event !== "approved")
    .map((event) =>
      event.source === "userStatus" ? { ...event, detail: { ...event.detail, evidence: "suggested" } } : event,
    ),
});

/** Tells of other demands. @param {Page} page @param {object} demands */
const changeDemands = (page, demands) =>
  page.route("**/api/users/*/demands*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...demands } });
  });

/** The requests that are held, by page. @type {WeakMap<Page, import("@playwright/test").Route[]>} */
const held = new WeakMap();

/** Lets requests leave the page and never answers them. @param {Page} page @param {string} address */
const hold = (page, address) =>
  page.route(address, (route) => {
    held.set(page, [...(held.get(page) ?? []), route]);
  });

/** Ends a page and what it has held, which would go on to the worker where the page is only closed. @param {Page} page */
export async function leave(page) {
  // Nothing of the page's is left to look into why its request has failed.
  await page.goto("about:blank");
  await Promise.allSettled((held.get(page) ?? []).map((route) => route.abort()));
  // What still waits for the worker's answer to change it is not to fail whatever is looked at next.
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.close();
}

/** The worker's own words for a Fireblocks that does not do what it should. @param {Page} page @param {number} status @param {string} type @param {string} message */
async function failFireblocks(page, status, type, message) {
  const problem = { message, code: 1505, error: { type, message }, outcome: "refused" };
  await changeSession(page, { workspace: undefined, problem });
  await page.route(USERS, (route) => route.fulfill({ status, json: problem }));
}

/** A request that this browser confirmed a while ago, of which no answer came. @param {Page} page @param {User} user @param {string} origin */
async function leaveRequestOpen(page, user, origin) {
  const { actor } = await (await page.request.get(`${origin}/api/session`)).json();
  const sentAt = Date.now() - 60_000;
  const intent = {
    userId: user.id,
    userName: `${user.firstName} ${user.lastName}`,
    userEmail: user.email,
    askedBy: actor,
    idempotencyKey: "5f8c1b52-6f0e-4c62-9a3e-0d5b8b9f1c07",
    note: NOTES[0],
    confirmedAt: sentAt,
    sentAt,
  };
  await page.addInitScript((kept) => {
    localStorage.setItem(
      `reset-device/intent/${encodeURIComponent(kept.askedBy)}/${kept.userId}`,
      JSON.stringify(kept),
    );
  }, intent);
}

/** The dialog's button, whose words depend on whether a second person is asked for. @param {Page} page */
export const confirmButton = (page) => page.getByRole("button", { name: /^(Request|Propose) the reset$/ });

/** Fills what the dialog asks for. @param {Page} page @param {Pick<User, "email">} user @param {{ verifiedBy?: string, reason?: string, reference?: string }} [note] */
export async function fillDialog(page, { email }, note = NOTES[0]) {
  await page.getByLabel(/in your own words/i).fill(note?.verifiedBy ?? "");
  await page.getByLabel(/why is the reset needed/i).fill(note?.reason ?? "");
  await page.getByLabel(/ticket or reference/i).fill(note?.reference ?? "");
  await page.getByLabel(`Type ${email} to confirm`).fill(email ?? "");
}

/** The part of an address that is a person's own. @param {User | undefined} user */
const localPart = (user) => (user?.email ?? "").split("@")[0] ?? "";

/** The code of each person's newest request for help, and how it was made. @type {Map<string, { digits: string, made: string | undefined }>} */
const given = new Map();

/**
 * Has one of the people ask for help anew, and takes it to a state by the same requests that the pages make.
 *
 * @param {Workspace} workspace @param {number} which @param {("wrong" | "match" | "confirm" | "deny")[]} steps
 */
async function askForHelp({ people, actor }, which, steps = []) {
  const person = people[which]?.email ?? "";
  // Nobody may type many wrong codes within an hour: such a request is made once.
  const made = steps.includes("wrong") ? steps.join() : undefined;
  if (made !== undefined && given.get(person)?.made === made) return;
  /** @param {string} email @param {string} path @param {object} [body] */
  const post = (email, path, body = {}) => actor.ask(email, path, { method: "POST", body });
  await post(person, "/api/me/help/cancel");
  const asked = await post(person, "/api/me/help", { because: "lost", text: "I am at my desk until five." });
  if (asked.status !== 200)
    throw new Error(`No help could be asked for: ${asked.status} ${JSON.stringify(asked.body)}`);
  const { id, digits } = asked.body;
  given.set(person, { digits, made });
  const wrong = String((Number(digits) + 1) % 1_000_000).padStart(6, "0");
  for (const step of steps) {
    if (step === "match") await post(`${AMARA}@northwind.example`, `/api/help/${id}/match`, { code: digits });
    else if (step === "wrong") await post(`${JONAS}@northwind.example`, `/api/help/${id}/match`, { code: wrong });
    else await post(person, `/api/me/help/${step}`);
  }
}

/** Opens one of the people's request for help, as whoever helps. @param {Page} page @param {Workspace} workspace @param {number} which */
async function openHelp(page, { people }, which) {
  const person = people[which];
  await page.getByRole("link", { name: `${person?.firstName} ${person?.lastName}` }).click();
}

/** What a manager is asked. */
const CONFIRMATION = {
  recordId: "8f5d2a1c-6f0e-4c62-9a3e-0d5b8b9f1c07",
  state: "asked",
  userName: "Elena Dahl",
  userEmail: "elena.dahl@northwind.example",
  askedBy: `${AMARA}@northwind.example`,
  askedAt: Date.UTC(2026, 10, 28, 9, 30),
  reason: "Phone lost on a train",
  because: "lost",
};

/** A state of one's own screen. @param {number} which @param {Parameters<typeof askForHelp>[2]} steps @param {State["shows"]} shows @returns {State} */
const ownState = (which, steps, shows) => ({
  path: "/me",
  person: ({ people }) => localPart(people[which]),
  arrange: (_, workspace) => askForHelp(workspace, which, steps),
  shows,
  full: true,
});

/** A state of the helper's screen. @param {number} which @param {Parameters<typeof askForHelp>[2]} steps @param {State["shows"]} shows @returns {State} */
const helperState = (which, steps, shows) => ({
  path: "/queue",
  arrange: (_, workspace) => askForHelp(workspace, which, steps),
  reach: (page, workspace) => openHelp(page, workspace, which),
  shows,
});

/** @param {Workspace} workspace */
const dialogPath = ({ admin }) => `/?reset=${admin.id}`;

/** @param {Page} page @param {Workspace} workspace */
async function chooseUserOfButton(page, { admin }) {
  await page.getByLabel("User id").fill(admin.id);
  await page.getByRole("button", { name: "Reset mobile device" }).waitFor();
}

/** @type {Record<string, State>} */
export const states = {
  "signed-out": { path: "/", person: null, shows: (page) => page.getByText(/sign(ed)? (in|out)/i).first() },
  "no-role": { path: "/", person: NOBODY, shows: heading("You have no role here") },
  "session-ended": {
    path: USERS_LIST,
    reach: async (page) => {
      await usersShown(page).waitFor();
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Read again" }).click();
    },
    shows: words("Your session has ended."),
  },
  account: {
    path: USERS_LIST,
    reach: (page) => page.getByRole("button", { name: /^Account/ }).click(),
    shows: (page) => page.getByRole("link", { name: "Sign out" }),
  },
  production: {
    path: USERS_LIST,
    arrange: (page) => changeSession(page, { environment: "production" }),
    shows: (page) => page.getByRole("region", { name: "Environment" }).getByText("Production"),
  },
  sandbox: {
    path: USERS_LIST,
    arrange: (page) => changeSession(page, { environment: "sandbox" }),
    shows: (page) => page.getByRole("region", { name: "Environment" }).getByText("Sandbox"),
  },
  paused: {
    path: USERS_LIST,
    settings: { RESETS_PAUSED: "true" },
    reach: (page) => usersShown(page).waitFor(),
    shows: words("Resets are paused."),
  },
  "paused-by-person": {
    path: USERS_LIST,
    person: AUDITOR,
    arrange: (page) => changeSession(page, { resetsPaused: true, pause: PAUSE }),
    reach: (page) => usersShown(page).waitFor(),
    shows: (page) => page.getByRole("button", { name: "Resume resets…" }),
  },
  "pause-form": {
    path: USERS_LIST,
    reach: async (page) => {
      await page.getByRole("button", { name: /^Account/ }).click();
      await page.getByRole("button", { name: "Pause all resets…" }).click();
    },
    shows: (page) => page.getByLabel("Why are resets paused?"),
  },
  "resume-form": {
    path: USERS_LIST,
    person: AUDITOR,
    arrange: (page) => changeSession(page, { resetsPaused: true, pause: PAUSE }),
    reach: (page) => page.getByRole("button", { name: "Resume resets…" }).click(),
    shows: (page) => page.getByRole("dialog", { name: "Resume resets?" }),
  },

  users: { path: USERS_LIST, shows: usersShown },
  "users-found": { path: "/?q=haddad", shows: (page) => page.getByRole("row", { name: /Haddad/ }).first() },
  "users-nobody": { path: "/?q=nobody+like+this", shows: heading("Nobody found") },
  "users-loading": {
    path: USERS_LIST,
    arrange: (page) => hold(page, USERS),
    shows: (page) => page.locator("users-screen .waiting"),
  },
  "users-stale": {
    path: USERS_LIST,
    reach: async (page) => {
      await usersShown(page).waitFor();
      await page.route(USERS, (route) => route.abort());
      await page.getByRole("button", { name: "Read again" }).click();
    },
    shows: heading("This service cannot be reached"),
  },
  "key-refused": {
    path: USERS_LIST,
    arrange: (page) =>
      failFireblocks(
        page,
        500,
        "AUTHENTICATION",
        "Fireblocks does not let this gateway read: Unauthorized: JWT is missing or invalid.",
      ),
    shows: heading("Fireblocks refuses this service's key"),
  },
  "fireblocks-unreachable": {
    path: USERS_LIST,
    arrange: (page) =>
      failFireblocks(page, 502, "INTERNAL", "The list of users could not be read. Fireblocks could not be reached."),
    shows: heading("Fireblocks cannot be reached"),
  },
  shortcuts: {
    path: USERS_LIST,
    reach: async (page) => {
      await usersShown(page).waitFor();
      await page.keyboard.press("?");
    },
    shows: (page) => page.getByRole("dialog", { name: "Keyboard shortcuts" }),
  },

  dialog: { path: dialogPath, shows: confirmButton },
  "dialog-signer": { path: ({ signer }) => `/?reset=${signer.id}`, shows: confirmButton },
  "dialog-form": {
    path: dialogPath,
    reach: (page, { admin }) => fillDialog(page, admin),
    shows: confirmButton,
  },
  "dialog-remedy": {
    path: dialogPath,
    reach: (page) => page.getByLabel("What happened to the phone?").selectOption("stolen"),
    shows: words("Ask whether the workspace should be frozen."),
  },
  "dialog-no-reset": {
    path: dialogPath,
    reach: (page) => page.getByLabel("What happened to the phone?").selectOption("oldPhoneWorks"),
    shows: words("a device migration moves the user to the new phone"),
  },
  "dialog-errors": {
    path: dialogPath,
    reach: (page) => confirmButton(page).click(),
    shows: words("Say why the reset is needed."),
  },
  "dialog-demands": { path: dialogPath, settings: POLICY, shows: heading("What this reset needs") },
  "dialog-demands-chosen": {
    path: dialogPath,
    settings: POLICY,
    reach: async (page, { admin }) => {
      await page.getByLabel("What happened to the phone?").selectOption("stolen");
      await page.getByLabel("In person").check();
      await page.getByLabel("Called back").check();
      await fillDialog(page, admin);
    },
    shows: words("15 minutes' wait"),
  },
  "dialog-demands-errors": {
    path: dialogPath,
    settings: POLICY,
    reach: (page) => confirmButton(page).click(),
    shows: words("Still needed:"),
  },
  "dialog-emergency": {
    path: dialogPath,
    settings: POLICY,
    reach: (page) => page.getByRole("button", { name: /^It cannot wait/ }).click(),
    shows: (page) => page.getByRole("button", { name: "Override the policy" }),
  },
  "dialog-forbidden": {
    path: dialogPath,
    settings: POLICY,
    arrange: (page) => changeDemands(page, { forbidden: true, rules: ["No resets of admins at the weekend"] }),
    shows: words("The policy allows no reset"),
  },
  "dialog-few-admins": {
    path: dialogPath,
    arrange: (page) =>
      changeDemands(page, {
        secondPerson: true,
        rules: ["Few admins would be left", "REQUIRE_NOTE"],
        quorum: { ...QUORUM, minReadyAdmins: 4 },
      }),
    shows: words("This leaves 3 of 4 admins beside the Owner."),
  },
  "dialog-blocked": {
    path: dialogPath,
    settings: POLICY,
    arrange: (page, { records }) =>
      changeDemands(page, {
        quorum: { ...QUORUM, minReadyAdmins: 4 },
        blocked: { code: "tooFewAdmins", message: TOO_FEW_ADMINS, recordId: records.approvalRequested },
      }),
    shows: (page) => page.getByRole("link", { name: "Open the other reset" }),
  },
  "dialog-too-few-admins": {
    path: dialogPath,
    arrange: (page) =>
      page.route(RESETS, (route) =>
        route.fulfill({
          status: 409,
          json: { message: TOO_FEW_ADMINS, code: 1314, error: { type: "", message: "" }, outcome: "refused" },
        }),
      ),
    reach: async (page, { admin }) => {
      await fillDialog(page, admin);
      await confirmButton(page).click();
    },
    shows: words("Another admin's reset is open"),
  },
  "dialog-demands-unread": {
    path: dialogPath,
    arrange: (page) => page.route("**/api/users/*/demands*", (route) => route.abort()),
    shows: words("could not be read"),
  },
  "dialog-sending": {
    path: dialogPath,
    arrange: (page) => hold(page, RESETS),
    reach: async (page, { admin }) => {
      await fillDialog(page, admin);
      await confirmButton(page).click();
    },
    shows: words("Sending the request."),
  },
  "dialog-lost": {
    path: dialogPath,
    arrange: (page, { admin }, origin) => leaveRequestOpen(page, admin, origin),
    shows: words("The request did not arrive."),
  },
  "dialog-unclear": {
    path: dialogPath,
    arrange: async (page, { admin }, origin) => {
      await leaveRequestOpen(page, admin, origin);
      await page.route("**/api/resets?*", (route) => route.abort());
    },
    shows: words("It is not clear what happened."),
  },

  me: { path: "/me", person: NOOR, shows: words("I need my device reset"), full: true },
  "me-no-reset": {
    path: "/me",
    person: NOOR,
    reach: (page) => page.getByLabel("My old phone still works").check(),
    shows: words("a device migration moves the user to the new phone"),
    full: true,
  },
  "me-blocked": { path: "/", person: EDITOR, shows: words("have no mobile device to reset") },
  "me-nobody": {
    path: "/me",
    arrange: (page) =>
      page.route("**/api/me", (route) =>
        route.fulfill({
          status: 403,
          json: { message: "", code: 1208, error: { type: "FORBIDDEN" }, outcome: "refused" },
        }),
      ),
    shows: heading("No device of yours is here"),
  },
  "me-code": {
    ...ownState(0, [], words("It is good for")),
    reach: (page) => page.getByRole("button", { name: "Show a code" }).click(),
  },
  "me-hidden": ownState(0, [], heading("Show a code when you have an admin on the line")),
  "me-wrong": ownState(4, ["wrong"], words("A wrong code was typed")),
  "me-spent": ownState(5, ["wrong", "wrong", "wrong"], words("Three wrong codes were typed")),
  "me-matched": ownState(2, ["match"], heading("Are you talking to Amara Lindqvist?")),
  "me-confirmed": ownState(3, ["match", "confirm"], heading("Amara Lindqvist can ask for your reset now")),
  "me-denied": ownState(4, ["match", "deny"], words("Their match no longer counts")),
  "help-open": helperState(0, [], (page) => page.getByLabel("Code")),
  "help-wrong": {
    ...helperState(1, [], words("This is not the code.")),
    reach: async (page, workspace) => {
      await openHelp(page, workspace, 1);
      const { digits = "" } = given.get(workspace.people[1]?.email ?? "") ?? {};
      await page.getByLabel("Code").fill(digits === "000000" ? "000001" : "000000");
      await page.getByRole("button", { name: "Check the code" }).click();
    },
  },
  "help-spent": helperState(5, ["wrong", "wrong", "wrong"], words("this one can no longer be used")),
  "help-matched": helperState(2, ["match"], heading("Say these words to")),
  "help-confirmed": helperState(3, ["match", "confirm"], (page) =>
    page.getByRole("link", { name: "Ask for the reset" }),
  ),
  "help-denied": helperState(4, ["match", "deny"], words("Do not go on by telephone")),

  "help-dialog": {
    ...helperState(3, ["match", "confirm"], words("has read the code to you")),
    reach: async (page, workspace) => {
      await openHelp(page, workspace, 3);
      await page.getByRole("link", { name: "Ask for the reset" }).click();
    },
  },
  confirm: {
    path: "/confirm/8f5d2a1c-6f0e-4c62-9a3e-0d5b8b9f1c07",
    person: NOBODY,
    arrange: (page) => page.route("**/api/confirmations/*", (route) => route.fulfill({ json: CONFIRMATION })),
    shows: heading("Did Elena Dahl ask for a device reset?"),
  },
  "confirm-no": {
    path: "/confirm/8f5d2a1c-6f0e-4c62-9a3e-0d5b8b9f1c07",
    person: NOBODY,
    arrange: (page) =>
      page.route("**/api/confirmations/*", (route) => route.fulfill({ json: { ...CONFIRMATION, state: "declined" } })),
    shows: heading("You have said no"),
  },

  proposed: { path: (workspace) => recordPath(workspace, "proposed"), shows: words("Waiting for release") },
  "release-form": {
    path: (workspace) => recordPath(workspace, "proposed"),
    reach: (page) => page.getByRole("button", { name: "Release…" }).click(),
    shows: (page) => page.getByRole("button", { name: "Release to Fireblocks" }),
    full: true,
  },
  "withdraw-form": {
    path: (workspace) => recordPath(workspace, "ownProposal"),
    reach: (page) => page.getByRole("button", { name: "Withdraw…" }).click(),
    shows: (page) => page.getByLabel("Why is it withdrawn?"),
  },
  waiting: { path: (workspace) => recordPath(workspace, "waiting"), shows: words("Waiting for its time"), full: true },
  "waiting-press": {
    path: (workspace) => recordPath(workspace, "waiting"),
    arrange: (page, { records }) =>
      changeRecord(page, records.waiting, { needsPress: "gap", leavesAt: Date.now() - 60_000 }),
    shows: (page) => page.getByRole("button", { name: "Send to Fireblocks" }),
    full: true,
  },
  stopped: {
    path: (workspace) => recordPath(workspace, "waiting"),
    arrange: (page, { records }) => changeRecord(page, records.waiting, { state: "stopped", open: false }),
    shows: words("has stopped this request"),
  },
  "release-to-wait": {
    path: (workspace) => recordPath(workspace, "proposedToWait"),
    reach: (page) => page.getByRole("button", { name: "Release…" }).click(),
    shows: words("After your release"),
    full: true,
  },
  "release-proofs": {
    path: (workspace) => recordPath(workspace, "proposedToWait"),
    arrange: (page, { records }) => changeRecord(page, records.proposedToWait, LACKING),
    reach: async (page) => {
      await page.getByRole("button", { name: "Release…" }).click();
      await page.getByLabel("In person").check();
    },
    shows: (page) => page.getByLabel("Where did you meet, and what did you compare?"),
    full: true,
  },
  "release-proofs-errors": {
    path: (workspace) => recordPath(workspace, "proposedToWait"),
    arrange: (page, { records }) => changeRecord(page, records.proposedToWait, LACKING),
    reach: async (page) => {
      await page.getByRole("button", { name: "Release…" }).click();
      await page.getByRole("button", { name: "Release", exact: true }).click();
    },
    shows: words("Say first what of it"),
  },
  emergency: {
    path: (workspace) => recordPath(workspace, "emergency"),
    person: JONAS,
    shows: (page) => page.getByRole("button", { name: "Record the review" }),
    full: true,
  },
  "emergency-errors": {
    path: (workspace) => recordPath(workspace, "emergency"),
    person: JONAS,
    reach: (page) => page.getByRole("button", { name: "Record the review" }).click(),
    shows: words("Say it in a few words."),
  },
  "emergency-reviewed": {
    path: (workspace) => recordPath(workspace, "emergency"),
    arrange: (page, { records }) =>
      changeRecord(page, records.emergency, {
        breakGlass: {
          reason: "The payroll leaves in ten minutes, and nobody else can approve it.",
          reviewBy: Date.now(),
          reviewedAt: Date.now(),
          reviewedBy: "jonas.weber@northwind.example",
          review: "Spoke to her and to payroll: it was as said.",
        },
      }),
    shows: words("Reviewed by jonas.weber"),
  },
  released: {
    path: (workspace) => recordPath(workspace, "released"),
    shows: words("Done: Released by a second person"),
    full: true,
  },
  follow: {
    path: (workspace) => recordPath(workspace, "approvalRequested"),
    shows: words("Waiting for approval"),
    full: true,
  },
  pairing: { path: (workspace) => recordPath(workspace, "awaitingPairing"), shows: words("Waiting for pairing") },
  completed: { path: (workspace) => recordPath(workspace, "completed"), shows: words("Ready again"), full: true },
  suggested: {
    path: (workspace) => recordPath(workspace, "completed"),
    arrange: (page, { records }) => changeRecord(page, records.completed, onlySuggested),
    shows: words("suggested by what was seen, not proven"),
  },
  refused: { path: (workspace) => recordPath(workspace, "refused"), shows: words("The request was refused.") },
  rejected: { path: (workspace) => recordPath(workspace, "rejected"), shows: words("An approver has rejected") },
  expired: { path: (workspace) => recordPath(workspace, "expired"), shows: words("The request ran out of time.") },
  unknown: {
    path: (workspace) => recordPath(workspace, "unknown"),
    shows: heading("Nothing is broken. One answer is missing."),
    full: true,
  },
  "close-form": {
    path: (workspace) => recordPath(workspace, "approvalRequested"),
    person: JONAS,
    arrange: (page) =>
      page.route("**/api/resets/*/settle", (route) =>
        route.fulfill({
          status: 409,
          json: { message: "", code: 1309, error: { type: "", message: "" }, outcome: "refused" },
        }),
      ),
    reach: async (page) => {
      await page.getByRole("button", { name: "Close early…" }).click();
      await page.getByLabel("Why is it closed early?").fill("Cancelled in the Console: the phone was found.");
      await page.getByRole("button", { name: "Close this record" }).click();
      await page.getByText("This service cannot read what waits in Fireblocks.").waitFor();
      await page.getByRole("button", { name: "Close this record" }).click();
    },
    shows: words("Look there first, then tick this box."),
    full: true,
  },
  "settle-form": {
    path: (workspace) => recordPath(workspace, "unknown"),
    person: JONAS,
    reach: (page) => page.getByRole("button", { name: "Settle this record" }).click(),
    shows: words("Say it in a few words."),
    full: true,
  },
  settled: {
    path: (workspace) => recordPath(workspace, "settled"),
    shows: words("A person has looked and closed this record."),
    full: true,
  },

  ...protestStates,

  history: { path: "/resets", shows: (page) => page.getByRole("table") },
  "history-export": {
    path: "/resets",
    person: AUDITOR,
    reach: (page) => page.getByRole("table").waitFor(),
    shows: (page) => page.getByRole("button", { name: "JSON lines" }),
  },
  "history-empty": {
    path: "/resets",
    arrange: (page) => page.route("**/api/resets?*", (route) => route.fulfill({ json: { resets: [] } })),
    shows: heading("No resets yet"),
  },
  "refused-attempts": {
    path: "/refused",
    person: AUDITOR,
    shows: (page) => page.getByRole("table", { name: "Refused attempts" }),
  },
  "refused-none": {
    path: "/refused",
    person: AUDITOR,
    arrange: (page) => page.route("**/api/refused-attempts?*", (route) => route.fulfill({ json: { attempts: [] } })),
    shows: heading("Nothing was refused"),
  },
  ...todoStates,

  button: {
    path: "/button",
    reach: chooseUserOfButton,
    shows: (page) => page.getByRole("button", { name: "Reset mobile device" }),
  },
  "button-dialog": {
    path: "/button",
    reach: async (page, workspace) => {
      await chooseUserOfButton(page, workspace);
      await page.getByRole("button", { name: "Reset mobile device" }).click();
    },
    shows: (page) => page.getByRole("dialog"),
  },
  "not-found": { path: "/nowhere", shows: (page) => page.getByRole("main").getByRole("link").first() },
};

/** The settings with which each worker was started last. @type {WeakMap<import("../stack.mjs").Stack, string>} */
const settingsOf = new WeakMap();

/** Starts the worker anew where it has other settings: states that share theirs stand together. @param {import("../stack.mjs").Stack} stack @param {Record<string, string>} settings */
async function giveSettings(stack, settings) {
  const wanted = JSON.stringify(settings);
  if (wanted === (settingsOf.get(stack) ?? JSON.stringify(SECOND_PERSON))) return;
  await stack.restartWorker({ vars: settings });
  settingsOf.set(stack, wanted);
}

/**
 * Brings the page into a state, and waits until it is there and nothing moves.
 *
 * @param {Page} page of a context in which nobody is signed in yet
 * @param {State} state
 * @param {import("../stack.mjs").Stack} stack
 * @param {Workspace} workspace
 */
export async function show(page, { path, person = AMARA, settings, arrange, reach, shows }, stack, workspace) {
  await giveSettings(stack, { ...SECOND_PERSON, ...settings });
  if (person !== null) {
    const name = typeof person === "string" ? person : person(workspace);
    const value = await new Actor(stack).token(`${name}@northwind.example`);
    await page.context().addCookies([{ name: "CF_Authorization", value, url: stack.url }]);
  }
  await arrange?.(page, workspace, stack.url);
  await page.goto(stack.url + (typeof path === "string" ? path : path(workspace)));
  await reach?.(page, workspace);
  await shows(page).waitFor();
  await page.evaluate(() => document.fonts.ready);
  // Web Awesome's own animations, which have a length even where less motion is asked for.
  await page.waitForTimeout(500);
}
