import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountFor, fallen, type OwnRequest, readyNow, type Submission } from "./unaccounted";

const US = "our-api-user";
const row = (at: number, actorId = US): Submission => ({
  id: `${actorId}-${at}`,
  at,
  actorId,
  actor: actorId,
  sentAs: actorId,
});

describe("a request in the audit log", () => {
  const cases: [string, Submission[], OwnRequest[], number][] = [
    [
      "of another actor, in the time of a reset of ours",
      [row(5, "console")],
      [{ resetId: "a", from: 0, until: 10, sentAs: US }],
      1,
    ],
    ["of ours, in the time of one of our resets", [row(5)], [{ resetId: "a", from: 0, until: 10, sentAs: US }], 0],
    [
      "by a key that was replaced since, of a reset that was sent by it",
      [row(5, "our-earlier-api-user")],
      [{ resetId: "a", from: 0, until: 10, sentAs: "our-earlier-api-user" }],
      0,
    ],
    [
      "by our key, of a reset that was sent by an earlier one",
      [row(5)],
      [{ resetId: "a", from: 0, until: 10, sentAs: "our-earlier-api-user" }],
      1,
    ],
    ["of ours, when no reset of ours was sent", [row(50)], [{ resetId: "a", from: 0, until: 10, sentAs: US }], 1],
    [
      "of ours, beside one that is our reset's",
      [row(5), row(6)],
      [{ resetId: "a", from: 0, until: 10, sentAs: US }],
      1,
    ],
    [
      "of ours, of two resets whose times overlap",
      [row(5), row(15)],
      [
        { resetId: "long", from: 0, until: 20, sentAs: US },
        { resetId: "short", from: 0, until: 10, sentAs: US },
      ],
      0,
    ],
  ];
  it.each(cases)("%s", (_, rows, own, elsewhere) => {
    expect(accountFor(rows, own).elsewhere).toHaveLength(elsewhere);
  });

  it("among 500 of ours none of others is missed, and none is invented, in whatever order they come", () => {
    const own = fc.array(fc.record({ at: fc.integer({ min: 0, max: 10_000 }), early: fc.nat(50), late: fc.nat(50) }), {
      maxLength: 500,
    });
    const others = fc.array(fc.record({ at: fc.integer({ min: 0, max: 10_000 }), stolen: fc.boolean() }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(own, others, fc.infiniteStream(fc.nat()), (resets, strangers, chance) => {
        const requests = resets.map(({ at, early, late }, index) => ({
          resetId: `${index}`,
          from: at - early,
          until: at + late,
          sentAs: US,
        }));
        const ours = resets.map(({ at }, index) => ({ ...row(at), id: `ours-${index}` }));
        const theirs = strangers.map(({ at, stolen }, index) => ({
          ...row(at, stolen ? US : "console"),
          id: `theirs-${index}`,
        }));
        const rows = [...ours, ...theirs].map((entry) => ({ entry, order: chance.next().value as number }));
        const mixed = rows.sort((a, b) => a.order - b.order).map(({ entry }) => entry);
        const result = accountFor(mixed, requests);
        // Which of two rows by the same key is the stranger's nobody can tell: their number is right.
        expect(result.elsewhere).toHaveLength(theirs.length);
        expect(result.ours.size).toBe(ours.length);
        expect(
          result.elsewhere
            .filter(({ actorId }) => actorId === "console")
            .map(({ id }) => id)
            .sort(),
        ).toEqual(
          theirs
            .filter(({ actorId }) => actorId === "console")
            .map(({ id }) => id)
            .sort(),
        );
        expect(new Set(result.ours.values()).size).toBe(ours.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a user's status", () => {
  const ready = new Set(["a"]);
  it.each([
    ["falls to pairing", [{ id: "a", status: "PENDING_DEVICE_PAIRING" }], ["a"]],
    ["is seen at the set-up", [{ id: "a", status: "PENDING_DEVICE_SETUP" }], ["a"]],
    ["stays", [{ id: "a", status: "READY" }], []],
    ["is a first pairing's", [{ id: "b", status: "PENDING_DEVICE_PAIRING" }], []],
    ["is one that nobody knows", [{ id: "a", status: "SUSPENDED" }], []],
    ["is not told", [{ id: "a" }], []],
  ] as [string, { id: string; status?: string }[], string[]][])("%s", (_, users, ids) => {
    expect(fallen(users, ready).map(({ id }) => id)).toEqual(ids);
  });
});

it.each([undefined, "SUSPENDED"])("a status that tells nothing once (%s) hides no fall afterwards", (status) => {
  const odd = { id: "a", ...(status !== undefined && { status }) };
  const after = new Set(readyNow([odd], new Set(["a"])));
  expect(fallen([{ id: "a", status: "PENDING_DEVICE_PAIRING" }], after).map(({ id }) => id)).toEqual(["a"]);
});

it("a list of users that comes short once hides nobody who falls in the meantime", () => {
  const before = new Set(
    readyNow([{ id: "a", status: "READY" }, { id: "b", status: "READY" }, { id: "c" }], new Set()),
  );
  const short = new Set(readyNow([{ id: "b", status: "PENDING_DEVICE_PAIRING" }], before));
  expect([...short]).toEqual(["a"]);
  expect(fallen([{ id: "a", status: "PENDING_DEVICE_PAIRING" }], short).map(({ id }) => id)).toEqual(["a"]);
});
