import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../styles/shared.ts";

const SHORTCUTS: readonly [keys: string[], what: string][] = [
  [["/"], "Search users"],
  [["↑", "↓"], "Move through the list"],
  [["Home", "End"], "First and last in the list"],
  [["Enter"], "Open the selected user or reset"],
  [["Esc"], "Close the dialog, or clear the search"],
  [["g", "u"], "Go to users"],
  [["g", "h"], "Go to the history"],
  [["g", "t"], "Go to what is to do"],
  [["g", "m"], "Go to your own device"],
  [["?"], "Show this list"],
];

/** The keyboard's shortcuts. */
@customElement("shortcut-list")
export class ShortcutList extends LitElement {
  static override styles = [
    shared,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 0.625rem 1.25rem;
        align-items: center;
      }

      dt {
        display: flex;
        gap: 0.25rem;
      }

      kbd {
        min-inline-size: 1.75rem;
        padding: 0.125rem 0.4375rem;
        border: 1px solid var(--wa-color-surface-border);
        border-block-end-width: 2px;
        border-radius: 0.3125rem;
        background: var(--wa-color-surface-lowered);
        font: 500 0.8125rem var(--wa-font-family-body);
        text-align: center;
      }
    `,
  ];

  @property({ type: Boolean }) open = false;

  protected override render() {
    return html`
      <wa-dialog
        label="Keyboard shortcuts"
        light-dismiss
        ?open=${this.open}
        @wa-after-hide=${() => this.dispatchEvent(new Event("close"))}
      >
        <dl>
          ${SHORTCUTS.map(
            ([keys, what]) => html`<dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt>
              <dd>${what}</dd>`,
          )}
        </dl>
      </wa-dialog>
    `;
  }
}
