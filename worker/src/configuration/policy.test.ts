import { describe, expect, it } from "vitest";
import recommended from "../../../scripts/start/policy.json";
import { readConfiguration } from ".";
import type { Bindings } from "./bindings";
import { readSettings } from "./settings";

const MANAGERS = JSON.stringify({ "a@example.com": "boss@example.com" });

const good = {
  FIREBLOCKS_BASE_PATH: "http://127.0.0.1:9/v1",
  FIREBLOCKS_API_KEY: "key",
  FIREBLOCKS_SECRET_KEY: "secret",
  ACCESS_TEAM_DOMAIN: "http://127.0.0.1:9",
  ACCESS_AUD: "aud",
  ROLES: '{"resetter":["a@b.example"]}',
};

const read = (policy: unknown) =>
  readSettings({ ...good, POLICY: typeof policy === "string" ? policy : JSON.stringify(policy) });
const rule = (when: object, demand: object = { because: true }) => [{ name: "R", when, demand }];

describe("a policy", () => {
  it("that says all that can be said is taken", () => {
    const policy = [
      {
        name: "Everything",
        when: {
          roles: ["ADMIN", "A_ROLE_OF_TOMORROW"],
          because: ["lost", "stolen"],
          resetsOfPerson: { atLeast: 3, days: 90 },
          resetsInWorkspace: { atLeast: 5, hours: 24 },
          times: { zone: "Europe/Berlin", windows: [{ days: ["sat", "sun"] }, { from: "18:00", to: "08:00" }] },
        },
        demand: {
          proofs: ["codeMatched", "inPerson"],
          secondPerson: true,
          wait: { minutes: 60, with: { codeMatched: 0 } },
          because: true,
          forbid: true,
        },
      },
      { name: "Always", demand: { secondPerson: true } },
    ];
    const settings = read(policy);
    expect(settings).toMatchObject({ policy: [policy[0], { ...policy[1], when: {} }] });
  });

  it("that is recommended is one that can be met", () => {
    const bindings = { ...good, DB: {}, RATE_LIMITS: "off", ROLES: '{"resetter":["a@b.example","c@d.example"]}' };
    const checked = readConfiguration({ ...bindings, POLICY: JSON.stringify(recommended) } as unknown as Bindings);
    expect(checked).toMatchObject({ ok: true, configuration: { policy: { length: recommended.length } } });
  });

  it("is empty where there is none", () => expect(readSettings(good)).toMatchObject({ policy: [] }));

  it.each<[string, unknown, RegExp]>([
    ["no JSON", "SECRETVALUE", /^POLICY must be a JSON list/],
    ["no list", { name: "R" }, /^POLICY must be a JSON list/],
    ["a rule without a demand", [{ name: "R" }], /^POLICY rule 1: /],
    ["a rule that demands nothing", [{ name: "R", demand: {} }], /^POLICY rule 1: demand must demand something/],
    ["a rule without a name", [{ demand: { because: true } }], /^POLICY rule 1: /],
    ["two rules of one name", [...rule({}), ...rule({})], /^POLICY has two rules of the same name/],
    ["a word that nobody knows", [{ name: "R", demand: { wiat: {} } }], /^POLICY rule 1: demand/],
    ["a condition that nobody knows", rule({ role: ["ADMIN"] }), /^POLICY rule 1: when/],
    [
      "a proof that nobody knows",
      rule({}, { proofs: ["SECRETVALUE"] }),
      /^POLICY rule 1: demand.proofs.0 must be one of/,
    ],
    ["no proof", rule({}, { proofs: [] }), /^POLICY rule 1: demand.proofs must not be empty/],
    [
      "a second person that is no",
      rule({}, { secondPerson: false }),
      /^POLICY rule 1: demand.secondPerson must be true/,
    ],
    ["a wait below nothing", rule({}, { wait: { minutes: -1 } }), /^POLICY rule 1: demand.wait.minutes must not be/],
    ["a wait of more than a week", rule({}, { wait: { minutes: 10_081 } }), /at most 10080/],
    [
      "a wait that a proof makes longer",
      rule({}, { wait: { minutes: 1, with: { inPerson: 2 } } }),
      /^POLICY rule 1: demand.wait must not be longer/,
    ],
    ["a zone that does not exist", rule({ times: { zone: "Mars/Base", windows: [{ days: ["sat"] }] } }), /time zone/],
    [
      "a time that does not exist",
      rule({ times: { zone: "UTC", windows: [{ from: "24:00", to: "08:00" }] } }),
      /like "18:00"/,
    ],
    ["half a window", rule({ times: { zone: "UTC", windows: [{ from: "18:00" }] } }), /needs from and to/],
    [
      "a window of no length",
      rule({ times: { zone: "UTC", windows: [{ from: "18:00", to: "18:00" }] } }),
      /begin when it ends/,
    ],
    ["a window of nothing", rule({ times: { zone: "UTC", windows: [{}] } }), /must name days/],
    ["no window", rule({ times: { zone: "UTC", windows: [] } }), /windows must not be empty/],
    ["a story that needs no reset", rule({ because: ["oldPhoneWorks"] }), /because.0 must be one of lost/],
    ["counting from none", rule({ resetsOfPerson: { atLeast: 0, days: 90 } }), /atLeast must be at least 1/],
    ["counting for ever", rule({ resetsOfPerson: { atLeast: 3, days: 9_999 } }), /days must be at most 365/],
    ["counting half", rule({ resetsInWorkspace: { atLeast: 3, hours: 0.5 } }), /hours must be a whole number/],
    ["the second of two", [...rule({}), { name: "S", demand: { forbid: 1 } }], /^POLICY rule 2: demand.forbid must be/],
  ])("with %s is named", (_, policy, sentence) => {
    const problems = read(policy);
    expect(Array.isArray(problems) && problems.join("\n")).toMatch(sentence);
    expect(JSON.stringify(problems)).not.toContain("SECRETVALUE");
  });
});

