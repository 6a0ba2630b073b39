import "../elements/alarm-list.ts";
import "../elements/due-list.ts";
import "../elements/elsewhere-list.ts";
import "../elements/empty-state.ts";
import "../elements/help-list.ts";
import "../elements/problem-panel.ts";
import "../elements/reset-table.ts";
import type { Session } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { DUE, isDueLater } from "../model/due.ts";
import { ELSEWHERE, seesElsewhere, VERDICTS, type Verdict } from "../model/elsewhere.ts";
import { HELPER } from "../model/help.ts";
import { ALARMS } from "../model/protest.ts";
import { SCREENS } from "../model/screens.ts";
import { nothingToDo, SECTIONS, type Section, sectionsOf } from "../model/todo.ts";
import { AlarmsStore } from "../stores/alarms.ts";
import { DueStore } from "../stores/due.ts";
import { ElsewhereStore } from "../stores/elsewhere.ts";
import { HelpListStore } from "../stores/help.ts";
import { HistoryStore } from "../stores/history.ts";
import { whileVisible } from "../stores/polling.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds between looks. */
const REFRESH = 20_000;

/** The lists of resets that come before the requests for help; the others come after. */
const BEFORE_HELP: readonly Section[] = ["review", "decide"];
const URGENT: readonly Section[] = ["contested", "unknown"];

/** What needs somebody now, the most urgent first. */
@customElement("queue-screen")
export class QueueScreen extends LitElement {
  static override styles = [
    shared,
    css`
      h2 {
        margin-block: var(--wa-space-l) var(--wa-space-s);
      }

      alarm-list + :not(h2),
      help-list + :not(h2) {
        margin-block-start: var(--wa-space-l);
      }

      h2:has(+ .intro) {
        margin-block-end: var(--wa-space-2xs);
      }

      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  readonly #resets = {
    open: new HistoryStore(),
    unknown: new HistoryStore(),
    reviews: new HistoryStore(),
    proposals: new HistoryStore(),
    waiting: new HistoryStore(),
  };
  readonly #help = new HelpListStore();
  readonly #alarms = new AlarmsStore();
  readonly #elsewhere = new ElsewhereStore();
  readonly #due = new DueStore();
  /** What was decided last, for a screen reader. */
  @state() private said = "";
  /** Whether everything was looked at once. */
  @state() private looked = false;
  #stop?: () => void;

  constructor() {
    super();
    const { open, unknown, reviews, proposals, waiting } = this.#resets;
    const stores = [open, unknown, reviews, proposals, waiting];
    new Follow(this, ...stores, this.#help, this.#alarms, this.#elsewhere, this.#due, sessionStore);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = whileVisible(() => this.#look(), { first: "now", next: () => REFRESH });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  async #look(): Promise<void> {
    const { session } = sessionStore;
    await Promise.all([
      this.#resets.open.load({ open: true }),
      this.#resets.unknown.load({ state: "unknown" }),
      this.#resets.reviews.load({ review: "due" }),
      this.#resets.proposals.load({ state: "proposed" }),
      this.#resets.waiting.load({ state: "waiting" }),
      this.#alarms.load(),
      this.#due.load(),
      session && seesElsewhere(session) && this.#elsewhere.load(),
      session?.can.settle && this.#help.load(),
    ]);
    // What is counted beside the screen's name is as new as the screen.
    void sessionStore.refresh();
    this.looked = true;
  }

  async #decided({ detail }: CustomEvent<Verdict>): Promise<void> {
    await this.#elsewhere.load();
    await this.#say(VERDICTS[detail].done);
  }

  async #closed(): Promise<void> {
    await this.#alarms.load();
    await this.#say(ALARMS.done);
  }

  /** What had the focus is gone with what was decided. */
  async #say(done: string): Promise<void> {
    this.said = done;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".said")?.focus();
  }

  #alarmed() {
    const open = (this.#alarms.state.alarms ?? []).filter(({ closed }) => closed === undefined);
    if (open.length === 0) return [];
    return [
      html`<h2>${ALARMS.title}</h2>
        <p class="intro">${ALARMS.intro}</p>
        <alarm-list .alarms=${open} .store=${this.#alarms} @closed=${this.#closed}></alarm-list>`,
    ];
  }

