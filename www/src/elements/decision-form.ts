import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import "./problem-panel.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ResetRecord, Session } from "worker/api";
import type { Decision } from "../gateway/api.ts";
import { consequencesFor } from "../model/consequences.ts";
import type { RecordStore } from "../stores/record.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { consequences } from "../styles/consequences.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

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
    consequences,
    css`
      .stack,
      form {
        display: grid;
        gap: var(--wa-space-m);
      }

      .stack {
        margin-block-start: var(--wa-space-s);
      }

      .confirm {
        display: grid;
        gap: var(--wa-space-m);
        padding: var(--wa-space-m);
        border: 1px solid var(--wa-color-brand-border-loud);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-lowered);
      }

      .confirm:focus {
        outline: none;
      }

      .confirm dl {
        display: grid;
        gap: var(--wa-space-xs);
      }

      dt {
        color: var(--wa-color-text-quiet);
        font-size: 0.8125rem;
      }

      dd {
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .wrong::part(hint) {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 550;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;
  @property({ attribute: false }) store!: RecordStore;
  @state() private open?: "withdraw" | "release" | undefined;
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

  async #release(): Promise<void> {
    if (await this.store.decide("release")) this.open = undefined;
  }

  async #show(open: "withdraw" | "release"): Promise<void> {
    this.open = open;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".confirm, wa-textarea")?.focus();
  }

  /** Whoever releases answers for it as the asker does: what is known and what will happen stand beside the button. */
  #confirmation(busy: boolean) {
    const { askedBy, userId, userName, userEmail, userRole, verifiedBy, reason } = this.record;
    const firstName = userName?.split(" ")[0];
    const user = { id: userId, ...(firstName && { firstName }), ...(userRole && { role: userRole }) };
    return html`<section class="confirm" tabindex="-1" aria-labelledby="confirm">
      <h3 id="confirm" class="anywhere">Release the reset of ${userName || userEmail || userId}?</h3>
      <dl>
        <div>
          <dt>Identity verified by ${breakable(askedBy)}</dt>
          <dd>${verifiedBy || "Nothing was said."}</dd>
        </div>
        ${reason ? html`<div><dt>Reason</dt><dd>${reason}</dd></div>` : nothing}
      </dl>
      <ul class="consequences" role="list">
        ${consequencesFor(user).map(
          ({ icon, text, weighty }) =>
            html`<li class=${weighty ? "weighty" : ""}><wa-icon name=${icon}></wa-icon><span>${text}</span></li>`,
        )}
      </ul>
      <div class="actions">
        <wa-button variant="brand" ?loading=${busy} @click=${this.#release}>Release to Fireblocks</wa-button>
        ${this.#notNow(busy)}
      </div>
    </section>`;
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
        ${decision === "withdraw" ? this.#notNow(busy) : nothing}
      </div>
    </form>`;
  }

  #notNow(busy: boolean) {
    const close = async () => {
      this.open = undefined;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("wa-button")?.focus();
    };
    return html`<wa-button appearance="outlined" ?disabled=${busy} @click=${close}>Not now</wa-button>`;
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
        this.open === "release" || !decisions.some((decision) => decision !== "settle")
          ? nothing
          : html`<div class="actions">
              ${
                decisions.includes("release")
                  ? html`<wa-button variant="brand" ?disabled=${busy} @click=${() => this.#show("release")}>Release…</wa-button>`
                  : nothing
              }
              ${
                this.open === "withdraw"
                  ? nothing
                  : html`<wa-button appearance="outlined" @click=${() => this.#show("withdraw")}>Withdraw…</wa-button>`
              }
            </div>`
      }
      ${this.open === "release" && decisions.includes("release") ? this.#confirmation(busy) : nothing}
      ${this.open === "withdraw" && decisions.includes("withdraw") ? this.#form("withdraw", busy) : nothing}
    </div>`;
  }
}
