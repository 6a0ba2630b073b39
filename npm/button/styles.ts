/** The button's look. Colours follow the page's `color-scheme`; every one can be set by a custom property. */

const CSS = `
:host {
  --_accent: var(--fireblocks-reset-accent, light-dark(#1f4fd8, #8fb0ff));
  --_on-accent: var(--fireblocks-reset-on-accent, light-dark(#ffffff, #0b1533));
  --_danger: var(--fireblocks-reset-danger, light-dark(#b3261e, #ff9d94));
  --_surface: var(--fireblocks-reset-surface, light-dark(#ffffff, #16181d));
  --_text: var(--fireblocks-reset-text, light-dark(#1a1c21, #eceef2));
  --_muted: var(--fireblocks-reset-muted, light-dark(#565b66, #a9afbb));
  --_border: var(--fireblocks-reset-border, light-dark(#868c99, #757c8a));
  --_radius: var(--fireblocks-reset-radius, 6px);
  display: inline-flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5em 0.75em;
  font: var(--fireblocks-reset-font, inherit);
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
:host(:state(unknown)) [part~="status"], :host(:state(refused)) [part~="status"] { color: var(--_danger); }
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
input, textarea {
  inline-size: 100%;
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid var(--_border);
  border-radius: var(--_radius);
  padding: 0.4em 0.6em;
}
textarea { resize: vertical; }
:is(input, textarea):read-only { color: var(--_muted); }
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

let sheet: CSSStyleSheet | undefined;

/** One sheet for every button of a page. A constructed sheet needs no `'unsafe-inline'` in the page's policy. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
  }
  return sheet;
}
