import type { ConsoleUser } from "fireblocks-reset-device";
import type { ResetDemands } from "fireblocks-reset-device/gateway-api";
import { beforeEach, describe, expect, it } from "vitest";
import {
  approvals,
  cleanWorld,
  control,
  errorOf,
  gateway,
  people,
  recordIdOf,
  upstreamLog,
  userId,
} from "./setup/world";

const settings = { MIN_READY_ADMINS: "3" };

/** As many admins as that who have a device, beside the Owner; the two who ask are none of them. */
async function admins(count: number): Promise<string[]> {
  const list = await gateway().as({ email: people.amara }).get("/v1/management/users");
  const { users } = (await list.json()) as { users: (ConsoleUser & { id: string })[] };
  const all = users.filter(
    ({ role, userType }) => ["ADMIN", "NON_SIGNING_ADMIN"].includes(role ?? "") && userType !== "API",
  );
  const chosen = all.filter(({ email }) => email !== people.amara && email !== people.jonas).slice(0, count);
  const others = all.filter((user) => !chosen.includes(user));
  for (const { id } of chosen) await control("PATCH", `users/${id}`, { status: "READY", enabled: true });
  // Whoever asks must be active: what is taken away is the device alone.
  for (const { id } of others) await control("PATCH", `users/${id}`, { status: "PENDING_DEVICE_SETUP" });
  return chosen.map(({ id }) => id);
}

beforeEach(cleanWorld);

describe("enough admins are left", () => {
  it("of ten, seven at most are open at once, however 200 requests for them fall", async () => {
    const ids = await admins(10);
    const world = gateway(settings);
    const askers = [people.amara, people.jonas].map((email) => world.as({ email }));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const asker = askers[index % 2];
        const id = ids[(index * 7) % ids.length];
        if (asker === undefined || id === undefined) throw new Error("nobody");
        return asker.reset(id);
      }),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
    expect(await approvals()).toHaveLength(7);
    const refused = await Promise.all(answers.filter(({ status }) => status !== 200).map(errorOf));
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set([1301, 1314]));
    expect(refused.every(({ outcome }) => outcome === "refused")).toBe(true);
  }, 90_000);

  it("or another's is seen through first: with two left, one alone can still be recovered", async () => {
    const [first = "", second = ""] = await admins(2);
    const world = gateway(settings);
    const amara = world.as({ email: people.amara });
    const asked = await amara.reset(first);
    expect(asked.status).toBe(202);
    const { state, demands } = await amara.record(recordIdOf(asked));
    expect([state, demands?.secondPerson]).toEqual(["proposed", true]);
    expect(demands?.rules.join()).toMatch(/Few admins would be left/);
    const other = await amara.reset(second);
    expect(other.status).toBe(409);
    expect((await errorOf(other)).message).toMatch(/fewer than 3 admins .*Nothing was sent/);
  });

  it("is told before it is asked for", async () => {
    const [first = ""] = await admins(3);
    const answer = await gateway(settings).as({ email: people.amara }).get(`/api/users/${first}/demands?because=lost`);
    const { quorum, secondPerson } = (await answer.json()) as ResetDemands;
    expect(quorum).toMatchObject({ admins: { ready: 3, left: 2 }, minReadyAdmins: 3 });
    expect(secondPerson).toBe(true);
  });

  it("is told before, with the record that stands in the way, where it would be refused now", async () => {
    const [first = "", second = ""] = await admins(2);
    const amara = gateway(settings).as({ email: people.amara });
    const before = async (id: string) =>
      (await (await amara.get(`/api/users/${id}/demands?because=lost`)).json()) as ResetDemands;
    expect(await before(second)).not.toHaveProperty("blocked");
    const recordId = recordIdOf(await amara.reset(first));
    const { blocked } = await before(second);
    expect(blocked).toMatchObject({ code: "tooFewAdmins", recordId });
    expect(blocked?.message).toBe((await errorOf(await amara.reset(second))).message);
    // The same one again is told of its own open record elsewhere.
    expect(await before(first)).not.toHaveProperty("blocked");
  });

  it("is told before of a request that waits in Fireblocks, and says nothing where that cannot be read", async () => {
    const [first, second = ""] = await admins(3);
    await control("POST", "approvals", { userId: first, by: await userId(people.owner) });
    const before = async () => {
      const answer = await gateway(settings).as({ email: people.amara }).get(`/api/users/${second}/demands`);
      return (await answer.json()) as ResetDemands;
    };
    expect((await before()).blocked).toEqual({ code: "tooFewAdmins", message: expect.stringMatching(/fewer than 3/) });
    const reads = (await upstreamLog("getApprovals")).length;
    const amara = gateway(settings).as({ email: people.amara });
    for (let look = 0; look < 5; look++) await amara.get(`/api/users/${second}/demands`);
    expect((await upstreamLog("getApprovals")).length).toBe(reads + 1);
    await control("POST", "faults", { match: { operation: "getApprovals" }, status: 500, times: 5 });
    expect(await before()).not.toHaveProperty("blocked");
  });

  it("counts a request that waits in Fireblocks for another admin", async () => {
    const [first, second = ""] = await admins(3);
    await control("POST", "approvals", { userId: first, by: await userId(people.owner) });
    const answer = await gateway(settings).as({ email: people.amara }).reset(second);
    expect((await errorOf(answer)).code).toBe(1314);
  });

  it("is nothing to the reset of a signer, and is not looked at without the setting", async () => {
    const [first = "", second = ""] = await admins(2);
    const amara = gateway().as({ email: people.amara });
    expect((await amara.reset(first)).status).toBe(200);
    expect((await amara.reset(second)).status).toBe(200);
    const signer = await gateway(settings)
      .as({ email: people.amara })
      .reset(await userId(people.noor));
    expect(signer.status).toBe(200);
  });
});
