// The routes as docs/routes.md tells of them: what is promised of every route is tried on every one. That the document leaves
// none out, tests/scripts/documents.test.ts looks.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {{ method: string, path: string, who: string }} DocumentedRoute with `{id}` where an id stands; `who` in its words */

/** @returns {DocumentedRoute[]} */
export function documentedRoutes() {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/routes.md"), "utf8");
  const rows = page.matchAll(/^\| (`(?:GET|POST) \/[^|]*) \| ([^|]*) \|/gm);
  return [...rows].flatMap(([, cell = "", who = ""]) => {
    const [first = "", ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, route = ""]) => route);
    const routes = [first, ...others.map((other) => other.replace("…", first.replace(/\/[^/]*$/, "")))];
    return routes.map((route) => {
      const [method = "", path = ""] = route.split(" ");
      return { method, path, who };
    });
  });
}