describe("a policy that nobody could meet", () => {
  const pair = '{"resetter":["a@b.example","c@d.example"]}';
  const real = {
    FIREBLOCKS_BASE_PATH: "https://api.fireblocks.io/v1",
    ACCESS_TEAM_DOMAIN: "https://team.cloudflareaccess.com",
    RESET_LIMIT: {},
    READ_LIMIT: {},
  };
  const mail = { EMAIL: {}, MAIL_FROM: "resets@a.example", PUBLIC_URL: "https://resets.a.example" };
  const problemsOf = (demand: object | undefined, more: object = {}) => {
    const bindings = { ...good, ...mail, DB: {}, RATE_LIMITS: "off", ROLES: pair, ...more };
    const POLICY = demand === undefined ? "" : JSON.stringify([{ name: "R", demand }]);
    const checked = readConfiguration({ ...bindings, POLICY } as unknown as Bindings);
    return checked.ok ? [] : checked.problems;
  };

  it.each<[string, object, object, RegExp | undefined]>([
    ["nothing odd", { proofs: ["inPerson"], secondPerson: true, wait: { minutes: 1 } }, {}, undefined],
    [
      "only what no manager can confirm",
      { proofs: ["managerConfirmed"] },
      {},
      /rule 1: nobody could give managerConfirmed/,
    ],
    ["what a manager confirms, where one is named", { proofs: ["managerConfirmed"] }, { MANAGERS }, undefined],
    ["the same by a claim", { proofs: ["managerConfirmed"] }, { MANAGER_CLAIM: "manager" }, undefined],
    ["what the person proves by a code", { proofs: ["codeMatched"] }, {}, undefined],
    ["that, or another", { proofs: ["managerConfirmed", "inPerson"] }, {}, undefined],
    [
      "a second person of one",
      { secondPerson: true },
      { ROLES: good.ROLES },
      /demands a second person.*one resetter alone/,
    ],
    [
      "a second person of two sign-ins of one",
      { secondPerson: true },
      { USER_MAP: '{"a@b.example":"C@d.example"}' },
      /one resetter alone/,
    ],
    [
      "a second person of a group",
      { secondPerson: true },
      { ROLES: '{"resetter":["group-id:g"]}', ACCESS_GROUPS: "claim:groups" },
      undefined,
    ],
    [
      "a second person beside a service token that may not ask",
      { secondPerson: true },
      { ROLES: '{"resetter":["a@b.example","service:robot"]}' },
      /one resetter alone/,
    ],
    [
      "a second person beside a service token that may",
      { secondPerson: true },
      { ROLES: '{"resetter":["a@b.example","service:robot"]}', RESETS_BY_SERVICE_TOKENS: "true" },
      undefined,
    ],
    [
      "a wait that nobody could be told of, of one",
      { wait: { minutes: 1 } },
      { ROLES: good.ROLES, MAIL_FROM: undefined },
      /demands a wait, which needs a second person/,
    ],
    [
      "a second person of one, by the setting",
      { because: true },
      { ROLES: good.ROLES, REQUIRE_SECOND_PERSON: "true" },
      /^REQUIRE_SECOND_PERSON demands.*one resetter alone/,
    ],
    [
      "a second person of one, where few admins are left",
      { because: true },
      { ROLES: good.ROLES, MIN_READY_ADMINS: "3" },
      /^MIN_READY_ADMINS demands.*one resetter alone/,
    ],
    ["a wait of one, who is told", { wait: { minutes: 1 } }, { ROLES: good.ROLES }, undefined],
    ["parts of a minute here", { wait: { minutes: 0.1 } }, {}, undefined],
    [
      "parts of a minute with a real Fireblocks",
      { wait: { minutes: 1, with: { inPerson: 0.5 } } },
      { ...real, RATE_LIMITS: "on" },
      /rule 1: parts of a minute/,
    ],
  ])("%s", (_, demand, more, sentence) => {
    const problems = problemsOf(demand, more);
    if (sentence === undefined) expect(problems).toEqual([]);
    else expect(problems.join("\n")).toMatch(sentence);
  });

  it.each<[string, object, RegExp | undefined]>([
    ["nothing odd", { BREAK_GLASS: "A@B.example, c@d.example" }, undefined],
    ["no e-mail", { BREAK_GLASS: "group:All" }, /^BREAK_GLASS entry is no e-mail/],
    ["no resetter", { BREAK_GLASS: "e@f.example" }, /^BREAK_GLASS names somebody who is no resetter/],
    ["nobody to review", { BREAK_GLASS: "a@b.example", ROLES: good.ROLES }, /^BREAK_GLASS needs somebody else/],
    [
      "nobody to review but another sign-in of the same person",
      { BREAK_GLASS: "a@b.example", USER_MAP: '{"c@d.example":"A@b.example"}' },
      /^BREAK_GLASS needs somebody else/,
    ],
    [
      "an auditor to review",
      { BREAK_GLASS: "a@b.example", ROLES: '{"resetter":["a@b.example"],"auditor":["c@d.example"]}' },
      undefined,
    ],
    [
      "nobody told",
      { ...real, MAIL_FROM: undefined, RATE_LIMITS: "on", BREAK_GLASS: "a@b.example" },
      /^BREAK_GLASS needs NOTIFY_URL/,
    ],
  ])("an emergency with %s", (_, more, sentence) => {
    const problems = problemsOf(undefined, more);
    if (sentence === undefined) expect(problems).toEqual([]);
    else expect(problems.join("\n")).toMatch(sentence);
  });
});
