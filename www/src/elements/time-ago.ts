import { html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import { exactTime, relativeTime } from "../model/time.ts";
import { clockStore } from "../stores/clock.ts";
import { Follow } from "../stores/store.ts";

/** A time relative to now, with the exact one on hover and in print. */
@customElement("time-ago")
export class TimeAgo extends LitElement {
  /** Epoch milliseconds. */
  @property({ type: Number }) at = 0;

  constructor() {
    super();
    new Follow(this, clockStore);
  }

  /** In the page's own tree, so that it reads and copies as plain text. */
  protected override createRenderRoot() {
    return this;
  }

  protected override render() {
    const exact = exactTime(this.at);
    return html`<time datetime=${new Date(this.at).toISOString()} title=${exact}>${relativeTime(this.at, clockStore.state)}</time>`;
  }
}
