import "./copy-button.ts";
import { css, html, LitElement } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ResetRecord } from "worker/api";
import { zonedTime } from "../model/time.ts";
import { sessionStore } from "../stores/session.ts";
import { Follow } from "../stores/store.ts";
import { shared } from "../styles/shared.ts";
import { decisionsFor } from "./decision-form.ts";
import { environmentName } from "./environment-strip.ts";

/** For a reset whose outcome nobody knows: what that means, and how to find out. Calm. */
@customElement("unknown-guide")
export class UnknownGuide extends LitElement {
  static override styles = [
    shared,
    css`
      section.panel {
        display: grid;
        gap: var(--wa-space-m);
        padding: var(--wa-space-l);
        border-inline-start: 3px solid var(--wa-color-warning-fill-loud);
      }

      ol {
        display: grid;
        gap: var(--wa-space-s);
        padding-inline-start: 1.375rem;
      }
    `,
  ];

  @property({ attribute: false }) record!: ResetRecord;

  constructor() {
    super();
    new Follow(this, sessionStore);
  }

  protected override render() {
    const { record } = this;
    const { session } = sessionStore;
    const workspace = session?.workspace?.name ?? session?.workspace?.id;
    const settles = session !== undefined && decisionsFor(record, session).includes("settle");
    const whom = record.userName || record.userEmail || record.userId;
    const details = [
      `Reset of ${whom} (${record.userId})`,
      `Asked at: ${zonedTime(record.createdAt)} (${new Date(record.createdAt).toISOString()})`,
      `Record: ${record.id}`,
      workspace ? `Workspace: ${workspace}` : undefined,
      session ? `Environment: ${environmentName(session.environment)}` : undefined,
      `Idempotency key: ${record.upstreamKey}`,
      record.requestId ? `Fireblocks request id: ${record.requestId}` : undefined,
      record.message ? `Message: ${record.message}` : undefined,
      `Attempts: ${record.attempts}`,
    ]
      .filter(Boolean)
      .join("\n");
    return html`<section class="panel">
      <h2>Nothing is broken. One answer is missing.</h2>
      <p>
        Fireblocks did not answer clearly. At most one approval request can exist, or none. No device was reset by this
        alone: an approval request still needs the workspace's approvers.
      </p>
      <p><strong>Do not ask for another reset.</strong> Until this is settled, this page holds back a second one. Find out first:</p>
      <ol>
        <li>Open the Fireblocks app or Console and look at the pending approval requests for ${whom}.</li>
        <li>
          Look in the audit log, category Administration, subjects “Re-enroll mobile device” and “Device reset”, around
          ${zonedTime(record.createdAt)}.
        </li>
        <li>
          If you find the request, let it be approved or rejected there. If you find none, nothing was filed. If you are
          not sure, give the details below to Fireblocks' support.
        </li>
        <li>
          ${settles ? "Then settle this record below with what you found." : "Then tell what you found to somebody who may settle this record."}
          After that a new reset can be asked for.
        </li>
      </ol>
      <div class="actions no-print"><copy-button label="Copy details for support" .value=${details}></copy-button></div>
      <slot></slot>
    </section>`;
  }
}
