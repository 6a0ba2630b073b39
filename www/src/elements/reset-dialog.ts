import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "./problem-panel.ts";
import "./reset-form.ts";
import "./reset-progress.ts";
import "./tone-badge.ts";
import type WaDialog from "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import type { ResetNote } from "fireblocks-reset-device";
import type { UserRow } from "fireblocks-reset-device/gateway-api";
import { html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { cache } from "lit/directives/cache.js";
import { PAUSED } from "../model/pause.ts";
import type { Request } from "../model/request.ts";
import { NO_RESET, OPEN_ALREADY } from "../model/reset-form.ts";
import { placeText } from "../model/session.ts";
import { roleLabel, statusLabel, userName, whyBlocked } from "../model/user.ts";
import { navigate } from "../router/address.ts";
import { recordPath } from "../router/paths.ts";
import { requestsStore } from "../stores/requests.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { environments } from "../styles/environments.ts";
import { dialogContent, dialogStyles } from "../styles/reset-dialog.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";

/** Shows whom a reset is about, and either the form that asks for it or how far it has come. Dispatches `close`. */
@customElement("reset-dialog")
export class ResetDialog extends LitElement {
  static override styles = [shared, environments, dialogStyles, dialogContent];

  @property({ attribute: "user-id" }) userId = "";
  /** The id of the user's request for help that is answered by it. */
  @property() help = "";
  /** What the person said there of the phone. */
  @property() because = "";
  @query("wa-dialog") private dialog!: WaDialog;

  constructor() {
    super();
    new Follow(this, usersStore, requestsStore, sessionStore);
  }

  protected override willUpdate(): void {
    const request = requestsStore.of(this.userId);
    if (request?.phase !== "recorded") return;
    // One that was refused earlier was told: whoever opens the dialog anew asks for another.
    if (!request.mine && !this.hasUpdated) requestsStore.dismiss(this.userId);
    else this.#follow(request);
  }

  protected override async firstUpdated(): Promise<void> {
    await this.dialog.updateComplete;
    this.dialog.open = true;
  }

  #follow({ recordId, mine }: Extract<Request, { phase: "recorded" }>): void {
    const { userId } = this;
    // Not while rendering: going elsewhere takes this dialog away.
    queueMicrotask(() => {
      // That this one was refused is still to be read, beside the record that is shown in its place.
      if (mine) requestsStore.dismiss(userId);
      navigate(recordPath(recordId), { replace: true });
    });
  }

  #closed(): void {
    const phase = requestsStore.of(this.userId)?.phase;
    if (phase === "failed" || phase === "accepted") requestsStore.dismiss(this.userId);
    this.dispatchEvent(new Event("close"));
  }

  #cancel(): void {
    this.dialog.open = false;
  }

  /**
   * Whom it is about comes first, for the eye and for a screen reader: the dialog opens with the focus there. `asking`: what
   * matters for the decision alone, and takes the room of what follows it, is left out afterwards.
   */
  #who(user: UserRow, asking: boolean) {
    const status = statusLabel(user);
    const { session } = sessionStore;
    return html`
      ${session ? html`<p class="where ${session.environment}">${placeText(session)}</p>` : nothing}
      <div class="who apart" tabindex="-1" autofocus>
        <p class="name anywhere">${userName(user)}</p>
        <dl>
          <dt>E-mail</dt>
          <dd class="anywhere">${user.email ? breakable(user.email) : "None"}</dd>
          ${
            asking
              ? html`<dt>Role</dt>
                  <dd>${roleLabel(user.role)}</dd>
                  <dt>Status</dt>
                  <dd><tone-badge tone=${status.tone}>${status.label}</tone-badge></dd>`
              : nothing
          }
          <dt>User id</dt>
          <dd class="mono">${user.id}</dd>
        </dl>
      </div>
    `;
  }

  /** The way to ask for it, or why there is none. */
  #asking(user: UserRow) {
    const { session } = sessionStore;
    if (user.openReset) {
      return html`<p>${OPEN_ALREADY}</p>
        <div class="buttons">
          <wa-button variant="brand" href=${recordPath(user.openReset.recordId)}>Open its record</wa-button>
        </div>`;
    }
    if (user.blocked) {
      return html`<div class="warning" role="note"><wa-icon name="slash-circle"></wa-icon><p>${whyBlocked(user)}</p></div>`;
    }
    if (!session?.can.reset) return html`<p>${session?.resetsPaused ? PAUSED : NO_RESET}</p>`;
    return html`<reset-form
      .user=${user}
      help=${this.help}
      because=${this.because}
      @cancel=${this.#cancel}
      @confirm=${({ detail }: CustomEvent<ResetNote>) => requestsStore.confirm(user, detail)}
    ></reset-form>`;
  }

  #content(user: UserRow | undefined) {
    if (!user) return html`<p>This workspace has no user with the id <span class="mono">${this.userId}</span>.</p>`;
    const request = requestsStore.of(this.userId);
    const failed = request?.phase === "failed" ? request.problem : undefined;
    const asking = request === undefined || failed !== undefined;
    // What was typed stays with the form while the request is under way: it may be asked for once more.
    return html`${failed ? html`<problem-panel .problem=${failed} no-retry></problem-panel>` : nothing}
      ${this.#who(user, asking)}
      ${cache(
        asking
          ? this.#asking(user)
          : html`<reset-progress .request=${request} @cancel=${this.#cancel}></reset-progress>`,
      )}`;
  }

  protected override render() {
    const user = usersStore.find(this.userId);
    return html`<wa-dialog
      label=${user ? `Reset the mobile device of ${userName(user)}?` : "User not found"}
      @wa-after-hide=${this.#closed}
      ><div class="stack">${this.#content(user)}</div></wa-dialog
    >`;
  }
}
