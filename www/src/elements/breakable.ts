import { html, type TemplateResult } from "lit";

/** An e-mail address that breaks, where it has to, before its `@`. */
export function breakable(text: string | undefined): TemplateResult {
  const parts = (text ?? "").split(/(?=@)/);
  return html`${parts.map((part, index) => (index ? html`<wbr />${part}` : part))}`;
}
