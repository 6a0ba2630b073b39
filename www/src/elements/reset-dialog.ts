import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import "@awesome.me/webawesome/dist/components/spinner/spinner.js";
import "@awesome.me/webawesome/dist/components/textarea/textarea.js";
import "./copy-button.ts";
import "./problem-panel.ts";
import "./tone-badge.ts";
import type WaDialog from "@awesome.me/webawesome/dist/components/dialog/dialog.js";
import type { ResetNote } from "fireblocks-reset-device";
import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { UserRow } from "worker/api";
import { consequencesFor } from "../model/consequences.ts";
import { roleLabel, statusLabel, userName, whyBlocked } from "../model/user.ts";
import { navigate } from "../router/address.ts";
import { recordPath } from "../router/routes.ts";
import { forgetDraft, readDraft, writeDraft } from "../stores/drafts.ts";
import { type Request, requestsStore } from "../stores/requests.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { usersStore } from "../stores/users.ts";
import { consequences } from "../styles/consequences.ts";
import { shared } from "../styles/shared.ts";
import { breakable } from "./breakable.ts";
import { environmentName } from "./environment-strip.ts";

type Field = "verifiedBy" | "reason" | "reference" | "email";

/** What the worker takes (worker/src/resets/request.ts), in characters. */
const LIMITS = { verifiedBy: 300, reason: 1000, reference: 200 } as const;

/** Shows whom a reset is about and what it does, asks what has to be known, and sends it once. Dispatches `close`. */
@customElement("reset-dialog")
export class ResetDialog extends LitElement {
  static override styles = [
    shared,
    consequences,
    css`
      wa-dialog {
        --width: 43rem;
      }

      /* What is scrolled goes below a line, as it does at the buttons. */
      wa-dialog::part(header) {
        border-block-end: 1px solid var(--wa-color-surface-border);
      }

      wa-dialog::part(body) {
        padding-block-start: var(--wa-space-l);
      }

      .where {
        padding: 0.375rem 0.75rem;
        border-radius: var(--wa-border-radius-m);
        font-size: 0.875rem;
        font-weight: 600;
      }

      .where.production {
        background: #a8132f;
        color: white;
      }

      .where.sandbox {
        background: #ffd24a;
        color: #2b2000;
      }

      .where.local {
        background: light-dark(#dfe6ee, #2d3947);
        color: light-dark(#1e2b3a, #dbe5f0);
      }

      form,
      .stack {
        display: grid;
        gap: var(--wa-space-l);
      }

      .who {
        display: grid;
        gap: var(--wa-space-s);
        padding: var(--wa-space-m);
        border: 1px solid var(--wa-color-surface-border);
        border-radius: var(--wa-border-radius-m);
        background: var(--wa-color-surface-lowered);
      }

      .who:focus {
        outline: none;
      }

      .name {
        font-size: 1.25rem;
        font-weight: 650;
        line-height: 1.25;
      }

      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.25rem var(--wa-space-m);
        align-items: baseline;
        font-size: 0.9375rem;
      }

      dt {
        color: var(--wa-color-text-quiet);
      }

      .warning {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 0.625rem;
        padding: var(--wa-space-s) var(--wa-space-m);
        border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
        background: var(--wa-color-warning-fill-quiet);
      }

      .fields {
        display: grid;
        gap: var(--wa-space-m);
      }

      .wrong::part(hint) {
        color: var(--wa-color-danger-on-quiet);
        font-weight: 550;
      }

      .wrong::part(input-wrapper),
      .wrong::part(textarea-wrapper) {
        border-color: var(--wa-color-danger-fill-loud);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: var(--wa-space-s);
      }

      .busy {
        display: flex;
        gap: var(--wa-space-m);
        align-items: flex-start;
        padding: var(--wa-space-l) 0;
      }

      .busy wa-spinner {
        flex: none;
        font-size: 1.5rem;
      }

      @media (min-height: 30rem) {
        /* What gets the focus by Tab stops above the buttons that stick to the end. */
        wa-dialog::part(body) {
          scroll-padding-block-end: 6.5rem;
        }

        .buttons {
          position: sticky;
          inset-block-end: calc(-1 * var(--spacing, var(--wa-space-l)));
          margin: 0 calc(-1 * var(--wa-space-l)) calc(-1 * var(--wa-space-l));
          padding: var(--wa-space-m) var(--wa-space-l);
          border-block-start: 1px solid var(--wa-color-surface-border);
          background: var(--wa-color-surface-raised);
          z-index: 1;
        }

        /* More lies below: what is cut off by the buttons fades out. */
        .buttons::before {
          content: "";
          position: absolute;
          inset: auto 0 100%;
          block-size: 2.5rem;
          background: linear-gradient(to top, var(--wa-color-surface-raised), transparent);
          pointer-events: none;
        }
      }

      @media (max-width: 30rem) {
        wa-dialog::part(dialog) {
          inline-size: 100vw;
          max-inline-size: 100vw;
          max-block-size: 100dvh;
          margin: auto 0 0;
          border-end-start-radius: 0;
          border-end-end-radius: 0;
        }

        /* What is scrolled goes under the heading, which often takes two lines. */
        wa-dialog::part(header) {
          padding-block: var(--wa-space-m);
          border-block-end: 1px solid var(--wa-color-surface-border);
        }

        wa-dialog::part(body) {
          padding-block-start: var(--wa-space-m);
        }

        .buttons {
          flex-direction: column-reverse;
        }

        /* A form is read to its end first. */
        form .buttons {
          position: static;
          margin: 0;
          padding: 0;
          border: 0;
        }

        form .buttons::before {
          display: none;
        }

        dl {
          grid-template-columns: minmax(0, 1fr);
        }

        dd {
          margin-block-end: 0.25rem;
        }
      }
    `,
  ];

