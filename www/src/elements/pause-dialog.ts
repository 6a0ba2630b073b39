import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "./problem-panel.ts";
import "./time-ago.ts";
import type WaDialog from "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import { Task, TaskStatus } from "@lit/task";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { pauseResets, resumeResets } from "../gateway/api.ts";
import { problemOf } from "../gateway/problem.ts";
import { LONGEST_REASON, reasonProblem } from "../model/decision.ts";
import { PAUSING, RESUMING } from "../model/pause.ts";
import { placeText } from "../model/session.ts";
import { forgetWords, readWords, writeWords } from "../stores/drafts.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { environments } from "../styles/environments.ts";
import { fields } from "../styles/fields.ts";
import { dialogContent, dialogStyles } from "../styles/reset-dialog.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";
import { wordsArea } from "./words-area.ts";

/** What the reason is kept as. */
const ABOUT = "pause";

/** Stops all resets, with a reason, or lets them go on. Dispatches `close`. */
@customElement("pause-dialog")
export class PauseDialog extends LitElement {
  static override styles = [
    shared,
    environments,
    fields,
    dialogStyles,
    dialogContent,
    css`
      ul {
        display: grid;
        gap: var(--wa-space-2xs);
        padding-inline-start: 1.25rem;
      }

      blockquote {
        margin: 0;
        white-space: pre-line;
      }
    `,
  ];

  @property() mode: "pause" | "resume" = "pause";
  @state() private reason = readWords(ABOUT);
  @state() private error = "";
  @query("wa-dialog") private dialog!: WaDialog;
  /** Whether it is known to be done. */
  #done = false;
  readonly #deciding = new Task(this, {
    autoRun: false,
    task: async ([decided]: readonly [{ reason: string } | { pausedAt: number | undefined }]) => {
      await ("reason" in decided ? pauseResets(decided.reason) : resumeResets(decided.pausedAt));
      forgetWords(ABOUT);
      await sessionStore.refresh();
      this.#done = true;
      this.#close();
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (problem.kind === "signedOut") sessionStore.ended(problem);
      // Somebody else may have been first.
      else void sessionStore.refresh();
    },
  });

  constructor() {
    super();
    new Follow(this, sessionStore);
  }

  protected override async firstUpdated(): Promise<void> {
    await this.dialog.updateComplete;
    this.dialog.open = true;
  }

  #close(): void {
    this.dialog.open = false;
  }

  /** Whoever closed it while it is on its way would not see that it failed. */
  #stay(event: Event): void {
    if (this.#deciding.status === TaskStatus.PENDING && !this.#done) event.preventDefault();
  }

  #type(words: string): void {
    this.reason = words;
    this.error = "";
    writeWords(ABOUT, words);
  }

  #pause(event: Event): void {
    event.preventDefault();
    this.error = reasonProblem(this.reason);
    if (this.error) this.renderRoot.querySelector("wa-textarea")?.focus();
    else if (this.#deciding.status !== TaskStatus.PENDING) void this.#deciding.run([{ reason: this.reason.trim() }]);
  }

  #buttons(button: string, run?: () => void) {
    const busy = this.#deciding.status === TaskStatus.PENDING;
    return html`<div class="buttons">
      <wa-button appearance="outlined" ?disabled=${busy} @click=${this.#close}>Not now</wa-button>
      <wa-button type=${run ? "button" : "submit"} variant="brand" ?loading=${busy} @click=${() => busy || run?.()}
        >${button}</wa-button
      >
    </div>`;
  }

  #pausing() {
    const { consequences, label, hint, button } = PAUSING;
    return html`<ul>
        ${consequences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>
      <form class="stack" novalidate @submit=${this.#pause}>
        ${wordsArea({
          label,
          hint,
          error: this.error,
          longest: LONGEST_REASON,
          value: this.reason,
          onWords: (words) => this.#type(words),
          first: true,
        })}
        ${this.#buttons(button)}
      </form>`;
  }

  #resuming() {
    const { pause } = sessionStore.session ?? {};
    return html`${
      pause === undefined
        ? nothing
        : html`<div class="apart">
            <p class="small quiet">Paused by ${breakable(pause.by)}, <time-ago .at=${pause.at}></time-ago></p>
            <blockquote class="anywhere">${pause.reason}</blockquote>
          </div>`
    }
      <p>${RESUMING.sentence}</p>
      ${this.#buttons(RESUMING.button, () => void this.#deciding.run([{ pausedAt: pause?.at }]))}`;
  }

  protected override render() {
    const { session } = sessionStore;
    const failed = this.#deciding.status === TaskStatus.ERROR;
    return html`<wa-dialog
      label=${this.mode === "pause" ? PAUSING.title : RESUMING.title}
      @wa-hide=${this.#stay}
      @wa-after-hide=${() => this.dispatchEvent(new Event("close"))}
    >
      <div class="stack">
        ${failed ? html`<problem-panel .problem=${problemOf(this.#deciding.error)} no-retry></problem-panel>` : nothing}
        ${session ? html`<p class="where ${session.environment}">${placeText(session)}</p>` : nothing}
        ${this.mode === "pause" ? this.#pausing() : this.#resuming()}
      </div>
    </wa-dialog>`;
  }
}
