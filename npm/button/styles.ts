/**
 * The button's look. Colours follow the page's `color-scheme`; every one can be set by a custom property. Browsers
 * without `light-dark()` take the system's colours, which follow it too.
 */

import { element } from "./dom.js";

const CSS = `
:host {
  --_accent: var(--fireblocks-reset-accent, LinkText);
  --_on-accent: var(--fireblocks-reset-on-accent, Canvas);
  --_danger: var(--fireblocks-reset-danger, CanvasText);
  --_surface: var(--fireblocks-reset-surface, Canvas);
  --_text: var(--fireblocks-reset-text, CanvasText);
  --_muted: var(--fireblocks-reset-muted, CanvasText);
  --_border: var(--fireblocks-reset-border, GrayText);
  --_radius: var(--fireblocks-reset-radius, 6px);
  display: inline-flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5em 0.75em;
  font: var(--fireblocks-reset-font, inherit);
}
@supports (color: light-dark(#000, #fff)) {
  :host {
    --_accent: var(--fireblocks-reset-accent, light-dark(#1f4fd8, #8fb0ff));
    --_on-accent: var(--fireblocks-reset-on-accent, light-dark(#ffffff, #0b1533));
    --_danger: var(--fireblocks-reset-danger, light-dark(#b3261e, #ff9d94));
    --_surface: var(--fireblocks-reset-surface, light-dark(#ffffff, #16181d));
    --_text: var(--fireblocks-reset-text, light-dark(#1a1c21, #eceef2));
    --_muted: var(--fireblocks-reset-muted, light-dark(#565b66, #a9afbb));
    --_border: var(--fireblocks-reset-border, light-dark(#868c99, #757c8a));
  }
}
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
button {
  font: inherit;
  color: var(--_text);
  background: transparent;
  border: 1px solid var(--_border);
  border-radius: var(--_radius);
  padding: 0.45em 0.9em;
  min-block-size: 2.25em;
  cursor: pointer;
}
button[part~="confirm"] { background: var(--_accent); border-color: var(--_accent); color: var(--_on-accent); }
button[aria-disabled="true"] { opacity: 0.6; cursor: default; }
:focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; }
[part~="status"] { color: var(--_muted); }
[part~="status"]:empty { display: none; }
[part~="status"]:is([data-state="unknown"], [data-state="refused"]) { color: var(--_danger); }
dialog:not([open]) { display: none; }
/* Where it is not modal, for want of \`showModal\`. */
dialog[open]:not(:modal) {
  position: fixed;
  inset: 1rem 0 auto;
  margin: 0 auto;
  z-index: 2147483647;
  box-shadow: 0 0 0 100vmax rgb(0 0 0 / 0.5);
}
dialog {
  inline-size: min(32rem, calc(100vw - 2rem));
  max-block-size: calc(100dvh - 2rem);
  overflow: auto;
  color: var(--_text);
  background: var(--_surface);
  border: 1px solid var(--_border);
  border-radius: calc(var(--_radius) * 1.5);
  padding: 1.25rem;
}
dialog::backdrop { background: rgb(0 0 0 / 0.5); }
h2 { font-size: 1.15em; margin: 0 0 0.75rem; }
p { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 0.9rem; margin: 0 0 0.9rem; }
dt { color: var(--_muted); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 26rem) {
  dl { grid-template-columns: 1fr; }
  dd { margin-block-end: 0.35rem; }
}
label { display: block; margin: 0 0 0.75rem; }
label > span { display: block; margin: 0 0 0.2rem; }
input, textarea, select {
  inline-size: 100%;
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid var(--_border);
  border-radius: var(--_radius);
  padding: 0.4em 0.6em;
}
textarea { resize: vertical; }
select { min-block-size: 2.25em; }
option { color: var(--_text); background: var(--_surface); }
:is(input, textarea):read-only { color: var(--_muted); }
/* Empty it is there all the same: a screen reader tells what comes into it. */
[part~="remedy"]:not(:empty) {
  margin: 0 0 0.75rem;
  padding-inline-start: 0.75rem;
  border-inline-start: 3px solid var(--_accent);
  overflow-wrap: anywhere;
}
ol { display: grid; gap: 0.3rem; margin: 0.4rem 0 0; padding-inline-start: 1.25rem; }
[part~="alert"] { color: var(--_danger); }
[part~="alert"]:empty { display: none; }
[part~="actions"] {
  display: flex;
  flex-wrap: wrap;
  justify-content: flex-end;
  gap: 0.5rem;
  /* In sight however short the window is. */
  position: sticky;
  inset-block-end: -1.25rem;
  margin: 0 -1.25rem -1.25rem;
  padding: 0.75rem 1.25rem 1.25rem;
  background: var(--_surface);
}
a { color: var(--_accent); }
`;

const sheets = new WeakMap<Document, CSSStyleSheet>();

/**
 * One sheet for every button of a document, since none is taken by another one. A constructed sheet needs no
 * `'unsafe-inline'` in the page's policy; where there is none, a policy may leave the button without its looks, but not
 * without its work.
 */
export function addStyles(root: ShadowRoot): void {
  const { ownerDocument } = root;
  try {
    const sheet = sheets.get(ownerDocument) ?? new (ownerDocument.defaultView ?? window).CSSStyleSheet();
    if (!sheets.has(ownerDocument)) sheet.replaceSync(CSS);
    sheets.set(ownerDocument, sheet);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(element("style", {}, CSS));
  }
}
