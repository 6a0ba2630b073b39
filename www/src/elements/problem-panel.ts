import "./copy-button.ts";
import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Problem } from "../gateway/problem.ts";
import { explain, problemDetails } from "../model/explain.ts";
import { recordPath } from "../router/paths.ts";
import { rememberPlace, signInUrl } from "../stores/session.ts";
import { buttons } from "../styles/buttons.ts";
import { shared } from "../styles/shared.ts";

/**
 * A problem in three sentences and one next step. Dispatches `retry` where trying again makes sense.
 */
@customElement("problem-panel")
export class ProblemPanel extends LitElement {
  static override styles = [
    shared,
    buttons,
    css`
      .panel {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: var(--wa-space-2xs) var(--wa-space-m);
        padding: var(--wa-space-l);
      }

      .mark {
        font-size: 1.375rem;
        line-height: 1;
        padding-block-start: 0.125rem;
        color: var(--wa-color-text-quiet);
      }

      .text {
        display: grid;
        gap: var(--wa-space-xs);
        max-inline-size: 40rem;
      }

      .actions {
        margin-block-start: var(--wa-space-s);
      }

      details {
        margin-block-start: var(--wa-space-xs);
      }

      summary {
        cursor: pointer;
        color: var(--wa-color-text-quiet);
        inline-size: fit-content;
      }

      pre {
        margin-block: var(--wa-space-xs);
        padding: var(--wa-space-s);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      @media (max-width: 30rem) {
        .panel {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  @property({ attribute: false }) problem?: Problem;
  /** The heading's level in the page. */
  @property({ type: Number }) level = 2;
  /** Trying again is offered by whoever shows this panel. */
  @property({ type: Boolean, attribute: "no-retry" }) noRetry = false;

  #action(problem: Problem, action: string | undefined) {
    if (action === "signIn") {
      return html`<a class="button loud" href=${signInUrl(problem)} target="_self" @click=${rememberPlace}>Sign in</a>`;
    }
    if (action === "openRecord" && problem.recordId) {
      return html`<a class="button loud" href=${recordPath(problem.recordId)}>Open its record</a>`;
    }
    if (action === "retry" && !this.noRetry) {
      return html`<button class="button" type="button" @click=${() => this.dispatchEvent(new Event("retry"))}>Try again</button>`;
    }
    return nothing;
  }

  protected override render() {
    if (!this.problem) return nothing;
    const { icon, title, what, effect, next, action } = explain(this.problem);
    const details = problemDetails(this.problem);
    const heading = this.level === 1 ? html`<h1 tabindex="-1">${title}</h1>` : html`<h2>${title}</h2>`;
    return html`
      <section class="panel" role=${this.level === 1 ? nothing : "alert"}>
        <div class="mark"><wa-icon name=${icon}></wa-icon></div>
        <div class="text">
          ${heading}
          <p class="anywhere">${what}</p>
          ${effect === undefined ? nothing : html`<p>${effect}</p>`}
          <p><strong>${next}</strong></p>
          <div class="actions">${this.#action(this.problem, action)}<slot name="action"></slot></div>
          ${
            this.problem.kind === "signedOut"
              ? nothing
              : html`<details class="small">
                  <summary>Details for support</summary>
                  <pre class="apart">${details}</pre>
                  <copy-button label="Copy details" .value=${details}></copy-button>
                </details>`
          }
        </div>
      </section>
    `;
  }
}
