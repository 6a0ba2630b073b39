import { html, type TemplateResult } from "lit";

/**
 * A text whose e-mail addresses stay whole: a line ends before one rather than in it. One that is longer than a whole line
 * breaks before its `@`. The looks of `.address-whole` are in the shared styles.
 */
export function breakable(text: string | undefined): TemplateResult {
  const parts = (text ?? "").split(/(\S+@\S+)/);
  return html`${parts.map((part, index) => (index % 2 ? whole(part) : part))}`;
}

function whole(address: string): TemplateResult {
  const at = address.lastIndexOf("@");
  return html`<span class="address-whole">${address.slice(0, at)}<wbr />${address.slice(at)}</span>`;
}
