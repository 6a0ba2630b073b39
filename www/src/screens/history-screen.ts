import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "../elements/choice-filter.ts";
import "../elements/day-filter.ts";
import "../elements/empty-state.ts";
import "../elements/problem-panel.ts";
import "../elements/reset-table.ts";
import { Task, TaskStatus } from "@lit/task";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { saveFile } from "../elements/save-file.ts";
import { type ExportFormat, exportResets } from "../gateway/api.ts";
import { problemOf } from "../gateway/problem.ts";
import { countText, historyFilters, NONE_FOUND, NONE_YET, resetQuery } from "../model/history.ts";
import { RECORD_STATES, stateLabel } from "../model/record.ts";
import { SCREENS } from "../model/screens.ts";
import { navigate, withQuery } from "../router/address.ts";
import { REFUSED_PATH } from "../router/paths.ts";
import { HistoryStore } from "../stores/history.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { paged } from "../styles/screens.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds without a key before a typed filter is asked for. */
const TYPING_PAUSE = 300;

/** All resets, with filters that the address carries, and their export. */
@customElement("history-screen")
export class HistoryScreen extends LitElement {
  static override styles = [
    shared,
    paged,
    css`
      .box-head {
        align-items: flex-start;
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

      .waiting {
        block-size: 24rem;
      }

      /* Not what the filters ask for: an answer is on its way. */
      .other {
        opacity: 0.45;
      }

      .refused {
        margin-block: calc(-0.5 * var(--wa-space-l)) var(--wa-space-l);
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
  readonly #history = new HistoryStore();
  readonly #export = new Task(this, {
    autoRun: false,
    task: async ([format]: readonly [ExportFormat]) => {
      this.#exporting = format;
      saveFile(await exportResets(format, resetQuery(historyFilters(this.query))), `resets.${format}`);
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
    },
  });
  #exporting?: ExportFormat;
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

  #exportButton(format: ExportFormat, label: string) {
    const busy = this.#export.status === TaskStatus.PENDING;
    const mine = format === this.#exporting;
    return html`<wa-button
      size="s"
      appearance="outlined"
      ?loading=${busy && mine}
      ?disabled=${busy && !mine}
      @click=${() => busy || this.#export.run([format])}
      ><wa-icon slot="start" name="download"></wa-icon>${label}</wa-button
    >`;
  }

  #notExported() {
    if (this.#export.status !== TaskStatus.ERROR) return nothing;
    const problem = problemOf(this.#export.error);
    return sessionStore.tells(problem) ? nothing : html`<problem-panel .problem=${problem} no-retry></problem-panel>`;
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

  /** What was refused is for those who may export the whole story. */
  #refused() {
    if (!sessionStore.session?.can.export) return nothing;
    return html`<p class="small quiet refused no-print"><a href=${REFUSED_PATH}>${SCREENS.refused.title}</a>: who tried what they may not.</p>`;
  }

  #results() {
    const { resets, loading, next, other } = this.#history.state;
    if (!resets || (other && resets.length === 0))
      return loading
        ? html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading the resets"></div>`
        : nothing;
    if (resets.length === 0) {
      const filtered = [...this.query.keys()].length > 0;
      return filtered
        ? html`<empty-state icon="search" heading=${NONE_FOUND.title} sentence=${NONE_FOUND.sentence}>
            <wa-button appearance="outlined" href="/resets">Show all resets</wa-button>
          </empty-state>`
        : html`<empty-state icon="clock-history" heading=${NONE_YET.title} sentence=${NONE_YET.sentence}>
            <wa-button appearance="outlined" href="/">Find a user</wa-button>
          </empty-state>`;
    }
    return html`<reset-table class=${other ? "other" : ""} .resets=${resets} aria-busy=${loading}></reset-table>
      <div class="more">
        <span class="quiet" role="status">${other ? "Looking…" : countText(resets.length, next !== undefined)}</span>
        ${next ? html`<wa-button size="s" appearance="outlined" ?loading=${loading} @click=${() => this.#history.more()}>Show more</wa-button>` : nothing}
      </div>`;
  }

  protected override render() {
    const { problem } = this.#history.state;
    const { userId } = historyFilters(this.query);
    return html`
      <div class="box-head">
        <div>
          <h1>${SCREENS.history.title}</h1>
          <p class="intro">${SCREENS.history.intro}</p>
          ${this.#refused()}
        </div>
        ${this.#exports()}
      </div>
      ${this.#notExported()}
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
