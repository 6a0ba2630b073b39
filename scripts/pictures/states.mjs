// Every state in which a person can find the page, and how one gets there: for the pictures, and for the tests that
// look at each.

import { Actor, NOTES } from "./workspace.mjs";

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./workspace.mjs").User} User */
/** @typedef {import("./workspace.mjs").Workspace} Workspace */

/**
 * @typedef {object} State
 * @property {string | ((workspace: Workspace) => string)} path
 * @property {string | null} [person] who looks; null: nobody is signed in. Default: an admin who may ask for resets
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
const NOBODY = "eli.brandt";

const RESETS = "**/v1/management/users/*/reset_device";
const SESSION = "**/api/session";
const USERS = "**/api/users";

/** @param {Workspace} workspace @param {string} name */
const recordPath = ({ records }, name) => `/resets/${records[name]}`;

/** @param {string} name @returns {(page: Page) => import("@playwright/test").Locator} */
const heading = (name) => (page) => page.getByRole("heading", { name }).first();

/** @param {string} text @returns {(page: Page) => import("@playwright/test").Locator} */
const words = (text) => (page) => page.getByText(text).first();

/** @param {Page} page */
const usersShown = (page) => page.getByRole("grid", { name: "Users" });

/** Changes what the worker says of the session. @param {Page} page @param {object} change */
const changeSession = (page, change) =>
  page.route(SESSION, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), ...change } });
  });

/** Tells of a record as if the request had run out in place of being rejected. @param {Page} page @param {string | undefined} id */
const letExpire = (page, id) =>
  page.route(`**/api/resets/${id}`, async (route) => {
    const response = await route.fetch();
    const text = (await response.text()).replaceAll('"rejected"', '"expired"');
    await route.fulfill({ response, body: text });
  });

/** Lets requests leave and never answers them. @param {Page} page @param {string} address */
const hold = (page, address) => page.route(address, () => new Promise(() => {}));

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
    localStorage.setItem(`reset-device/intent/${kept.userId}`, JSON.stringify(kept));
  }, intent);
}

/** The dialog's button, whose words depend on whether a second person is asked for. @param {Page} page */
export const confirmButton = (page) => page.getByRole("button", { name: /^(Request|Propose) the reset$/ });

/** Fills what the dialog asks for. @param {Page} page @param {Pick<User, "email">} user @param {{ verifiedBy?: string, reason?: string, reference?: string }} [note] */
export async function fillDialog(page, { email }, note = NOTES[0]) {
  await page.getByLabel(/how did you verify/i).fill(note?.verifiedBy ?? "");
  await page.getByLabel(/why is the reset needed/i).fill(note?.reason ?? "");
  await page.getByLabel(/ticket or reference/i).fill(note?.reference ?? "");
  await page.getByLabel(`Type ${email} to confirm`).fill(email ?? "");
}

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
    path: "/",
    reach: async (page) => {
      await usersShown(page).waitFor();
      await page.context().clearCookies();
      await page.getByRole("button", { name: "Read again" }).click();
    },
    shows: words("Your session has ended."),
  },
  account: {
    path: "/",
    reach: (page) => page.getByRole("button", { name: /^Account/ }).click(),
    shows: (page) => page.getByRole("link", { name: "Sign out" }),
  },
  production: {
    path: "/",
    arrange: (page) => changeSession(page, { environment: "production" }),
    shows: (page) => page.getByRole("region", { name: "Environment" }).getByText("Production"),
  },
  sandbox: {
    path: "/",
    arrange: (page) => changeSession(page, { environment: "sandbox" }),
    shows: (page) => page.getByRole("region", { name: "Environment" }).getByText("Sandbox"),
  },
  paused: {
    path: "/",
    settings: { RESETS_PAUSED: "true" },
    reach: (page) => usersShown(page).waitFor(),
    shows: words("Resets are paused."),
  },

  users: { path: "/", shows: usersShown },
  "users-found": { path: "/?q=haddad", shows: (page) => page.getByRole("row", { name: /Haddad/ }).first() },
  "users-nobody": { path: "/?q=nobody+like+this", shows: heading("Nobody found") },
  "users-loading": {
    path: "/",
    arrange: (page) => hold(page, USERS),
    shows: (page) => page.locator("users-screen .waiting"),
  },
  "users-stale": {
    path: "/",
    reach: async (page) => {
      await usersShown(page).waitFor();
      await page.route(USERS, (route) => route.abort());
      await page.getByRole("button", { name: "Read again" }).click();
    },
    shows: heading("This service cannot be reached"),
  },
  "key-refused": {
    path: "/",
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
    path: "/",
    arrange: (page) =>
      failFireblocks(page, 502, "INTERNAL", "The list of users could not be read. Fireblocks could not be reached."),
    shows: heading("Fireblocks cannot be reached"),
  },
  shortcuts: {
    path: "/",
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
  "dialog-errors": {
    path: dialogPath,
    reach: (page) => confirmButton(page).click(),
    shows: words("Say why the reset is needed."),
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
  refused: { path: (workspace) => recordPath(workspace, "refused"), shows: words("The request was refused.") },
  rejected: { path: (workspace) => recordPath(workspace, "rejected"), shows: words("An approver has rejected") },
  // Fireblocks writes no audit row for a request that ran out: the worker cannot be brought to say so.
  expired: {
    path: (workspace) => recordPath(workspace, "rejected"),
    arrange: (page, { records }) => letExpire(page, records.rejected),
    shows: words("The request ran out of time."),
  },
  unknown: {
    path: (workspace) => recordPath(workspace, "unknown"),
    shows: heading("Nothing is broken. One answer is missing."),
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
  queue: { path: "/queue", shows: heading("For you to decide") },
  "queue-empty": {
    path: "/queue",
    arrange: (page) => page.route("**/api/resets?*", (route) => route.fulfill({ json: { resets: [] } })),
    shows: heading("Nothing waits"),
  },

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

/**
 * Brings the page into a state, and waits until it is there and nothing moves.
 *
 * @param {Page} page of a context in which nobody is signed in yet
 * @param {State} state
 * @param {import("../stack.mjs").Stack} stack
 * @param {Workspace} workspace
 */
export async function show(page, { path, person = AMARA, arrange, reach, shows }, stack, workspace) {
  if (person !== null) {
    const value = await new Actor(stack).token(`${person}@northwind.example`);
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

/**
 * Runs `work` while the worker has the state's settings.
 *
 * @param {import("../stack.mjs").Stack} stack
 * @param {State} state
 * @param {Record<string, string>} usual the settings that the worker is left with
 * @param {() => Promise<void>} work
 */
export async function withSettings(stack, { settings }, usual, work) {
  if (settings) await stack.restartWorker({ vars: { ...usual, ...settings } });
  try {
    await work();
  } finally {
    if (settings) await stack.restartWorker({ vars: usual });
  }
}
