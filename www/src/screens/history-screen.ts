import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "../elements/choice-filter.ts";
import "../elements/day-filter.ts";
import "../elements/problem-panel.ts";
import "../elements/reset-table.ts";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { saveFile } from "../elements/save-file.ts";
import { type ExportFormat, exportResets } from "../gateway/api.ts";
import { type Problem, problemOf } from "../gateway/problem.ts";
import { historyFilters, resetQuery } from "../model/history-query.ts";
import { RECORD_STATES, stateLabel } from "../model/record.ts";
import { count } from "../model/time.ts";
import { navigate, withQuery } from "../router/address.ts";
import { HistoryStore } from "../stores/history.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds without a key before a typed filter is asked for. */
const TYPING_PAUSE = 300;

/** All resets, with filters that the address carries, and their export. */
@customElement("history-screen")
export class HistoryScreen extends LitElement {
  static override styles = [
    shared,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: flex-start;
        justify-content: space-between;
        gap: 0 var(--wa-space-l);
      }

      .tools {
        display: grid;
        grid-template-columns: minmax(11rem, 1.3fr) minmax(12rem, 1.3fr) minmax(11rem, 1fr) minmax(11rem, 1fr);
        gap: var(--wa-space-s);
        margin-block-end: var(--wa-space-m);
      }

      /* The measures of the filters beside it. */
      wa-input {
        font-size: 0.9375rem;
      }

      wa-input::part(input-wrapper) {
        min-block-size: 2.75rem;
        padding-inline: 0.75rem;
        font-size: 0.9375rem;
      }

      wa-input::part(input) {
        padding-inline: 0;
        font-size: 0.9375rem;
      }

