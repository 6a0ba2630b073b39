// Which pictures there can be of a state, what they are called, and which of them the documents show.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../base/environment.mjs";

const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 360, height: 780 } };
const THEMES = /** @type {const} */ (["light", "dark"]);

/** Where the pictures are that the documents show. */
export const documentPictures = join(repository, "docs", "screenshots");

/** The pictures of a state. @param {string} state */
export function pictures(state) {
  return Object.entries(SIZES).flatMap(([size, viewport]) =>
    THEMES.map((theme) => ({ state, theme, viewport, file: `${state}-${theme}-${size}.png` })),
  );
}

/** The names of the pictures that README.md and docs/ show. */
export function shownPictures() {
  const docs = readdirSync(join(repository, "docs")).filter((file) => file.endsWith(".md"));
  const documents = ["README.md", ...docs.map((file) => join("docs", file))];
  const text = documents.map((file) => readFileSync(join(repository, file), "utf8")).join("\n");
  return [...new Set([...text.matchAll(/screenshots\/([\w-]+\.png)\b/g)].map(([, name = ""]) => name))];
}
