import "@awesome.me/webawesome/dist/components/button/button.js";
import "./problem-panel.ts";
import "./reason-form.ts";
import type { ElsewhereReset } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { elsewhereTitle, VERDICTS, type Verdict } from "../model/elsewhere.ts";
import { NOT_NOW } from "../model/protest.ts";
import { forgetWords } from "../stores/drafts.ts";
import type { ElsewhereStore } from "../stores/elsewhere.ts";
import { Follow } from "../stores/store.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";

/** Says of a reset made elsewhere whether it is known, with a reason. Dispatches `decided` with the verdict, which bubbles. */
@customElement("elsewhere-verdict")
export class ElsewhereVerdict extends LitElement {
  static override styles = [shared, helpStyles];

  @property({ attribute: false }) reset!: ElsewhereReset;
  @property({ attribute: false }) store!: ElsewhereStore;
  @state() private open?: Verdict | undefined;
  #follow?: Follow;

  protected override willUpdate(): void {
    this.#follow ??= new Follow(this, this.store);
  }

  async #show(open: Verdict | undefined): Promise<void> {
    const before = this.open;
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(open ? "reason-form" : `.${before}`)?.focus();
  }

  #about(verdict: Verdict): string {
    return `${verdict}/${this.reset.id}`;
  }

  async #decide(verdict: Verdict, reason: string): Promise<void> {
    if (!(await this.store.decide(this.reset.id, verdict, reason))) return;
    forgetWords(this.#about(verdict));
    this.dispatchEvent(new CustomEvent("decided", { detail: verdict, bubbles: true, composed: true }));
  }

  #opener(verdict: Verdict) {
    const { open } = VERDICTS[verdict];
    return html`<wa-button
      class=${verdict}
      appearance="outlined"
      size="s"
      @click=${() => this.#show(verdict)}
      ><span aria-hidden="true">${open}</span
      ><span class="visually-hidden">${open.replace("…", "")}: ${elsewhereTitle(this.reset)}</span></wa-button
    >`;
  }

  protected override render() {
    const { open } = this;
    if (open === undefined) return html`<div class="actions">${this.#opener("known")}${this.#opener("notKnown")}</div>`;
    const { deciding, refused } = this.store.state;
    const busy = deciding === this.reset.id;
    return html`<div class="stack">
      ${refused?.id === this.reset.id ? html`<problem-panel .problem=${refused.problem} no-retry></problem-panel>` : nothing}
      <reason-form
        about=${this.#about(open)}
        .words=${VERDICTS[open]}
        ?busy=${busy}
        @give=${({ detail }: CustomEvent<string>) => this.#decide(open, detail)}
      >
        <p slot="before" class="measure">${VERDICTS[open].after}</p>
        <wa-button appearance="outlined" ?disabled=${busy} @click=${() => this.#show(undefined)}>${NOT_NOW}</wa-button>
      </reason-form>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "elsewhere-verdict": ElsewhereVerdict;
  }
}
