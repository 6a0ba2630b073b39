import "./remedy-panel.ts";
import type { PhoneStory } from "fireblocks-reset-device";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { STORY_CHOICES, STORY_LABEL, STORY_NONE } from "../model/demands.ts";
import { filters } from "../styles/filters.ts";
import { shared } from "../styles/shared.ts";

/** What happened to the phone, by the browser's own select, and what helps then. Dispatches `choose` with the story, or an empty text. */
@customElement("story-field")
export class StoryField extends LitElement {
  static override styles = [
    shared,
    filters,
    css`
      label {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-xs);
      }

      .name {
        font-weight: var(--wa-form-control-label-font-weight, 550);
      }

      remedy-panel {
        margin-block-start: var(--wa-space-s);
      }

      .error {
        margin-block-start: var(--wa-space-2xs);
        color: var(--wa-color-danger-on-quiet);
        font-size: 0.875rem;
        font-weight: 550;
      }
    `,
  ];

  @property() value: PhoneStory | "" = "";
  @property() error = "";
  @property({ type: Boolean }) required = false;

  override focus(): void {
    this.renderRoot.querySelector("select")?.focus();
  }

  protected override render() {
    const chosen = (event: Event) =>
      this.dispatchEvent(new CustomEvent("choose", { detail: (event.target as HTMLSelectElement).value }));
    return html`<label>
        <span class="name">${STORY_LABEL}${this.required ? "" : " (optional)"}</span>
        <span class="frame">
          <select
            @change=${chosen}
            aria-invalid=${this.error ? "true" : nothing}
            aria-describedby=${this.error ? "error" : nothing}
          >
            ${[{ value: "", label: STORY_NONE }, ...STORY_CHOICES].map(
              ({ value, label }) => html`<option value=${value} .selected=${value === this.value}>${label}</option>`,
            )}
          </select>
          <wa-icon library="system" name="chevron-down"></wa-icon>
        </span>
      </label>
      ${this.error ? html`<p id="error" class="error">${this.error}</p>` : nothing}
      ${this.value ? html`<remedy-panel story=${this.value}></remedy-panel>` : nothing}`;
  }
}
