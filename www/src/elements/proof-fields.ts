import "@awesome.me/webawesome/dist/components/input/input.js";
import { NOTE_LIMITS } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Answers, CHOSEN, type ChosenProof, PROOF_HINTS, PROOFS_LEGEND, proofLabel } from "../model/reset-form.ts";
import { shared } from "../styles/shared.ts";

/** The proofs that can be stated, each with room for what there is to say of it. Dispatches `choose` with all of them. */
@customElement("proof-fields")
export class ProofFields extends LitElement {
  static override styles = [
    shared,
    css`
      fieldset {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-2xs);
        min-inline-size: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }

      legend {
        padding: 0;
        font-weight: var(--wa-form-control-label-font-weight, 550);
      }

      label {
        display: flex;
        align-items: center;
        gap: 0.625rem;
        min-block-size: 2.75rem;
        cursor: pointer;
      }

      input[type="checkbox"] {
        flex: none;
        inline-size: 1.25rem;
        block-size: 1.25rem;
        margin: 0;
        accent-color: var(--wa-color-brand-fill-loud);
      }

      input:focus-visible {
        outline: var(--wa-focus-ring);
        outline-offset: 2px;
      }

      wa-input {
        margin-inline-start: 1.875rem;
        margin-block-end: var(--wa-space-xs);
      }

      .error {
        color: var(--wa-color-danger-on-quiet);
        font-size: 0.875rem;
        font-weight: 550;
      }
    `,
  ];

  @property({ attribute: false }) proofs: NonNullable<Answers["proofs"]> = {};
  /** Those that are offered. */
  @property({ attribute: false }) offered: readonly ChosenProof[] = CHOSEN;
  @property() error = "";

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  #choose(proof: ChosenProof, text: string | undefined): void {
    const { [proof]: _, ...others } = this.proofs;
    const detail = text === undefined ? others : { ...others, [proof]: text };
    this.dispatchEvent(new CustomEvent("choose", { detail }));
  }

  protected override render() {
    return html`<fieldset aria-describedby=${this.error ? "error" : nothing}>
      <legend>${PROOFS_LEGEND}</legend>
      ${this.offered.map((proof) => {
        const text = this.proofs[proof];
        return html`<label>
            <input
              type="checkbox"
              .checked=${text !== undefined}
              @change=${(event: Event) => this.#choose(proof, (event.target as HTMLInputElement).checked ? "" : undefined)}
            />${proofLabel(proof)}</label
          >${
            text === undefined
              ? nothing
              : html`<wa-input
                  label=${`${PROOF_HINTS[proof]} (optional)`}
                  maxlength=${NOTE_LIMITS.verifiedBy}
                  autocomplete="off"
                  .value=${text}
                  @input=${(event: Event) => this.#choose(proof, (event.target as HTMLInputElement).value)}
                ></wa-input>`
          }`;
      })}
      ${this.error ? html`<p id="error" class="error">${this.error}</p>` : nothing}
    </fieldset>`;
  }
}