      .one-user {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-xs);
        margin-block-end: var(--wa-space-m);
      }

      .empty {
        display: grid;
        justify-items: center;
        gap: var(--wa-space-s);
        padding: var(--wa-space-4xl) var(--wa-space-l);
        text-align: center;
      }

      .empty wa-icon {
        font-size: 1.75rem;
        color: var(--wa-color-text-quiet);
      }

      .more {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--wa-space-m);
        min-block-size: 3rem;
        padding-block-start: var(--wa-space-m);
        font-size: 0.875rem;
      }

      .waiting {
        block-size: 24rem;
      }

      /* Not what the filters ask for: an answer is on its way. */
      .other {
        opacity: 0.45;
      }

      problem-panel {
        margin-block-end: var(--wa-space-m);
      }

      .export {
        align-items: center;
        margin-block-end: var(--wa-space-m);
      }

      @media (max-width: 60rem) {
        .tools {
          grid-template-columns: repeat(2, minmax(0, 1fr));
        }
      }

      @media (max-width: 30rem) {
        .tools {
          grid-template-columns: minmax(0, 1fr);
          gap: var(--wa-space-xs);
        }
      }
    `,
  ];

  @property({ attribute: false }) query = new URLSearchParams();
  @state() private exporting?: ExportFormat | undefined;
  @state() private notExported?: Problem | undefined;
  readonly #history = new HistoryStore();
  #typing?: ReturnType<typeof setTimeout>;
  #asked = "";

  constructor() {
    super();
    new Follow(this, this.#history, sessionStore);
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = JSON.stringify(historyFilters(this.query));
    if (changed.has("query") && asked !== this.#asked) {
      this.#asked = asked;
      this.#load();
    }
  }

  #load(): void {
    void this.#history.load(resetQuery(historyFilters(this.query)));
  }

  #change(changes: Record<string, string>): void {
    navigate(withQuery(changes), { replace: true });
  }

  #typeAsker(event: Event): void {
    const value = (event.target as HTMLInputElement).value;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#change({ askedBy: value }), TYPING_PAUSE);
  }

  #tools() {
    const { state, open, askedBy, from, to } = historyFilters(this.query);
    const states = [
      { value: "", label: "All" },
      { value: "open", label: "All open ones" },
      ...RECORD_STATES.map((value) => ({ value, label: stateLabel(value).label })),
    ];
    return html`<div class="tools no-print" role="search" aria-label="Filters">
      <choice-filter
        label="State"
        .value=${open ? "open" : state}
        .choices=${states}
        @choose=${({ detail }: CustomEvent<string>) =>
          this.#change(detail === "open" ? { open: "true", state: "" } : { open: "", state: detail })}
      ></choice-filter>
      <wa-input
        class="unlabelled"
        label="Asked by, whole e-mail"
        placeholder="Asked by (whole e-mail)"
        autocomplete="off"
        spellcheck="false"
        inputmode="email"
        with-clear
        .value=${askedBy}
        @input=${this.#typeAsker}
        ></wa-input
      >
      <day-filter
        label="From"
        .value=${from}
        @choose=${({ detail }: CustomEvent<string>) => this.#change({ from: detail })}
      ></day-filter>
      <day-filter label="To" .value=${to} @choose=${({ detail }: CustomEvent<string>) => this.#change({ to: detail })}></day-filter>
    </div>`;
  }

  async #export(format: ExportFormat): Promise<void> {
    if (this.exporting) return;
    this.exporting = format;
    this.notExported = undefined;
    try {
      saveFile(await exportResets(format, resetQuery(historyFilters(this.query))), `resets.${format}`);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      this.notExported = problem;
    } finally {
      this.exporting = undefined;
    }
  }

  #exportButton(format: ExportFormat, label: string) {
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?loading=${this.exporting === format}
      ?disabled=${this.exporting !== undefined && this.exporting !== format}
      @click=${() => this.#export(format)}
      ><wa-icon slot="start" name="download"></wa-icon>${label}</wa-button
    >`;
  }

  #exports() {
    if (!sessionStore.session?.can.export) return nothing;
    const query = resetQuery(historyFilters(this.query));
    // The other filters are for looking; an export of a part would be no evidence.
    const whole = query.from === undefined && query.to === undefined;
    return html`<div class="actions export no-print" role="group" aria-label=${whole ? "Export all resets" : "Export the resets of these days"}>
      <span class="small quiet" aria-hidden="true">${whole ? "Export all" : "Export these days"}</span>
      ${this.#exportButton("csv", "CSV")}${this.#exportButton("jsonl", "JSON lines")}
    </div>`;
  }

  #results() {
    const { resets, loading, next, other } = this.#history.state;
    if (!resets || (other && resets.length === 0))
      return loading
        ? html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading the resets"></div>`
        : nothing;
    if (resets.length === 0) {
      const filtered = [...this.query.keys()].length > 0;
      return html`<div class="panel empty">
        <wa-icon name=${filtered ? "search" : "clock-history"}></wa-icon>
        ${
          filtered
            ? html`<h2>No reset found</h2>
                <p class="quiet">No reset matches these filters.</p>
                <wa-button appearance="outlined" href="/resets">Show all resets</wa-button>`
            : html`<h2>No resets yet</h2>
                <p class="quiet">Every reset that is asked for here leaves a record on this page.</p>
                <wa-button appearance="outlined" href="/">Find a user</wa-button>`
        }
      </div>`;
    }
    return html`<reset-table class=${other ? "other" : ""} .resets=${resets} aria-busy=${loading}></reset-table>
      <div class="more">
        <span class="quiet" role="status">${other ? "Looking…" : `${count(resets.length)} ${resets.length === 1 ? "reset" : "resets"}${next ? " so far" : ""}`}</span>
        ${next ? html`<wa-button size="s" appearance="outlined" ?loading=${loading} @click=${() => this.#history.more()}>Show more</wa-button>` : nothing}
      </div>`;
  }

  protected override render() {
    const { problem } = this.#history.state;
    const { userId } = historyFilters(this.query);
    return html`
      <div class="head">
        <div>
          <h1>History</h1>
          <p class="intro">Every reset that was asked for here, newest first.</p>
        </div>
        ${this.#exports()}
      </div>
      ${this.notExported && !sessionStore.tells(this.notExported) ? html`<problem-panel .problem=${this.notExported} no-retry></problem-panel>` : nothing}
      ${this.#tools()}
      ${
        userId
          ? html`<p class="one-user small">Only the user <span class="mono">${userId}</span>
              <wa-button size="s" appearance="plain" @click=${() => this.#change({ userId: "" })}>Show all users</wa-button></p>`
          : nothing
      }
      ${problem && !sessionStore.tells(problem) ? html`<problem-panel .problem=${problem} @retry=${this.#load}></problem-panel>` : nothing}
      ${this.#results()}
    `;
  }
}
