// The policy that docs/deploy.md recommends, for trying it out: an hour's wait becomes six seconds.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../base/environment.mjs";

/** Of a minute, what waits here. */
const SHORTER = 1 / 600;

/** Whose manager is who, among the people who can sign in. */
const MANAGERS = { "noor.haddad@northwind.example": "priya.nair@northwind.example" };

/**
 * @typedef {object} Rule
 * @property {string} name
 * @property {object} [when]
 * @property {{ wait?: { minutes: number, with?: Record<string, number> } }} demand
 */

/** @returns {Rule[]} */
export function recommendedPolicy() {
  return JSON.parse(readFileSync(join(repository, "scripts", "start", "policy.json"), "utf8"));
}

/** The settings with which `npm start` runs. @param {string} emergency who may pass the policy over @returns {Record<string, string>} */
export function policySettings(emergency) {
  const rules = recommendedPolicy().map((rule) => ({ ...rule, demand: shortened(rule.demand) }));
  return { POLICY: JSON.stringify(rules), BREAK_GLASS: emergency, MANAGERS: JSON.stringify(MANAGERS) };
}

/** @param {Rule["demand"]} demand */
function shortened({ wait, ...others }) {
  if (wait === undefined) return others;
  const given = Object.entries(wait.with ?? {}).map(([proof, minutes]) => [proof, minutes * SHORTER]);
  return { ...others, wait: { minutes: wait.minutes * SHORTER, with: Object.fromEntries(given) } };
}
