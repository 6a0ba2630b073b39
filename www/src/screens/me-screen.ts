import "../elements/empty-state.ts";
import "../elements/own-alarm.ts";
import "../elements/own-help.ts";
import "../elements/own-reset.ts";
import "../elements/problem-panel.ts";
import "../elements/stop-reset.ts";
import "../elements/time-ago.ts";
import "../elements/tone-badge.ts";
import type { Me } from "fireblocks-reset-device/gateway-api";
import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { breakable } from "../elements/breakable.ts";
import type { Problem } from "../gateway/problem.ts";
import { OWN } from "../model/help.ts";
import { comesFirst } from "../model/own-reset.ts";
import { roleLabel, statusLabel, whyBlocked } from "../model/user.ts";
import { MeStore } from "../stores/me.ts";
import { ProtestStore } from "../stores/protest.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { facts } from "../styles/facts.ts";
import { shared } from "../styles/shared.ts";

/** One's own device: for whoever is a user of the workspace, with or without a role here. */
@customElement("me-screen")
export class MeScreen extends LitElement {
  static override styles = [
    shared,
    facts,
    css`
      .stack {
        display: grid;
        gap: var(--wa-space-l);
      }

      dl {
        display: flex;
        flex-wrap: wrap;
        gap: var(--wa-space-m) var(--wa-space-3xl);
      }

      .resets {
        display: grid;
        gap: var(--wa-space-m);
      }

      .waiting {
        block-size: 16rem;
      }
    `,
  ];

  readonly #store = new MeStore();
  readonly #protest = new ProtestStore(this.#store);
  #stop?: () => void;

  constructor() {
    super();
    new Follow(this, this.#store, sessionStore);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = this.#store.follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  #again(): void {
    this.#stop?.();
    this.#stop = this.#store.follow();
  }

  #user({ user }: Me) {
    const { name, email, role } = user;
    const status = statusLabel(user);
    return html`<section class="panel box" aria-label="Your user in this workspace">
      <dl>
        <div>
          <dt>Name</dt>
          <dd>${name ?? "None"}</dd>
        </div>
        <div>
          <dt>E-mail</dt>
          <dd>${email ? breakable(email) : "None"}</dd>
        </div>
        <div>
          <dt>Role in Fireblocks</dt>
          <dd>${roleLabel(role)}</dd>
        </div>
        <div>
          <dt>Status</dt>
          <dd><tone-badge tone=${status.tone}>${status.label}</tone-badge></dd>
        </div>
      </dl>
    </section>`;
  }

  #help(me: Me) {
    if (me.blocked)
      return html`<p class="panel box">${whyBlocked({ blocked: me.blocked, ...(me.user.role && { role: me.user.role }) })}</p>`;
    return html`<own-help .store=${this.#store}></own-help>`;
  }

  #resets({ resets, alarms }: Me) {
    return html`<section class="resets">
      <h2>${OWN.resets}</h2>
      ${
        resets.length === 0
          ? html`<p class="quiet">${OWN.noResets}</p>`
          : repeat(
              resets,
              ({ id }) => id,
              (reset) => html`<own-reset .reset=${reset}
                ><stop-reset .reset=${reset} .store=${this.#protest} .alarms=${alarms}></stop-reset
              ></own-reset>`,
            )
      }
    </section>`;
  }

  #content(me: Me) {
    const sections: [name: string, section: TemplateResult][] = [
      ["help", this.#help(me)],
      ["resets", this.#resets(me)],
    ];
    if (comesFirst(me)) sections.reverse();
    // By name, so that what is typed in one stays when they change places.
    const inOrder = repeat(
      sections,
      ([name]) => name,
      ([, section]) => section,
    );
    return html`<div class="stack">
      ${this.#user(me)}${inOrder}<own-alarm .store=${this.#protest} .alarms=${me.alarms}></own-alarm>
    </div>`;
  }

  /** Whoever is no user of the workspace has no device here; without a role there is nothing else either. */
  #nothing(problem: Problem) {
    if (problem.kind === "forbidden" && sessionStore.session?.can.read) {
      return html`<h1>${OWN.title}</h1>
        <p class="intro">${OWN.intro}</p>
        <empty-state icon="person" heading=${OWN.nobody.title} sentence=${OWN.nobody.sentence}></empty-state>`;
    }
    const told: Problem =
      problem.kind === "forbidden" ? { kind: "noRole", reading: "this page", at: problem.at } : problem;
    return html`<problem-panel level="1" .problem=${told} @retry=${this.#again}></problem-panel>`;
  }

  protected override render() {
    const { me, problem, seenAt } = this.#store.state;
    if (problem && !me) return this.#nothing(problem);
    return html`
      <h1>${OWN.title}</h1>
      <p class="intro">${OWN.intro}</p>
      ${problem && !sessionStore.tells(problem) ? html`<problem-panel .problem=${problem} @retry=${this.#again}></problem-panel>` : nothing}
      ${problem && seenAt !== undefined ? html`<p class="small quiet">Looked <time-ago .at=${seenAt}></time-ago>.</p>` : nothing}
      ${me ? this.#content(me) : html`<div class="panel waiting" role="status" aria-busy="true" aria-label="Loading"></div>`}
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "me-screen": MeScreen;
  }
}
