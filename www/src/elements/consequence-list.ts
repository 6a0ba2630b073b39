import { css, html, type TemplateResult } from "lit";
import type { Consequence } from "../model/consequences.ts";

/** The looks of {@link consequenceList}. */
export const consequences = css`
  .consequences {
    display: grid;
    gap: 0.625rem;
    margin-block-start: var(--wa-space-s);
    list-style: none;
    font-size: 0.9375rem;
  }

  .consequences li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0.625rem;
  }

  .consequences wa-icon {
    margin-block-start: 0.1875rem;
    color: var(--wa-color-text-quiet);
  }

  .weighty {
    font-weight: 550;
  }

  .weighty wa-icon {
    color: var(--wa-color-warning-50);
  }
`;

/** What a reset will do, alike wherever it is shown before a decision. */
export function consequenceList(list: readonly Consequence[]): TemplateResult {
  return html`<ul class="consequences" role="list">
    ${list.map(
      ({ icon, text, weighty }) =>
        html`<li class=${weighty ? "weighty" : ""}><wa-icon name=${icon}></wa-icon><span>${text}</span></li>`,
    )}
  </ul>`;
}
