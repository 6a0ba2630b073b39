// What editors and the checkers of templates are told of the button, against the button itself.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";
import { repository, toolEnvironment } from "../../scripts/base/environment.mjs";
import { TestGateway } from "./support/gateway.ts";

interface Named {
  name: string;
}
interface Manifest {
  modules: { declarations: (Record<string, Named[]> & { attributes: (Named & { fieldName: string })[] })[] }[];
}

const names = (list: Named[] = []) => list.map(({ name }) => name).sort();

test("JSX of React and Preact, and the templates of Vue and Svelte, know its attributes, properties and events", async () => {
  test.setTimeout(120_000);
  const project = join(repository, "tests", "button", "frameworks", "tsconfig.json");
  const { stdout } = await promisify(execFile)("tsc", ["--project", project, "--skipLibCheck", "false"], {
    env: toolEnvironment(),
  });
  expect(stdout).toBe("");
});

test("the Custom Elements Manifest names what the button has, and nothing else", async ({ page }) => {
  const file = join(repository, "pkg", "button", "custom-elements.json");
  const manifest: Manifest = JSON.parse(readFileSync(file, "utf8"));
  const [declared] = manifest.modules[0]?.declarations ?? [];
  const gateway = await new TestGateway().start();
  try {
    await page.goto(gateway.url);
    const found = await page.evaluate(() => {
      const button = document.querySelector("fireblocks-reset-device") as HTMLElement;
      const { observedAttributes } = button.constructor as unknown as { observedAttributes: string[] };
      const members = new Set<string>();
      for (let at = Object.getPrototypeOf(button); at !== HTMLElement.prototype; at = Object.getPrototypeOf(at)) {
        for (const name of Object.getOwnPropertyNames(at)) members.add(name);
      }
      const parts = [...(button.shadowRoot?.querySelectorAll("[part]") ?? [])].flatMap((one) => [...one.part]);
      const styles = [...(button.shadowRoot?.adoptedStyleSheets ?? [])].flatMap((sheet) =>
        [...sheet.cssRules].map(({ cssText }) => cssText),
      );
      const properties = styles.join("\n").match(/--fireblocks-reset-[\w-]+/g) ?? [];
      return { attributes: observedAttributes, members: [...members], parts, properties };
    });
    const callbacks = /^constructor$|Callback$/;
    expect(names(declared?.attributes)).toEqual([...found.attributes].sort());
    expect(names(declared?.members)).toEqual(found.members.filter((name) => !callbacks.test(name)).sort());
    // The link to sign in is there for whoever is signed out.
    expect(names(declared?.cssParts)).toEqual([...new Set([...found.parts, "sign-in"])].sort());
    expect(names(declared?.cssProperties)).toEqual([...new Set(found.properties)].sort());
    for (const { fieldName } of declared?.attributes ?? []) expect(found.members).toContain(fieldName);
  } finally {
    await gateway.stop();
  }
  // Each state has its sentence there.
  const states = readFileSync(join(repository, "npm", "states.ts"), "utf8");
  const known = [...states.matchAll(/^ {2}(\w+): "/gm)].map(([, name = ""]) => name);
  expect(names(declared?.cssStates)).toEqual(known.sort());
});
