import "@awesome.me/webawesome/dist/components/button/button.js";
import "./problem-panel.ts";
import "./reason-form.ts";
import "./release-form.ts";
import type { Release, ResetRecord } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { asksToLookFirst, demandsMore } from "../gateway/problem.ts";
import { type Choice, decisionsFor, LOOK_FIRST, REASONS, type Reasoned, whyNotSettled } from "../model/decision.ts";
import { clockStore } from "../stores/clock.ts";
import { forgetDraft, forgetWords } from "../stores/drafts.ts";
import type { RecordStore } from "../stores/record.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { fields } from "../styles/fields.ts";
import { shared } from "../styles/shared.ts";

/** Releases, sends, withdraws, settles or closes a record. Dispatches `decided` once it is done. */
@customElement("decision-form")
export class DecisionForm extends LitElement {
  static override styles = [
    shared,
    fields,
    css`
      .stack {
        display: grid;
        gap: var(--wa-space-m);
      }

      .stack {
        margin-block-start: var(--wa-space-s);
      }

      .look {
        display: grid;
        gap: var(--wa-space-xs);
      }

      .look label {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.625rem;
        align-items: start;
        padding-block: 0.25rem;
        cursor: pointer;
      }

      .look input {
        inline-size: 1.25rem;
        block-size: 1.25rem;
        margin: 0.125rem 0 0;
        accent-color: var(--wa-color-brand-fill-loud);
      }

      .missing {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 550;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;
  @property({ attribute: false }) store!: RecordStore;
  @state() private open?: "withdraw" | "release" | "close" | undefined;
  @state() private looked = false;
  @state() private lookMissing = false;

  constructor() {
    super();
    new Follow(this, sessionStore, clockStore);
  }

  async #give(decision: Reasoned, reason: string): Promise<void> {
    const { refused } = this.store.state;
    this.lookMissing = refused !== undefined && asksToLookFirst(refused) && !this.looked;
    if (this.lookMissing) {
      this.renderRoot.querySelector<HTMLElement>(".look input")?.focus();
      return;
    }
    const grounds = { reason, ...(this.looked && { lookedInConsole: true }) };
    if (!(await this.store.decide(decision === "close" ? "settle" : decision, grounds))) return;
    forgetWords(this.#about(decision));
    this.#decided();
  }

  #about(decision: Reasoned | "release"): string {
    return `${decision}/${this.record.id}`;
  }

  async #release({ detail }: CustomEvent<Release>): Promise<void> {
    if (!(await this.store.decide("release", detail))) return;
    forgetDraft(this.#about("release"));
    this.#decided();
  }

  async #send(): Promise<void> {
    if (await this.store.decide("send")) this.#decided();
  }

  #decided(): void {
    this.open = undefined;
    this.dispatchEvent(new Event("decided"));
  }

  async #show(open: "withdraw" | "release" | "close"): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("release-form, reason-form")?.focus();
  }

  #releasing(busy: boolean) {
    const { refused } = this.store.state;
    return html`<release-form
      about=${this.#about("release")}
      .record=${this.record}
      ?busy=${busy}
      ?demands-more=${refused !== undefined && demandsMore(refused)}
      @release=${this.#release}
      @cancel=${this.#close}
    ></release-form>`;
  }

  #form(decision: Reasoned, busy: boolean) {
    const give = ({ detail }: CustomEvent<string>) => this.#give(decision, detail);
    return html`<reason-form about=${this.#about(decision)} .words=${REASONS[decision]} ?busy=${busy} @give=${give}>
      ${this.#look()}
      ${decision === "settle" ? nothing : this.#notNow(busy)}
    </reason-form>`;
  }

  /** Asked for once the worker has said that it cannot look itself. */
  #look() {
    const { refused } = this.store.state;
    if (refused === undefined || !asksToLookFirst(refused)) return nothing;
    return html`<div slot="before" class="look apart" role="group" aria-label="What waits in Fireblocks">
      <p>${LOOK_FIRST.why}</p>
      <label
        ><input
          type="checkbox"
          .checked=${this.looked}
          aria-describedby=${this.lookMissing ? "missing" : nothing}
          @change=${(event: Event) => {
            this.looked = (event.target as HTMLInputElement).checked;
            this.lookMissing = false;
          }}
        /><span>${LOOK_FIRST.label}</span></label
      >
      ${this.lookMissing ? html`<p id="missing" class="small missing" role="alert">${LOOK_FIRST.missing}</p>` : nothing}
    </div>`;
  }

  async #close(): Promise<void> {
    this.open = undefined;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("wa-button")?.focus();
  }

  #notNow(busy: boolean) {
    return html`<wa-button appearance="outlined" ?disabled=${busy} @click=${this.#close}>Not now</wa-button>`;
  }

  protected override render() {
    const { session } = sessionStore;
    if (!session) return nothing;
    const decisions = decisionsFor(this.record, session, clockStore.state);
    if (decisions.length === 0) {
      const why = whyNotSettled(this.record, session);
      return why === undefined ? nothing : html`<p class="quiet">${why}</p>`;
    }
    const { deciding, refused } = this.store.state;
    const busy = deciding !== undefined;
    return html`<div class="stack no-print">
      ${
        refused && refused.decision !== "review" && !asksToLookFirst(refused)
          ? html`<problem-panel .problem=${refused} no-retry></problem-panel>`
          : nothing
      }
      ${decisions.includes("settle") ? this.#form("settle", busy) : nothing}
      ${
        this.open === "release" || !decisions.some((decision) => decision !== "settle")
          ? nothing
          : html`<div class="actions">
              ${
                decisions.includes("release")
                  ? html`<wa-button variant="brand" ?disabled=${busy} @click=${() => this.#show("release")}>Release…</wa-button>`
                  : nothing
              }
              ${
                decisions.includes("send")
                  ? html`<wa-button variant="brand" ?loading=${deciding === "send"} @click=${this.#send}>Send to Fireblocks</wa-button>`
                  : nothing
              }
              ${this.#opener(decisions, "withdraw", "Withdraw…")}${this.#opener(decisions, "close", "Close early…")}
            </div>`
      }
      ${this.open === "release" && decisions.includes("release") ? this.#releasing(busy) : nothing}
      ${this.open === "withdraw" && decisions.includes("withdraw") ? this.#form("withdraw", busy) : nothing}
      ${this.open === "close" && decisions.includes("close") ? this.#form("close", busy) : nothing}
    </div>`;
  }

  #opener(decisions: readonly Choice[], decision: "withdraw" | "close", label: string) {
    if (this.open === decision || !decisions.includes(decision)) return nothing;
    return html`<wa-button appearance="outlined" @click=${() => this.#show(decision)}>${label}</wa-button>`;
  }
}
