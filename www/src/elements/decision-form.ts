import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import "./problem-panel.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ResetRecord, Session } from "worker/api";
import type { Decision } from "../gateway/api.ts";
import type { RecordStore } from "../stores/record.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/** The worker's measure of a reason, in characters. */
const SHORTEST_REASON = 3;
const LONGEST_REASON = 1000;

interface Words {
  label: string;
  hint: string;
  button: string;
}

const REASONS: Readonly<Record<"withdraw" | "settle", Words>> = {
  withdraw: {
    label: "Why is it withdrawn?",
    hint: "For example: the phone was found.",
    button: "Withdraw the request",
  },
  settle: {
    label: "What did you find?",
    hint: "For example: no approval request in the Console, and the audit log has no row for it.",
    button: "Settle this record",
  },
};

/** What this person can decide about a record now. */
export function decisionsFor(record: ResetRecord, session: Session): Decision[] {
  const { can, email, actor, requireSecondPerson } = session;
  const own = record.askedBy === email?.toLowerCase() || record.askedBy === actor;
  if (record.state === "proposed") {
    if (!can.reset) return [];
    return own ? ["withdraw"] : ["release", "withdraw"];
  }
  const unclear = record.open && (record.state === "unknown" || record.stale);
  if (unclear && can.settle && !(requireSecondPerson && own)) return ["settle"];
  return [];
}

/** Releases, withdraws or settles a record. */
@customElement("decision-form")
export class DecisionForm extends LitElement {
  static override styles = [
    shared,
    css`
      .stack,
      form {
        display: grid;
        gap: var(--wa-space-m);
      }

      .stack {
        margin-block-start: var(--wa-space-s);
      }

      .wrong::part(hint) {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 550;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;
  @property({ attribute: false }) store!: RecordStore;
  @state() private open?: "withdraw" | undefined;
  @state() private reason = "";
  @state() private error = "";

  constructor() {
    super();
    new Follow(this, sessionStore);
  }

  async #give(event: Event, decision: "withdraw" | "settle"): Promise<void> {
    event.preventDefault();
    const reason = this.reason.trim();
    if (reason.length < SHORTEST_REASON) {
      this.error = "Say it in a few words. It becomes a part of the record.";
      this.renderRoot.querySelector("wa-textarea")?.focus();
      return;
    }
    if (await this.store.decide(decision, reason)) this.open = undefined;
  }

  #form(decision: "withdraw" | "settle", busy: boolean) {
    const { label, hint, button } = REASONS[decision];
    return html`<form novalidate @submit=${(event: Event) => this.#give(event, decision)}>
      <wa-textarea
        class=${this.error ? "wrong" : ""}
        label=${label}
        hint=${this.error || hint}
        maxlength=${LONGEST_REASON}
        rows="2"
        resize="auto"
        .value=${this.reason}
        @input=${(event: Event) => {
          this.reason = (event.target as HTMLTextAreaElement).value;
          this.error = "";
        }}
      ></wa-textarea>
      <div class="actions">
        <wa-button type="submit" variant="brand" ?loading=${busy}>${button}</wa-button>
      </div>
    </form>`;
  }

  #whyNot({ can, requireSecondPerson }: Session) {
    if (this.record.state !== "unknown") return nothing;
    if (can.settle && requireSecondPerson) {
      return html`<p class="quiet">You asked for this reset, so somebody else settles it.</p>`;
    }
    return html`<p class="quiet">A person who may ask for resets settles it.</p>`;
  }

  protected override render() {
    const { session } = sessionStore;
    if (!session) return nothing;
    const decisions = decisionsFor(this.record, session);
    if (decisions.length === 0) return this.#whyNot(session);
    const { deciding, refused } = this.store.state;
    const busy = deciding !== undefined;
    return html`<div class="stack no-print">
      ${refused ? html`<problem-panel .problem=${refused} no-retry></problem-panel>` : nothing}
      ${decisions.includes("settle") ? this.#form("settle", busy) : nothing}
      ${
        decisions.includes("release") || decisions.includes("withdraw")
          ? html`<div class="actions">
              ${
                decisions.includes("release")
                  ? html`<wa-button variant="brand" ?loading=${deciding === "release"} ?disabled=${busy && deciding !== "release"} @click=${() => this.store.decide("release")}>Release to Fireblocks</wa-button>`
                  : nothing
              }
              ${
                decisions.includes("withdraw") && this.open !== "withdraw"
                  ? html`<wa-button
                      appearance="outlined"
                      @click=${() => {
                        this.open = "withdraw";
                      }}
                      >Withdraw…</wa-button
                    >`
                  : nothing
              }
            </div>`
          : nothing
      }
      ${this.open === "withdraw" && decisions.includes("withdraw") ? this.#form("withdraw", busy) : nothing}
    </div>`;
  }
}
