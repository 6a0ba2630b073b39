// The states of what is to do: resets made elsewhere, what is due, and nothing at all.

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./states.mjs").State} State */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const request = (/** @type {object} */ more = {}) => ({
  at: Date.now() - 32 * MINUTE,
  actor: "Jonas Weber",
  actorId: "jonas",
  byOurKey: false,
  ...more,
});

const fall = () => ({
  userId: "noor",
  userEmail: "noor.haddad@northwind.example",
  readyAt: Date.now() - 10 * MINUTE,
  at: Date.now() - 9 * MINUTE,
});

/** An entry of each kind: with our own key, by somebody with a device gone since, and a device that is gone alone. */
const entries = () => [
  {
    id: "5f0d7c1b-2a90-4c52-8b1d-6f1e0c524a01",
    seenAt: Date.now() - 4 * MINUTE,
    request: request({ actor: "", actorId: "8f5d2a1c-6f0e-4c62-9a3e-0d5b8b9f1c07", byOurKey: true }),
  },
  { id: "5f0d7c1b-2a90-4c52-8b1d-6f1e0c524a02", seenAt: Date.now() - 30 * MINUTE, request: request(), fall: fall() },
  { id: "5f0d7c1b-2a90-4c52-8b1d-6f1e0c524a03", seenAt: Date.now() - 50 * MINUTE, fall: fall() },
];

/** @param {Page} page */
const findElsewhere = (page) =>
  page.route("**/api/elsewhere?*", (route) => route.fulfill({ json: { resets: entries() } }));

const DECISION = "A request by Jonas";

/** @param {Page} page @param {"Known" | "Not known"} verdict */
const open = (page, verdict) => page.getByRole("button", { name: new RegExp(`^${verdict}: ${DECISION}`) }).click();

/** Tells of a record with an end. @param {Page} page @param {string | undefined} id @param {object} due */
const changeDue = (page, id, due) =>
  page.route(`**/api/resets/${id}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), due } });
  });

/** @type {Record<string, State>} */
export const todoStates = {
  queue: {
    path: "/queue",
    shows: (page) => page.getByRole("heading", { name: "For you to decide" }),
    full: true,
  },
  elsewhere: {
    path: "/queue",
    person: "tomas.herrera",
    arrange: findElsewhere,
    shows: (page) => page.getByRole("heading", { name: "A request with this service's own key" }),
    full: true,
  },
  "elsewhere-not-known": {
    path: "/queue",
    person: "tomas.herrera",
    arrange: findElsewhere,
    reach: (page) => open(page, "Not known"),
    shows: (page) => page.getByLabel("Whom have you asked?"),
  },
  "elsewhere-own": {
    path: "/queue",
    person: "jonas.weber",
    arrange: async (page) => {
      await findElsewhere(page);
      const message = "By Fireblocks' audit log this request is yours: somebody else must say whether it is known.";
      await page.route("**/api/elsewhere/*/decide", (route) =>
        route.fulfill({
          status: 403,
          json: { message, code: 1307, error: { type: "FORBIDDEN", message }, outcome: "refused" },
        }),
      );
    },
    reach: async (page) => {
      await open(page, "Known");
      await page.getByLabel("Whose was it, and how do you know?").fill("It was me.");
      await page.getByRole("button", { name: "It is known", exact: true }).click();
    },
    shows: (page) => page.getByText("this request is yours").first(),
  },
  "due-list": {
    path: "/queue",
    arrange: (page, { records }) =>
      page.route("**/api/resets/due", async (route) => {
        const { resets } = await (
          await page.request.get(new URL("/api/resets?open=true", route.request().url()).href)
        ).json();
        const of = (/** @type {string | undefined} */ id) =>
          resets.find((/** @type {{ id: string }} */ reset) => reset.id === id);
        const due = (/** @type {string} */ awaited, /** @type {number} */ hours) => ({
          due: { awaited, since: Date.now() - HOUR, until: Date.now() + hours * HOUR },
        });
        await route.fulfill({
          json: {
            resets: [
              { ...of(records.released), ...due("approvers", -1) },
              { ...of(records.awaitingSetup), ...due("person", 5) },
              { ...of(records.approvalRequested), ...due("owner", 43), state: "awaitingSetup" },
            ],
          },
        });
      }),
    shows: (page) => page.getByRole("heading", { name: "Due next" }),
    full: true,
  },
  "due-owner": {
    path: ({ records }) => `/resets/${records.awaitingSetup}`,
    arrange: (page, { records }) =>
      changeDue(page, records.awaitingSetup, {
        awaited: "owner",
        since: Date.now() - 5 * HOUR,
        until: Date.now() + 43 * HOUR,
      }),
    shows: (page) => page.getByText("does not say what happens then").first(),
  },
  "queue-empty": {
    path: "/queue",
    arrange: async (page) => {
      for (const address of ["resets?*", "resets/due", "help"]) {
        await page.route(`**/api/${address}`, (route) => route.fulfill({ json: { resets: [], requests: [] } }));
      }
      await page.route("**/api/session", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, json: { ...(await response.json()), todo: 0 } });
      });
      for (const [address, json] of Object.entries({ alarms: { alarms: [] }, "elsewhere?*": { resets: [] } })) {
        await page.route(`**/api/${address}`, (route) => route.fulfill({ json }));
      }
    },
    shows: (page) => page.getByRole("heading", { name: "Nothing waits" }),
  },
};
