import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { halves, OWN, spelled, timeLeft } from "../model/help.ts";
import { helpStyles } from "../styles/help.ts";
import { shared } from "../styles/shared.ts";

/** Milliseconds between two looks at the clock. */
const TICK = 1_000;

/** A code, large, with what is left of its time. A screen reader reads it digit by digit. Dispatches `ranout`. */
@customElement("help-code")
export class HelpCodeElement extends LitElement {
  static override styles = [
    shared,
    helpStyles,
    css`
      .left {
        margin-block-start: var(--wa-space-2xs);
      }
    `,
  ];

  @property() digits = "";
  /** Epoch milliseconds, by this browser's clock. */
  @property({ type: Number }) until = 0;
  @state() private now = Date.now();
  #timer?: ReturnType<typeof setInterval>;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => {
      this.now = Date.now();
    }, TICK);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("digits") || changed.has("until")) this.now = Date.now();
    if (this.now >= this.until) queueMicrotask(() => this.dispatchEvent(new Event("ranout")));
  }

  /** A code that has just come is read out. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".large")?.focus();
  }

  protected override render() {
    const [first, second] = halves(this.digits);
    const left = this.until - this.now;
    return html`<div class="large" tabindex="-1" role="group" aria-label=${OWN.code.title}>
        <p class="code"><span class="visually-hidden">${spelled(this.digits)}</span><span aria-hidden="true">${first}</span><span aria-hidden="true">${second}</span></p>
      </div>
      <p class="left small quiet">${timeLeft(left)}</p>
      <p class="visually-hidden" role="status">${left <= 30_000 && left > 0 ? timeLeft(30_000) : nothing}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "help-code": HelpCodeElement;
  }
}
