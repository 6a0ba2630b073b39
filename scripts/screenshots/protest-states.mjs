// The states of “This was not me”: on the person's own screen, and at whoever looks after resets.

/** @typedef {import("@playwright/test").Page} Page */
/** @typedef {import("./states.mjs").State} State */

const NOOR = "noor.haddad";
const MINUTE = 60_000;

/** Changes what the worker answers at an address. @param {Page} page @param {string} address @param {(body: any) => object} change */
const changeAnswer = (page, address, change) =>
  page.route(address, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });

const contested = () => ({ at: Date.now() - MINUTE, by: "noor.haddad@northwind.example", rejection: "refused" });

const alarm = () => ({
  id: "5f0d7c1b-2a90-4c52-8b1d-6f1e0c524a52",
  at: Date.now() - 12 * MINUTE,
  userId: "noor",
  userEmail: "noor.haddad@northwind.example",
  userName: "Noor Haddad",
  raisedBy: "noor.haddad@northwind.example",
  text: "Somebody called me, said that they were from IT, and asked me to read out a code.",
});

/** Who is awaited, for so long yet. @param {string} awaited @param {number} minutes */
const due = (awaited, minutes) => ({ awaited, since: Date.now(), until: Date.now() + minutes * MINUTE });

/** A reset as the person reads it. @param {object} more */
const ownReset = (more) => ({
  id: "0e2f4c1b-2a90-4c52-8b1d-6f1e0c524a52",
  state: "proposed",
  open: true,
  createdAt: Date.now() - 6 * MINUTE,
  updatedAt: Date.now() - 6 * MINUTE,
  askedBy: "jonas.weber@northwind.example",
  reason: "Lost phone",
  proofs: ["videoCall"],
  due: due("secondPerson", 23 * 60 + 54),
  told: "told",
  events: [{ seq: 1, at: Date.now() - 6 * MINUTE, event: "proposed", source: "person" }],
  ...more,
});

/** One's own screen with one reset. @param {object} reset @param {State["shows"]} shows @param {State["reach"]} [reach] @returns {State} */
const own = (reset, shows, reach) => ({
  path: "/me",
  person: NOOR,
  arrange: (page) => changeAnswer(page, "**/api/me", (me) => ({ ...me, resets: [ownReset(reset)] })),
  ...(reach && { reach }),
  shows,
  full: true,
});

/** @param {Page} page */
const press = (page) => page.getByRole("button", { name: "This was not me…" }).click();

/** @type {Record<string, State>} */
export const protestStates = {
  "me-stop": own({}, (page) => page.getByRole("button", { name: "Stop it" }), press),
  "me-stopped": own({ state: "stopped", open: false }, (page) => page.getByText("You have stopped it.").first()),
  "me-contest": own(
    { state: "approvalRequested", due: due("approvers", 47 * 60 + 54) },
    (page) => page.getByRole("button", { name: "This was not me", exact: true }),
    press,
  ),
  "me-contested": own({ state: "approvalRequested", contested: contested() }, (page) =>
    page.getByText("You have said that this was not you.").first(),
  ),
  "me-alarm": {
    path: "/me",
    person: NOOR,
    arrange: (page) => changeAnswer(page, "**/api/me", (me) => ({ ...me, resets: [] })),
    reach: (page) => page.getByRole("button", { name: "Raise an alarm…" }).click(),
    shows: (page) => page.getByRole("button", { name: "Raise the alarm" }),
    full: true,
  },
  "me-alarmed": {
    path: "/me",
    person: NOOR,
    arrange: (page) => changeAnswer(page, "**/api/me", (me) => ({ ...me, resets: [], alarms: [alarm()] })),
    shows: (page) => page.getByText("You have raised an alarm.").first(),
    full: true,
  },
  contested: {
    path: ({ records }) => `/resets/${records.approvalRequested}`,
    arrange: (page, { records }) =>
      changeAnswer(page, `**/api/resets/${records.approvalRequested}`, (record) => ({
        ...record,
        contested: contested(),
        alarms: [alarm()],
      })),
    shows: (page) => page.getByRole("heading", { name: "The person says that this was not them" }),
    full: true,
  },
  alarms: {
    path: "/queue",
    arrange: (page) => page.route("**/api/alarms", (route) => route.fulfill({ json: { alarms: [alarm()] } })),
    reach: (page) => page.getByRole("button", { name: "Close the alarm of Noor Haddad" }).click(),
    shows: (page) => page.getByLabel("What was found?"),
  },
};
