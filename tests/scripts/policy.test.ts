import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { policySettings, recommendedPolicy } from "../../scripts/start/policy.mjs";

it("the policy that the guide recommends is the one that npm start runs with, in seconds", () => {
  const guide = readFileSync(join(repository, "docs", "deploy.md"), "utf8");
  const [, block = ""] = /For production, to begin with:\n\n```json\n(.*?)```/s.exec(guide) ?? [];
  expect(JSON.parse(block)).toEqual(recommendedPolicy());
  const { POLICY = "", BREAK_GLASS } = policySettings("a@b.example");
  expect(BREAK_GLASS).toBe("a@b.example");
  const rules: ReturnType<typeof recommendedPolicy> = JSON.parse(POLICY);
  expect(rules.map(({ name }) => name)).toEqual(recommendedPolicy().map(({ name }) => name));
  expect(rules[0]?.demand.wait).toEqual({ minutes: 0.1, with: { inPerson: 0 } });
});
