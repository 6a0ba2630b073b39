/**
 * The page's icons as one sprite sheet per Web Awesome library, taken from Bootstrap Icons.
 *
 * Web Awesome draws its icons with `innerHTML` and from `data:` addresses or a foreign host, none of which a strict
 * Content-Security-Policy lets through. A sprite sheet from our own origin needs only `<use href>`.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const folder = join(dirname(createRequire(import.meta.url).resolve("bootstrap-icons/package.json")), "icons");

/** Name in the sprite sheet → file of Bootstrap Icons. */
export const SHEETS = {
  /** What the page itself names. */
  default: {
    "arrow-clockwise": "arrow-clockwise",
    "arrow-left": "arrow-left",
    "arrow-right": "arrow-right",
    "box-arrow-right": "box-arrow-right",
    "check-circle": "check-circle",
    "check-circle-fill": "check-circle-fill",
    "clock-history": "clock-history",
    "cloud-slash": "cloud-slash",
    code: "code-slash",
    download: "download",
    "exclamation-triangle": "exclamation-triangle",
    "hourglass-split": "hourglass-split",
    inbox: "inbox",
    "info-circle": "info-circle",
    key: "key",
    keyboard: "keyboard",
    lock: "lock",
    moon: "moon-stars",
    "pause-circle": "pause-circle",
    person: "person-circle",
    phone: "phone",
    printer: "printer",
    "question-circle": "question-circle",
    search: "search",
    shield: "shield-lock",
    "slash-circle": "slash-circle",
    sun: "sun",
    "x-circle": "x-circle",
  },
  /** What Web Awesome's own components ask for. */
  system: {
    check: "check-lg",
    "chevron-down": "chevron-down",
    "chevron-left": "chevron-left",
    "chevron-right": "chevron-right",
    "circle-xmark": "x-circle-fill",
    copy: "copy",
    xmark: "x-lg",
  },
} as const;

function symbol(name: string, file: string): string {
  const svg = readFileSync(join(folder, `${file}.svg`), "utf8");
  const viewBox = /viewBox="([^"]+)"/.exec(svg)?.[1];
  const body = /<svg[^>]*>([\s\S]*)<\/svg>/
    .exec(svg)?.[1]
    ?.trim()
    .replaceAll(/\s*\n\s*/g, "");
  if (!viewBox || !body) throw new Error(`${file}.svg is not the SVG that was expected.`);
  return `<symbol id="${name}" viewBox="${viewBox}">${body}</symbol>`;
}

function sheet(icons: Readonly<Record<string, string>>): string {
  const symbols = Object.entries(icons).map(([name, file]) => symbol(name, file));
  return `<svg xmlns="http://www.w3.org/2000/svg" fill="currentColor">${symbols.join("")}</svg>`;
}

const VIRTUAL = "virtual:icon-sheets";

/** Serves `virtual:icon-sheets`: the addresses of the sheets and the names in them. */
export function iconSheets(): Plugin {
  let building = false;
  const path = (name: string, svg: string) =>
    `assets/icons-${name}-${createHash("sha256").update(svg).digest("base64url").slice(0, 8)}.svg`;
  const sheets = Object.entries(SHEETS).map(([name, icons]) => {
    const svg = sheet(icons);
    return { name, svg, path: path(name, svg), icons: Object.keys(icons) };
  });
  return {
    name: "icon-sheets",
    configResolved(config) {
      building = config.command === "build";
    },
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : undefined),
    load(id) {
      if (id !== `\0${VIRTUAL}`) return;
      if (building) {
        for (const { path: fileName, svg } of sheets) this.emitFile({ type: "asset", fileName, source: svg });
      }
      const entries = sheets.map(({ name, path, icons }) => ({ library: name, href: `/${path}`, icons }));
      return `export default ${JSON.stringify(entries)};`;
    },
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const found = sheets.find(({ path }) => request.url === `/${path}`);
        if (!found) return next();
        response.setHeader("Content-Type", "image/svg+xml").end(found.svg);
      });
    },
  };
}

/**
 * Leaves out Web Awesome's own system icons (10 KB gzip), which are never drawn here: both of its libraries are
 * replaced before the first icon is. Fails the build when the module is not found, so that an update is noticed.
 */
export function withoutBundledIcons(): Plugin {
  let found = false;
  return {
    name: "without-bundled-icons",
    apply: "build",
    transform(code, id) {
      if (!id.includes("webawesome") || !code.includes("// src/components/icon/library.system.ts")) return;
      // Both variants stay as names, since the library's resolver looks into them.
      const lean = code.replace(/var icons = \{[\s\S]*?\n\};/, "var icons = { solid: {}, regular: {} };");
      found = lean.length < code.length;
      return lean;
    },
    buildEnd(error) {
      if (!error && !found) throw new Error("Web Awesome's system icon library was not found in the build.");
    },
  };
}