  #foundElsewhere() {
    const { resets = [], more } = this.#elsewhere.state;
    if (resets.length === 0) return [];
    return [
      html`<h2>${ELSEWHERE.title}</h2>
        <p class="intro">${ELSEWHERE.intro}</p>
        <elsewhere-list .resets=${resets} .store=${this.#elsewhere} @decided=${this.#decided}></elsewhere-list>
        ${more ? html`<p class="small quiet">${ELSEWHERE.more}</p>` : nothing}`,
    ];
  }

  #helpAsked() {
    const { requests = [] } = this.#help.state;
    if (requests.length === 0) return [];
    return [
      html`<h2>${HELPER.queue}</h2>
        <p class="intro">${HELPER.queueIntro}</p>
        <help-list .requests=${requests}></help-list>`,
    ];
  }

  /** @param above what stands in a list already */
  #dueNext(above: ReadonlySet<string>) {
    const resets = (this.#due.state.resets ?? []).filter((reset) => isDueLater(reset) && !above.has(reset.id));
    if (resets.length === 0) return [];
    return [
      html`<h2>${DUE.title}</h2>
        <p class="intro">${DUE.intro}</p>
        <due-list .resets=${resets}></due-list>`,
    ];
  }

  /** Every section that has something in it. */
  #sections(session: Session): TemplateResult[] {
    const of = (store: HistoryStore) => store.state.resets ?? [];
    const { open, unknown, reviews, proposals, waiting } = this.#resets;
    const lists = sectionsOf(
      {
        ...{ open: of(open), unknown: of(unknown), reviews: of(reviews) },
        ...{ proposals: of(proposals), waiting: of(waiting) },
      },
      session,
    );
    const tables = (wanted: (list: Section) => boolean) =>
      lists
        .filter(({ list }) => wanted(list))
        .map(
          ({ list, resets }) => html`<h2>${SECTIONS[list]}</h2>
            <reset-table label=${SECTIONS[list]} .resets=${resets}></reset-table>`,
        );
    return [
      ...this.#alarmed(),
      ...tables((list) => URGENT.includes(list)),
      ...this.#foundElsewhere(),
      ...tables((list) => BEFORE_HELP.includes(list)),
      ...this.#helpAsked(),
      ...tables((list) => ![...URGENT, ...BEFORE_HELP].includes(list)),
      ...this.#dueNext(new Set(lists.flatMap(({ resets }) => resets.map(({ id }) => id)))),
    ];
  }

  #content() {
    const { session } = sessionStore;
    const stores = [...Object.values(this.#resets), this.#help, this.#alarms, this.#elsewhere, this.#due];
    const problems = stores.flatMap(({ state }) => state.problem ?? []);
    // One trouble is told once.
    const problem = problems.find((one) => !sessionStore.tells(one));
    // All at once, so that nothing moves while the lists come one by one.
    const sections = session && this.looked ? this.#sections(session) : [];
    const more = Object.values(this.#resets).some(({ state }) => state.next !== undefined);
    return html`${problem ? html`<problem-panel .problem=${problem} @retry=${this.#look}></problem-panel>` : nothing}
    ${sections}
    ${sections.length > 0 && more ? html`<p class="small quiet">${SCREENS.queue.more}</p>` : nothing}
    ${
      !this.looked
        ? html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading what is to do"></div>`
        : session && sections.length === 0 && problems.length === 0
          ? this.#nothing(session)
          : nothing
    }`;
  }

  #nothing(session: Session) {
    const { title, sentence } = nothingToDo(session);
    return html`<empty-state icon="check-circle" heading=${title} sentence=${sentence}></empty-state>`;
  }

  protected override render() {
    return html`
      <h1>${SCREENS.queue.title}</h1>
      <p class="intro">${SCREENS.queue.intro}</p>
      <p class="said" role="status" tabindex="-1">${this.said}</p>
      ${this.#content()}
    `;
  }
}
