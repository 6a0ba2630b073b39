import { beforeEach, describe, expect, it } from "vitest";
import { type Client, cleanWorld, gateway, people, recordIdOf, userId } from "./setup/world";

beforeEach(cleanWorld);

/** What an answer tells: everything but what is new with each request. */
async function told(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => !/request-id$/.test(name));
  return JSON.stringify([response.status, await response.text(), headers]);
}

describe("whoever may not reset learns nothing of which ids exist", () => {
  it.each([
    ["no role", people.eli],
    ["a viewer's role", people.priya],
    ["an auditor's role", people.tomas],
  ])("from the answer: %s", async (_, email) => {
    const person = gateway().as({ email });
    const answers = [await userId(people.noor), await userId(people.owner), crypto.randomUUID(), "nonsense"].map(
      async (id) => told(await person.reset(id)),
    );
    expect(new Set(await Promise.all(answers)).size).toBe(1);
  });

  it("from the answer about a record", async () => {
    const world = gateway();
    const id = recordIdOf(await world.as({ email: people.amara }).reset(await userId(people.noor)));
    const eli = world.as({ email: people.eli });
    const known = await told(await eli.get(`/api/resets/${id}`));
    expect(await told(await eli.get(`/api/resets/${crypto.randomUUID()}`))).toBe(known);
  });

  it("from keys that others have used", async () => {
    const world = gateway();
    await world.as({ email: people.amara }).reset(await userId(people.noor), "used-key");
    const eli = world.as({ email: people.eli });
    const answer = async (client: Client, key: string) => told(await client.reset(crypto.randomUUID(), key));
    expect(await answer(eli, "used-key")).toBe(await answer(eli, "free-key"));
  });

  it("from the address of a route", async () => {
    const eli = gateway().as({ email: people.eli });
    for (const path of ["/api/users", "/api/resets", "/api/resets/export?format=csv", "/v1/workspace"]) {
      expect((await eli.get(path)).status, path).toBe(403);
    }
  });
});
