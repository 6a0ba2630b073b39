/** The element itself: one button, one dialog, one status line. */

import { follow } from "../following.js";
import { type FollowedReset, GatewayProblem } from "../gateway.js";
import type { ConsoleUser, FireblocksError, ResetNote } from "../index.js";
import { type ButtonState, isOver, sentenceFor } from "../states.js";
import { Confirmation } from "./confirmation.js";
import { element } from "./dom.js";
import { type ButtonClient, type ButtonEventMap, buttonEvent } from "./events.js";
import { fetchFor, gatewayFor, hintFor } from "./page-gateway.js";
import { styleSheet } from "./styles.js";
import { visiblePause } from "./visible-pause.js";

/** One wish of a person: however often it is sent, it is sent with one key. */
interface Intent {
  userId: string;
  note: ResetNote;
  idempotencyKey: string;
}

// A server that renders pages has no HTMLElement; it only needs the import not to throw.
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<fireblocks-reset-device user-id="…" base-path="/v1">`
 *
 * Attributes: `user-id` (the console user's id), `base-path` (the gateway, `/v1` by default), `record-id` (a record to
 * show from the start), `disabled`.
 *
 * Parts: `button`, `trigger`, `status`, `dialog`, `form`, `heading`, `facts`, `consequence`, `label`, `input`, `alert`,
 * `sign-in`, `actions`, `cancel`, `confirm`. Each {@link ButtonState} is also a custom state: `:state(completed)`.
 *
 * Custom properties: `--fireblocks-reset-accent`, `-on-accent`, `-danger`, `-surface`, `-text`, `-muted`, `-border`,
 * `-radius`, `-font`, each with that prefix.
 */
export class FireblocksResetDeviceElement extends Base {
  static readonly observedAttributes = ["user-id", "base-path", "record-id", "disabled"];

  /**
   * A client to use in place of one of the button's own, for the same gateway as `base-path`. A page that loads the
   * package for other work saves a second copy of it this way.
   */
  client: ButtonClient | undefined;

  readonly #internals: ElementInternals;
  readonly #trigger: HTMLButtonElement;
  readonly #status: HTMLSpanElement;
  readonly #confirmation: Confirmation;
  #state: ButtonState | (string & {}) = "idle";
  #intent: Intent | undefined;
  #followed: string | undefined;
  #lookup: AbortController | undefined;
  #following: AbortController | undefined;

  constructor() {
    super();
    this.#internals = this.attachInternals();
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    root.adoptedStyleSheets = [styleSheet()];
    this.#trigger = element(
      "button",
      { part: "button trigger", type: "button" },
      element("slot", {}, "Reset mobile device"),
    );
    this.#trigger.addEventListener("click", () => void this.open());
    this.#status = element("span", { part: "status", role: "status" });
    this.#confirmation = new Confirmation(
      (note) => void this.#send(note),
      () => this.#closed(),
    );
    root.append(this.#trigger, this.#status, this.#confirmation.dialog);
  }

  /** The console user's id. */
  get userId(): string {
    return this.getAttribute("user-id") ?? "";
  }
  set userId(value: string) {
    this.setAttribute("user-id", value);
  }

  /** The gateway: a path of the page's own origin, or an address. */
  get basePath(): string {
    return this.getAttribute("base-path") || "/v1";
  }
  set basePath(value: string) {
    this.setAttribute("base-path", value);
  }

  get disabled(): boolean {
    return this.hasAttribute("disabled");
  }
  set disabled(value: boolean) {
    this.toggleAttribute("disabled", value);
  }

  /** What is shown; a state of the gateway's that is newer than this package passes through. */
  get state(): ButtonState | (string & {}) {
    return this.#state;
  }

  connectedCallback(): void {
    this.#refreshTrigger();
    const recordId = this.#followed ?? this.getAttribute("record-id");
    if (recordId) this.#follow(recordId);
  }

  disconnectedCallback(): void {
    this.#lookup?.abort();
    this.#following?.abort();
    // Away from the document a dialog stays open but is modal no more: back in it, it could be neither used nor reopened.
    this.#confirmation.dialog.close();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    // What was asked for another user, or of another gateway, must not be shown as this one's.
    if (name === "user-id" || name === "base-path") this.clear();
    if (name === "record-id" && after && this.isConnected) this.#follow(after);
    this.#refreshTrigger();
  }

  /** Opens the dialog, as a click does. Resolves when it can be confirmed, or says why it cannot. */
  async open(): Promise<void> {
    if (!this.#usable() || this.#confirmation.dialog.open) return;
    const userId = this.userId;
    this.#lookup = new AbortController();
    const { signal } = this.#lookup;
    this.#confirmation.open(userId);
    // A request whose fate is unknown stays so while the dialog is open again.
    if (this.#state !== "unknown") this.#enter("confirming");
    try {
      const lookingUp = this.#lookUp(userId, signal);
      // Of two failures the session's is told, since it may know where to sign in.
      lookingUp.catch(() => undefined);
      const session = await gatewayFor(this.basePath).session(signal);
      const lookup = await lookingUp;
      if (signal.aborted) return;
      if (lookup.missing) {
        this.#confirmation.blocked("This workspace has no console user with this id. Nothing was sent.");
      } else if (session?.resetsPaused) {
        this.#confirmation.blocked("Resets are paused at the gateway. Nothing was sent.");
      } else if (session && !session.can.reset) {
        this.#confirmation.blocked("You may not reset devices here. Nothing was sent.");
      } else {
        this.#confirmation.ready(userId, lookup.user, session, lookup.warning);
      }
    } catch (problem) {
      if (signal.aborted) return;
      const known = problem instanceof GatewayProblem ? problem : undefined;
      const hint = known && hintFor(this.basePath, known.status);
      const sentences = [messageOf(problem), hint, "Nothing was sent."].filter(Boolean).join(" ");
      this.#confirmation.blocked(sentences, known?.signInUrl);
    }
  }

  /** Returns to `idle` and stops following. Withdraws nothing: what was asked for goes on. */
  clear(): void {
    this.#lookup?.abort();
    this.#following?.abort();
    this.#intent = undefined;
    this.#followed = undefined;
    this.#confirmation.clear();
    if (this.#confirmation.dialog.open) this.#confirmation.dialog.close();
    this.#enter("idle");
  }

  /** The user's name, where the caller may read it. A gateway that keeps its list to itself still decides. */
  async #lookUp(
    userId: string,
    signal: AbortSignal,
  ): Promise<{ user?: ConsoleUser; missing?: boolean; warning?: string }> {
    const client = await this.#connect();
    try {
      const { users } = await client.getConsoleUsers({ signal });
      const user = users.find((one) => one.id === userId);
      return user ? { user } : { missing: true };
    } catch (error) {
      const { kind } = error as FireblocksError;
      if (kind === "forbidden" || kind === "notFound") {
        return { warning: "The user's name could not be read. Check the id." };
      }
      throw error;
    }
  }

  async #connect(): Promise<ButtonClient> {
    if (this.client) return this.client;
    // On first use: a page that shows the button pays for the client when somebody presses it.
    const { createClient } = await import("../index.js");
    return createClient({ basePath: this.basePath, fetch: fetchFor(this.basePath) });
  }

  async #send(note: ResetNote): Promise<void> {
    const intent = this.#intentFor(note);
    this.#confirmation.sending();
    this.#enter("sending");
    try {
      const client = await this.#connect();
      const receipt = await client.resetDevice(intent.userId, intent.idempotencyKey, { note });
      this.#tell("fireblocks-reset-requested", { userId: intent.userId, receipt });
      if (this.#intent !== intent) return;
      this.#intent = undefined;
      this.#confirmation.clear();
      // With a record the gateway tells the state itself: it may only have been proposed.
      this.#enter(receipt.recordId ? "recorded" : "approvalRequested");
      this.#confirmation.dialog.close();
      if (receipt.recordId) this.#follow(receipt.recordId);
    } catch (thrown) {
      const error = thrown as FireblocksError;
      this.#tell("fireblocks-reset-failed", { userId: intent.userId, error });
      if (this.#intent !== intent) return;
      this.#enter(error.outcome ?? "unknown");
      this.#status.textContent = messageOf(error);
      if (error.kind === "conflict" && error.outcome === "refused") this.#confirmation.blocked(messageOf(error));
      else this.#confirmation.failed(messageOf(error), error.outcome === "unknown");
      // A conflict's record is the user's open reset; an unknown request's record will tell what became of it.
      if (error.recordId) this.#follow(error.recordId);
    }
  }

  /** The same intent as long as the same is asked for; a request that may have arrived can only be repeated. */
  #intentFor(note: ResetNote): Intent {
    const same = this.#intent && JSON.stringify(this.#intent.note) === JSON.stringify(note);
    if (!this.#intent || !same) {
      this.#intent = { userId: this.userId, note, idempotencyKey: crypto.randomUUID() };
    }
    return this.#intent;
  }

  #closed(): void {
    this.#lookup?.abort();
    if (this.#state === "confirming") this.#enter("idle");
    this.#trigger.focus();
  }

  #follow(recordId: string): void {
    this.#following?.abort();
    this.#following = new AbortController();
    this.#followed = recordId;
    const follower = {
      onRecord: (record: FollowedReset) => {
        this.#enter(record.state, record);
        // Somebody else ended it, or the gateway learnt the outcome: the next click is a new wish.
        if (!record.open) this.#intent = undefined;
      },
      onProblem: (problem: GatewayProblem, final: boolean) => {
        const next = final ? "Not followed any more." : "Trying again.";
        this.#status.textContent = [sentenceFor(this.#state), problem.message, next].filter(Boolean).join(" ");
      },
      pause: visiblePause,
    };
    void follow(gatewayFor(this.basePath), recordId, follower, this.#following.signal);
  }

  #enter(state: ButtonState | (string & {}), record?: FollowedReset): void {
    const changed = state !== this.#state;
    this.#internals.states.delete(this.#state);
    this.#internals.states.add(state);
    this.#state = state;
    const sentence = [sentenceFor(state), approvalsOf(record), record?.message].filter(Boolean).join(" ");
    // Unchanged text is left alone, so that a screen reader does not say it at every reading.
    if (this.#status.textContent !== sentence) this.#status.textContent = sentence;
    this.#refreshTrigger();
    if (changed) {
      this.#tell("fireblocks-reset-progress", {
        userId: this.userId,
        state: state as ButtonState,
        ...(record && { record }),
      });
    }
  }

  /** Whether a click may open the dialog: not while a reset of this user is under way. */
  #usable(): boolean {
    if (this.disabled || !this.userId) return false;
    return isOver(this.#state) || (this.#state === "unknown" && this.#intent !== undefined);
  }

  #refreshTrigger(): void {
    // Not `disabled`: the focus that returns from the dialog must have somewhere to go.
    this.#trigger.setAttribute("aria-disabled", String(!this.#usable()));
  }

  #tell<K extends keyof ButtonEventMap>(type: K, detail: ButtonEventMap[K]["detail"]): void {
    this.dispatchEvent(buttonEvent(type, detail));
  }
}

function approvalsOf(record: FollowedReset | undefined): string | undefined {
  const { current, threshold } = record?.approvals ?? {};
  return record?.open && threshold !== undefined ? `${current ?? 0} of ${threshold} approvals.` : undefined;
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
