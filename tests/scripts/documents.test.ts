import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repository } from "../../scripts/base/environment.mjs";
import { documentPictures, pictures, shownPictures } from "../../scripts/screenshots/names.mjs";
import { states } from "../../scripts/screenshots/states.mjs";

const read = (path: string) => readFileSync(join(repository, path), "utf8");

describe("docs/threat-model.md", () => {
  const named = [...read("docs/threat-model.md").matchAll(/`([\w./-]+\.ts)` “([^”]+)”/g)].map(
    ([, file = "", title = ""]) => ({ file, title }),
  );

  it("names a test for each threat", () => {
    const threats = read("docs/threat-model.md").match(/^\| (?!Threat |---).* \| .* \| .* \|$/gm) ?? [];
    expect(threats.length).toBeGreaterThan(100);
    expect(threats.filter((row) => !/ \| `[^|]*” \|$/.test(row))).toEqual([]);
  });

  it.each(named)("names $file “$title”, which exists", ({ file, title }) => {
    expect(existsSync(join(repository, file)), file).toBe(true);
    expect(read(file)).toContain(`"${title}"`);
  });
});

describe("docs/routes.md", () => {
  const rows = [...read("docs/routes.md").matchAll(/^\| (.+?) \|/gm)].map(([, cell = ""]) => cell);

  it("tells of every route of the API, and of no other", () => {
    // What each file of routes stands below, by the worker's own list of them.
    const below: Record<string, string> = {
      "confirmation-routes": "/api/confirmations",
      "elsewhere-routes": "/api/elsewhere",
      "fireblocks-routes": "/v1",
      "health-routes": "/api/health",
      "help-routes": "/api/help",
      "me-routes": "/api/me",
      "webhook-routes": "/api/webhooks/fireblocks",
    };
    const folder = "worker/src/http";
    const routes = readdirSync(join(repository, folder))
      .filter((file) => file.endsWith("-routes.ts"))
      .flatMap((file) => {
        const written = read(`${folder}/${file}`).matchAll(/\.(get|post)\("(\/[^"]*)"|\["(\/[^"]+)", \w+\],/g);
        return [...written].map(([, method = "post", path, listed = ""]) => {
          const whole = `${below[file.replace(".ts", "")] ?? "/api"}${path ?? listed}`;
          return `${method.toUpperCase()} ${whole.replace(/\/$/, "").replace(/:\w+/g, "{}")}`;
        });
      });
    const told = rows
      .filter((cell) => /^`(GET|POST) \//.test(cell))
      .flatMap((cell) => {
        const [first = "", ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, route = ""]) => route);
        return [first, ...others.map((other) => other.replace("…", first.replace(/\/[^/]*$/, "")))];
      })
      .map((route) => route.replace(/\{\w+\}/g, "{}"));
    expect(routes.length).toBeGreaterThan(30);
    expect(told.sort()).toEqual(routes.sort());
  });

  it("tells of every code of an error, and of no other", () => {
    const codes = [...read("worker/src/errors.ts").matchAll(/^ {2}\w+: (\d{4}),$/gm)].map(([, code]) => Number(code));
    const told = rows
      .filter((cell) => /^1\d{3}/.test(cell))
      .flatMap((cell) => cell.split(", "))
      .flatMap((part) => {
        const [first = 0, last = first] = part.split("–").map(Number);
        return Array.from({ length: last - first + 1 }, (_, index) => first + index);
      });
    expect(codes.length).toBeGreaterThan(40);
    expect(told.sort()).toEqual(codes.sort());
  });
});

describe("docs/deploy.md", () => {
  const page = read("docs/deploy.md");
  const table = page.matchAll(/^\| `([A-Z_]+)` \|.* \| ([^|]+) \|$/gm);
  const defaults = new Map([...table].map(([, name = "", value = ""]) => [name, value]));
  const documented = [...defaults.keys()].sort();
  const bindings = /interface Bindings \{([\s\S]*?)\n\}/.exec(read("worker/src/configuration/bindings.ts"))?.[1] ?? "";
  const settings = [...bindings.matchAll(/^ {2}([A-Z_]+)\??:/gm)].map(([, name]) => name).sort();

  it("tells of every setting of the worker, and of no other", () => {
    expect(settings.length).toBeGreaterThan(20);
    expect(documented).toEqual(settings);
  });

  it("tells the default of each that has one, as the worker has it", () => {
    const written = read("worker/src/configuration/settings.ts").matchAll(
      /setting\("(\w+)", (?:v\.optional\(.*, "(\w+)"\)|form\.flag\((\w+)\)|form\.either\("(\w+)", "\w+"\))\)/g,
    );
    const known = [...written].map(([, name = "", number, flag, word]) => [name, `\`${number ?? flag ?? word}\``]);
    expect(known.length).toBeGreaterThan(10);
    expect(known.map(([name = ""]) => [name, defaults.get(name)])).toEqual(known);
  });

  it("tells of every event that a destination can ask for, and of no other", () => {
    const list = /MESSAGE_TYPES = \[([\s\S]*?)\] as const;/.exec(read("worker/src/configuration/destinations.ts"))?.[1];
    const words = [...(list ?? "").matchAll(/"([\w.]+)"/g)].map(([, word = ""]) => word);
    const isState = (word: string) => new RegExp(`^ {2}\\| "${word}"`, "m").test(contract);
    const contract = `${read("npm/index.d.ts")}${read("npm/gateway-api.d.ts")}`;
    const types = words.filter((word) => !isState(word)).map((word) => (word.includes(".") ? word : `reset.${word}`));
    const row = /^\| `events` \|.*$/m.exec(page)?.[0] ?? "";
    const told = [...row.matchAll(/`((?:reset|confirmation|alarm|elsewhere)\.\w+)`/g)].map(([, type]) => type);
    expect(types).toContain("reset.due");
    expect(told.filter((type) => type !== "reset.approvalRequested").sort()).toEqual(types.sort());
  });

  it("tells of every line of the log that warns", () => {
    const folder = join(repository, "worker", "src");
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const warnings = sources.flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/level: "(?:warn|error)", event: ([^,}]+)/g)].flatMap(
        ([, event = ""]) => [...event.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name),
      ),
    );
    expect(warnings.length).toBeGreaterThan(20);
    expect(warnings.filter((name) => !new RegExp(`(?:event = |\`)${name}\``).test(page))).toEqual([]);
  });
});

