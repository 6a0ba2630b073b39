/** A reset that somebody made past this service: found, and decided by somebody else. */
import { pressEnter } from "./keys.ts";
import { expect, personHeaders } from "./support.ts";
import { expectUsable, test } from "./two-people.ts";

test.beforeEach(({ simulator }) =>
  // The sweep runs far more often than it does on Cloudflare.
  simulator.change({ rateLimitPerMinute: { write: 100_000, query: 100_000, read: 100_000 } }),
);

test("a Console admin's reset is found, and an auditor decides it by the keyboard alone", async ({
  page,
  as,
  open,
  stack,
  simulator,
  freshUser,
}) => {
  // From its first run on the sweep knows who has a device.
  await stack.runScheduled();
  const user = await freshUser();
  const headers = await personHeaders(stack.url, simulator, "amara.lindqvist");
  const list = (await (await fetch(`${stack.url}/api/users`, { headers })).json()) as {
    users: { id: string; email?: string }[];
  };
  const jonas = list.users.find(({ email }) => email === "jonas.weber@northwind.example");
  const { id } = await simulator.fileInConsole(user.id, jonas?.id ?? "");
  await stack.runScheduled();

  const title = "A request by Jonas Weber";
  // Whoever made it is refused, and told why.
  await as("jonas.weber");
  await page.goto("/queue");
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  await expect(page.getByText("The log does not say whose.")).toBeVisible();
  await page.getByRole("button", { name: /^Known: A request by Jonas/ }).click();
  await page.getByLabel("Whose was it, and how do you know?").fill("It was me.");
  await page.getByRole("button", { name: "It is known", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("this request is yours: somebody else must say");
  await expectUsable(page);

  const tomas = await open("tomas.herrera@northwind.example");
  // The request is approved in the Console as well, and its user's device goes.
  await simulator.approve(id);
  const found = async () =>
    (await (await tomas.request.get("/api/elsewhere")).json()) as { resets: { fall?: object }[] };
  await expect.poll(async () => (await found()).resets[0]?.fall).toMatchObject({ userId: user.id });
  await tomas.goto("/queue");
  await expect(tomas.getByRole("heading", { name: title })).toBeVisible();
  await expect(tomas.getByText(`User status: ${user.email} had a device`)).toBeVisible();
  await expect(tomas.getByText("That this request was for them is likely, not proven.")).toBeVisible();
  await expectUsable(tomas);
  await pressEnter(tomas, tomas.getByRole("button", { name: /^Not known: A request by Jonas/ }));
  const reason = tomas.getByLabel("Whom have you asked?");
  await expect(reason).toBeFocused();
  // Without a reason nothing is written down.
  await pressEnter(tomas, tomas.getByRole("button", { name: "It is not known", exact: true }));
  await expect(tomas.getByText("Say it in a few words.")).toBeVisible();
  await expect(reason).toBeFocused();
  await tomas.keyboard.type("Jonas is on leave, and knows of nothing.");
  await expectUsable(tomas);
  await pressEnter(tomas, tomas.getByRole("button", { name: "It is not known", exact: true }));
  const said = tomas.getByRole("status").filter({ hasText: "Written down as not known." });
  await expect(said).toBeFocused();
  await expect(tomas.getByRole("heading", { name: title })).toHaveCount(0);
  const decided = (await (await tomas.request.get("/api/elsewhere")).json()) as {
    resets: { decision?: { verdict: string; by: string; reason: string } }[];
  };
  expect(decided.resets.map(({ decision }) => decision)).toMatchObject([
    {
      verdict: "notKnown",
      by: "tomas.herrera@northwind.example",
      reason: "Jonas is on leave, and knows of nothing.",
    },
  ]);
});

test("a viewer is not asked, and asks for nothing", async ({ page, as }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/elsewhere")) asked.push(request.url());
  });
  await as("priya.nair");
  await page.goto("/queue");
  await expect(page.getByRole("heading", { name: "To do" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Loading what is to do" })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: /made elsewhere/i })).toHaveCount(0);
  expect(asked).toEqual([]);
});
