import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "./proof-fields.ts";
import { NOTE_LIMITS, type ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { proofLines } from "../model/decision.ts";
import {
  countsOf,
  type Offer,
  offerOf,
  releaseOf,
  releaseText,
  STATE,
  type Statement,
  statementProblem,
} from "../model/release.ts";
import { readDraft, writeDraft } from "../stores/drafts.ts";
import { facts } from "../styles/facts.ts";
import { fields } from "../styles/fields.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";
import { consequenceList, consequences } from "./consequence-list.ts";

/**
 * Shows what whoever releases a reset answers for, and takes what they have verified themselves where that is lacking. Dispatches
 * `release` with it, and `cancel`.
 */
@customElement("release-form")
export class ReleaseForm extends LitElement {
  static override styles = [
    shared,
    facts,
    fields,
    consequences,
    css`
      form,
      section,
      .lacking {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--wa-space-m);
      }

      section {
        border: 1px solid var(--wa-color-brand-border-loud);
      }

      section:focus {
        outline: none;
      }

      dl {
        gap: var(--wa-space-xs);
      }

      .meaning {
        display: block;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;
  /** What the statement is about, by which it is kept until whoever hears `release` forgets it. */
  @property() about = "";
  @property({ type: Boolean }) busy = false;
  /** Whether the worker has just said that it takes more than the record tells. */
  @property({ type: Boolean, attribute: "demands-more" }) demandsMore = false;
  @state() private statement: Statement = {};
  @state() private error = "";

  override focus(): void {
    this.renderRoot.querySelector("section")?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("about")) this.statement = readDraft(this.about);
  }

  #state(more: Statement): void {
    this.statement = { ...this.statement, ...more };
    this.error = "";
    writeDraft(this.about, this.statement);
  }

  get #offer(): Offer | undefined {
    return offerOf(this.record, this.demandsMore);
  }

  /** What of it is shown, and so said. */
  get #said(): Statement {
    return countsOf(this.statement, this.#offer);
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    this.error = statementProblem(this.record, this.#said);
    if (!this.error) {
      this.dispatchEvent(new CustomEvent("release", { detail: releaseOf(this.#said) }));
      return;
    }
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".wrong")?.focus();
  }

  #lacking({ lacking, chosen, words }: Offer) {
    const { proofs = {}, verifiedBy = "" } = this.statement;
    const ofWords = chosen.length === 0 ? this.error : "";
    return html`<div class="lacking">
      <p><strong>${lacking}</strong> ${STATE.sentence}</p>
      ${
        chosen.length === 0
          ? nothing
          : html`<proof-fields
              class=${this.error ? "wrong" : ""}
              .offered=${chosen}
              .proofs=${proofs}
              .error=${this.error}
              @choose=${({ detail }: CustomEvent<NonNullable<Statement["proofs"]>>) => this.#state({ proofs: detail })}
            ></proof-fields>`
      }
      ${
        words
          ? html`<wa-input
              class=${ofWords ? "wrong" : ""}
              label=${STATE.words}
              hint=${ofWords}
              maxlength=${NOTE_LIMITS.verifiedBy}
              autocomplete="off"
              .value=${verifiedBy}
              @input=${(event: Event) => this.#state({ verifiedBy: (event.target as HTMLInputElement).value })}
            ></wa-input>`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    const { title, afterwards, consequences } = releaseText(this.record, this.#said);
    const proofs = proofLines(this.record);
    const { askedBy, reason } = this.record;
    const offer = this.#offer;
    return html`<section class="apart" tabindex="-1" aria-labelledby="confirm">
      <h3 id="confirm" class="anywhere">${breakable(title)}</h3>
      <dl>
        <div>
          <dt>Identity proven, by ${breakable(askedBy)}</dt>
          ${
            proofs.length === 0
              ? html`<dd>Nothing was said.</dd>`
              : proofs.map(
                  ({ title, meaning }) => html`<dd>${title}<span class="small quiet meaning">${meaning}</span></dd>`,
                )
          }
        </div>
        ${reason ? html`<div><dt>Reason</dt><dd>${reason}</dd></div>` : nothing}
      </dl>
      <form novalidate @submit=${this.#submit}>
        ${offer ? this.#lacking(offer) : nothing}
        ${afterwards ? html`<p><strong>${afterwards}</strong></p>` : nothing} ${consequenceList(consequences)}
        <div class="actions">
          <wa-button type="submit" variant="brand" ?loading=${this.busy}
            >${afterwards ? "Release" : "Release to Fireblocks"}</wa-button
          >
          <wa-button
            appearance="outlined"
            ?disabled=${this.busy}
            @click=${() => this.dispatchEvent(new Event("cancel"))}
            >Not now</wa-button
          >
        </div>
      </form>
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "release-form": ReleaseForm;
  }
}