  @property({ attribute: "user-id" }) userId = "";
  @state() private note: ResetNote = {};
  @state() private email = "";
  @state() private errors: Partial<Record<Field, string>> = {};
  @query("wa-dialog") private dialog!: WaDialog;

  constructor() {
    super();
    new Follow(this, usersStore, requestsStore, sessionStore);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("userId")) this.note = readDraft(this.userId);
    const request = requestsStore.of(this.userId);
    if (request?.phase === "recorded") this.#follow(request.recordId);
  }

  protected override async firstUpdated(): Promise<void> {
    await this.dialog.updateComplete;
    this.dialog.open = true;
  }

  #follow(recordId: string): void {
    const { userId } = this;
    forgetDraft(userId);
    // Not while rendering: going elsewhere takes this dialog away.
    queueMicrotask(() => {
      requestsStore.dismiss(userId);
      navigate(recordPath(recordId), { replace: true });
    });
  }

  #close(): void {
    const phase = requestsStore.of(this.userId)?.phase;
    if (phase === "failed" || phase === "accepted") requestsStore.dismiss(this.userId);
    this.dispatchEvent(new Event("close"));
  }

  #type(field: Field, event: Event): void {
    const value = (event.target as HTMLInputElement).value;
    this.errors = { ...this.errors, [field]: undefined };
    if (field === "email") {
      this.email = value;
      return;
    }
    this.note = { ...this.note, [field]: value };
    writeDraft(this.userId, this.note);
  }

  #check(user: UserRow): Partial<Record<Field, string>> {
    const required = sessionStore.session?.requireNote ?? true;
    const errors: Partial<Record<Field, string>> = {};
    if (required && !this.note.verifiedBy?.trim()) errors.verifiedBy = "Say how you made sure that it is really them.";
    if (required && !this.note.reason?.trim()) errors.reason = "Say why the reset is needed.";
    if (this.email.trim().toLowerCase() !== (user.email ?? user.id).toLowerCase()) {
      errors.email = this.email
        ? "This is not the e-mail of the user above. Look again whom you are about to reset."
        : "Type the e-mail of the user above.";
    }
    return errors;
  }

  async #submit(event: Event, user: UserRow): Promise<void> {
    event.preventDefault();
    this.errors = this.#check(user);
    if (Object.keys(this.errors).length > 0) {
      await this.updateComplete;
      const wrong = this.renderRoot.querySelector<HTMLElement>(".wrong");
      wrong?.focus();
      // With what is wrong, which stands below the field.
      wrong?.scrollIntoView({ block: "center" });
      return;
    }
    await requestsStore.confirm(user, {
      ...trimmed("verifiedBy", this.note.verifiedBy),
      ...trimmed("reason", this.note.reason),
      ...trimmed("reference", this.note.reference),
    });
  }

  /** Whom it is about comes first, for the eye and for a screen reader: the dialog opens with the focus there. */
  /** `asking`: what matters for the decision alone, and takes the room of what follows it, is left out afterwards. */
  #who(user: UserRow, asking = true) {
    const status = statusLabel(user);
    const session = sessionStore.session;
    const workspace = session?.workspace?.name ?? session?.workspace?.id;
    return html`
      ${
        session
          ? html`<p class="where ${session.environment}">
              ${environmentName(session.environment)}${workspace ? `: ${workspace}` : ""}
            </p>`
          : nothing
      }
      <div class="who" tabindex="-1" autofocus>
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

  #field(field: Exclude<Field, "email" | "reason">, label: string, hint: string) {
    const error = this.errors[field];
    return html`<wa-input
      class=${error ? "wrong" : ""}
      label=${label}
      hint=${error ?? hint}
      maxlength=${LIMITS[field]}
      autocomplete="off"
      .value=${this.note[field] ?? ""}
      @input=${(event: Event) => this.#type(field, event)}
    ></wa-input>`;
  }

  #form(user: UserRow) {
    const required = sessionStore.session?.requireNote ?? true;
    const optional = required ? "" : " (optional)";
    const second = sessionStore.session?.requireSecondPerson;
    return html`<form class="stack" novalidate @submit=${(event: Event) => this.#submit(event, user)}>
      ${this.#who(user)}
      ${
        user.warning
          ? html`<div class="warning" role="note"><wa-icon name="exclamation-triangle"></wa-icon><p>${user.warning}</p></div>`
          : nothing
      }
      <section>
        <h3>What will happen</h3>
        <ul class="consequences" role="list">
          ${
            second
              ? html`<li><wa-icon name="person"></wa-icon><span>A second admin must release your request before anything is sent to Fireblocks.</span></li>`
              : nothing
          }
          ${consequencesFor(user).map(
            ({ icon, text, weighty }) =>
              html`<li class=${weighty ? "weighty" : ""}><wa-icon name=${icon}></wa-icon><span>${text}</span></li>`,
          )}
        </ul>
      </section>
      <div class="fields">
        ${this.#field("verifiedBy", `How did you verify who is asking?${optional}`, "For example: video call, compared with the badge photo.")}
        <wa-textarea
          class=${this.errors.reason ? "wrong" : ""}
          label=${`Why is the reset needed?${optional}`}
          hint=${this.errors.reason ?? "For example: phone lost on a train."}
          maxlength=${LIMITS.reason}
          rows="2"
          resize="auto"
          .value=${this.note.reason ?? ""}
          @input=${(event: Event) => this.#type("reason", event)}
        ></wa-textarea>
        ${this.#field("reference", "Ticket or reference (optional)", "")}
        <wa-input
          class=${this.errors.email ? "wrong" : ""}
          label=${`Type ${user.email ?? user.id} to confirm`}
          hint=${this.errors.email ?? ""}
          autocomplete="off"
          autocapitalize="off"
          autocorrect="off"
          spellcheck="false"
          inputmode="email"
          .value=${this.email}
          @input=${(event: Event) => this.#type("email", event)}
        ></wa-input>
      </div>
      <div class="buttons">
        <wa-button appearance="outlined" @click=${() => this.#cancel()}>Cancel</wa-button>
        <wa-button type="submit" variant="brand">${second ? "Propose the reset" : "Request the reset"}</wa-button>
      </div>
    </form>`;
  }

  #cancel(): void {
    this.dialog.open = false;
  }

  #busy(words: unknown) {
    return html`<div class="busy" role="status"><wa-spinner></wa-spinner><div>${words}</div></div>`;
  }

  #progress(user: UserRow, request: Request | undefined) {
    switch (request?.phase) {
      case "sending":
        return html`${this.#who(user, false)}${this.#busy(html`<p><strong>Sending the request.</strong></p>
          <p class="quiet">Nothing more is needed from you. If you close or reload this page, the request is found again.</p>`)}`;
      case "elsewhere":
        return html`${this.#who(user, false)}${this.#busy(html`<p>Another tab of this browser is sending the request. It is sent once.</p>`)}`;
      case "looking":
      case "recorded":
        return html`${this.#who(user, false)}${this.#busy(html`<p>Looking for the record of the request.</p>`)}`;
      case "accepted":
        return html`${this.#who(user, false)}
          <p><strong>An approval request was filed.</strong> The device is not reset yet: the workspace's approvers have to approve it.</p>
          <div class="buttons"><wa-button variant="brand" @click=${() => this.#cancel()}>Close</wa-button></div>`;
      case "failed":
        return html`<problem-panel .problem=${request.problem} no-retry></problem-panel>${this.#form(user)}`;
      case "lost":
        return html`${this.#who(user, false)}
          <div role="alert" class="stack">
            <p><strong>The request did not arrive.</strong></p>
            <p>No answer came, and this service has no record of the request. It records before it sends, so nothing was sent to Fireblocks.</p>
            <p>Send it again: it carries the same key, so that it can count only once.</p>
          </div>
          <div class="buttons">
            <wa-button appearance="outlined" @click=${() => requestsStore.discard(user.id)}>Give it up</wa-button>
            <wa-button variant="brand" @click=${() => requestsStore.sendAgain(user.id)}>Send it again</wa-button>
          </div>`;
      case "unknown":
        return html`${this.#who(user, false)}
          <div role="alert" class="stack">
            <p><strong>It is not clear what happened.</strong></p>
            <p>${request.problem.message} An approval request may or may not have been filed. The service could not be asked for its record.</p>
            <p>Do not ask for another reset. Look again when the network is back; the request is found by its record.</p>
            <p class="small">Idempotency key: <span class="mono">${request.idempotencyKey}</span></p>
          </div>
          <div class="buttons">
            <copy-button label="Copy key" .value=${request.idempotencyKey}></copy-button>
            <wa-button variant="brand" @click=${() => requestsStore.lookAgain(user.id)}>Look again</wa-button>
          </div>`;
      default:
        return this.#form(user);
    }
  }

  #body(user: UserRow | undefined) {
    const request = requestsStore.of(this.userId);
    if (!user) {
      return html`<p>This workspace has no user with the id <span class="mono">${this.userId}</span>. Nothing was sent.</p>`;
    }
    if (request) return this.#progress(user, request);
    if (user.openReset) {
      return html`${this.#who(user)}
        <p>A reset of this user is open already.</p>
        <div class="buttons">
          <wa-button variant="brand" href=${recordPath(user.openReset.recordId)}>Open its record</wa-button>
        </div>`;
    }
    if (user.blocked) {
      return html`${this.#who(user)}
        <div class="warning" role="note"><wa-icon name="slash-circle"></wa-icon><p>${whyBlocked(user)}</p></div>`;
    }
    if (!sessionStore.session?.can.reset) {
      return html`${this.#who(user)}<p>You may see this user, but not ask for a reset.</p>`;
    }
    return this.#form(user);
  }

  protected override render() {
    const user = usersStore.find(this.userId);
    return html`<wa-dialog
      label=${user ? `Reset the mobile device of ${userName(user)}?` : "User not found"}
      @wa-after-hide=${this.#close}
      ><div class="stack">${this.#body(user)}</div></wa-dialog
    >`;
  }
}

function trimmed(name: keyof ResetNote, value: string | undefined): ResetNote {
  const text = value?.trim();
  return text ? { [name]: text } : {};
}