describe("docs/progress.md", () => {
  it("tells each tolerance as the client has it", () => {
    const source = readdirSync(join(repository, "src/progress"), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => read(`src/progress/${name}`))
      .join("\n");
    const units: Record<string, number> = { s: 1_000, min: 60_000, days: 86_400_000 };
    const told = [...read("docs/progress.md").matchAll(/^\| ((?:`[A-Z_]+_MS`(?:, )?)+) \| ([^:]+):/gm)].flatMap(
      ([, names = "", values = ""]) =>
        [...names.matchAll(/`(\w+)`/g)].map(([, name], index) => {
          const [amount = "", unit = ""] = (values.split(" and ")[index] ?? "").split(" ");
          return [name, Number(amount) * (units[unit] ?? Number.NaN)];
        }),
    );
    const known = told.map(([name]) => {
      const value = new RegExp(`const ${name}: f64 = ([\\d_. *]+);`).exec(source)?.[1] ?? "";
      return [name, value.split("*").reduce((product, factor) => product * Number(factor.replaceAll("_", "")), 1)];
    });
    expect(told.length).toBeGreaterThan(8);
    expect(told).toEqual(known);
  });
});

describe("docs/button.md", () => {
  const page = read("docs/button.md");
  const [element] = JSON.parse(read("npm/button/custom-elements.json")).modules[0].declarations;

  it.each(["attributes", "events", "cssParts", "cssProperties"])("tells of the element's %s", (kind) => {
    const names = (element[kind] as { name: string }[]).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(2);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
  it("tells of its states", () => {
    const list = /const SENTENCES[^=]*= \{([\s\S]*?)\n\}/.exec(read("npm/states.ts"))?.[1] ?? "";
    const names = [...list.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("docs/command.md", () => {
  it("tells of every exit code, and of no other", () => {
    const codes = [...read("npm/cli/exit-codes.ts").matchAll(/^ {2}\w+: (\d+),$/gm)].map(([, code]) => code);
    const told = [...read("docs/command.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    expect(told).toEqual(codes);
  });
});

describe("npm/README.md", () => {
  it("tells of every entry of the package, and of no other", () => {
    const entries = Object.keys(JSON.parse(read("npm/package.json")).exports).filter(
      (path) => path !== "./package.json",
    );
    const told = [...read("npm/README.md").matchAll(/^\| (`fireblocks-reset-device.*?) \|/gm)]
      .flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)])
      .map(([, name = ""]) => name.replace(/^(fireblocks-reset-device|…)/, "."));
    expect(told.sort()).toEqual(entries.sort());
  });
});

describe("tests/conformance/README.md", () => {
  it("tells where each test belongs", () => {
    const page = read("tests/conformance/README.md");
    const tests = readdirSync(join(repository, "tests/conformance"), { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".test.ts"),
    );
    const told = (file: string) => [file, file.replace(/[^/]+$/, "")].some((path) => page.includes(`\`${path}\``));
    expect(tests.length).toBeGreaterThan(20);
    expect(tests.filter((file) => !told(file))).toEqual([]);
  });
});

describe("simulator/README.md", () => {
  it("tells of every address of the control", () => {
    const control = /let control = Router::new\(\)([\s\S]*?)let local/.exec(read("simulator/src/router.rs"))?.[1] ?? "";
    const names = [...control.matchAll(/\.route\("\/([\w/]+)/g)].map(([, name = ""]) => name.replace(/\/$/, ""));
    const table = read("simulator/README.md")
      .split("\n")
      .filter((line) => /^\| `(GET|POST)/.test(line))
      .join("\n");
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !new RegExp(`[A-Z] ${name}\\b`).test(table))).toEqual([]);
  });
});

describe("docs/page.md", () => {
  it("tells of every state of the page by its name, in the order of the states", () => {
    const named = [...read("docs/page.md").matchAll(/^- \*\*[^*]+\*\* \(`([\w-]+)`\):/gm)].map(([, name]) => name);
    expect(named).toEqual(Object.keys(states));
  });
});

describe("the pictures", () => {
  const kept = readdirSync(documentPictures);
  const size = (paths: string[]) => paths.reduce((sum, path) => sum + statSync(path).size, 0);
  const docs = readdirSync(join(repository, "docs"), { recursive: true, withFileTypes: true });

  it("that are kept are those that the documents show, a dozen at most", () => {
    expect(kept.sort()).toEqual(shownPictures().sort());
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(12);
  });
  it("are of states that there are", () => {
    const possible = Object.keys(states).flatMap((state) => pictures(state).map(({ file }) => file));
    expect(kept.filter((file) => !possible.includes(file))).toEqual([]);
  });
  it("are small, and docs/ with them", () => {
    expect(size(kept.map((file) => join(documentPictures, file)))).toBeLessThan(1_500_000);
    const files = docs.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    expect(size(files)).toBeLessThan(2_500_000);
  });
});
