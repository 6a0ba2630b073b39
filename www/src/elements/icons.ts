/** Gives Web Awesome its icons from our own origin, as sprite sheets. */
import "@awesome.me/webawesome/dist/components/icon/icon.js";
import sheets from "virtual:icon-sheets";
import { registerIconLibrary } from "@awesome.me/webawesome/dist/components/icon/library.js";

for (const { library, href, icons } of sheets) {
  const known = new Set(icons);
  registerIconLibrary(library, {
    spriteSheet: true,
    resolver: (name) => (known.has(name) ? `${href}#${name}` : ""),
    // The outer element needs the symbols' box, or it is as wide as an image without a size.
    mutator: (svg) => {
      svg.setAttribute("viewBox", "0 0 16 16");
      svg.setAttribute("fill", "currentColor");
    },
  });
}
