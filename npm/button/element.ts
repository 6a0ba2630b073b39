/** The element itself: one button, one dialog, one status line. */

import type { FollowedReset } from "../gateway.js";
import type { FireblocksError, ResetNote } from "../index.js";
import { type ButtonState, sentenceFor } from "../states.js";
import { DEFAULT_GATEWAY, ElementWithAttributes, takeOver } from "./attributes.js";
import { Confirmation } from "./confirmation.js";
import { CustomStates } from "./custom-states.js";
import { element } from "./dom.js";
import { type ButtonClient, type ButtonEventMap, buttonEvent } from "./events.js";
import { Blocked, lookUp, messageOf } from "./look-up.js";
import { connect } from "./page-gateway.js";
import { RecordFollower, sentenceOf } from "./record-follower.js";
import { addStyles } from "./styles.js";
import { type UserState, UserStates } from "./user-state.js";

type ShownState = ButtonState | (string & {});

/** States of a record that leave open what became of the request. */
const NOT_TOLD: ReadonlySet<string> = new Set(["recorded", "sending", "unknown"]);

const UNDER_WAY = { message: "A reset of this user is under way. Another cannot be asked for now." };

/**
 * `<fireblocks-reset-device user-id="…" base-path="/v1">`
 *
 * Attributes: `user-id` (the console user's id), `base-path` (the gateway, `/v1` by default), `record-id` (a record to
 * show), `disabled`, `allow-http`.
 *
 * Parts: `button`, `trigger`, `status`, `dialog`, `form`, `heading`, `facts`, `consequence`, `label`, `input`, `remedy`, `alert`,
 * `sign-in`, `actions`, `cancel`, `confirm`. Each {@link ButtonState} is also a custom state: `:state(completed)`.
 *
 * Custom properties: `--fireblocks-reset-accent`, `-on-accent`, `-danger`, `-surface`, `-text`, `-muted`, `-border`,
 * `-radius`, `-font`, each with that prefix.
 */
export class FireblocksResetDeviceElement extends ElementWithAttributes {
  readonly #states: CustomStates;
  readonly #trigger: HTMLButtonElement;
  readonly #status: HTMLSpanElement;
  readonly #confirmation: Confirmation;
  readonly #follower: RecordFollower;
  readonly #userStates = new UserStates();
  /** Of the user and the gateway that the attributes name. */
  #userState = this.#userStates.of("", DEFAULT_GATEWAY);
  /** The state that was told last, and whose. */
  #told = "idle";
  /** The `record-id` that was taken last. */
  #givenRecord = "";
  /** Whether it was seen to be of the user whom it was taken for. */
  #isRecordTheirs = false;
  /** One that was taken for another user first: it is shown where it names its user alone. */
  #releasedRecord = "";
  #client: ButtonClient | undefined;
  #lookup: AbortController | undefined;

  constructor() {
    super();
    this.#states = new CustomStates(this);
    const root = this.attachShadow({ mode: "open", delegatesFocus: true });
    addStyles(root);
    this.#trigger = element(
      "button",
      { part: "button trigger", type: "button" },
      element("slot", {}, "Reset mobile device"),
    );
    this.#trigger.addEventListener("click", () => void this.open());
    this.#status = element("span", { part: "status", role: "status" });
    this.#confirmation = new Confirmation(
      (userId, note) => void this.#send(userId, note),
      () => this.#left(),
    );
    this.#follower = new RecordFollower(
      (record) => this.#read(record),
      (problem) => {
        this.#userState.trouble = problem;
        this.#show();
      },
    );
    root.append(this.#trigger, this.#status, this.#confirmation.dialog);
    // What a page has set before this class was there.
    takeOver(this, ["userId", "basePath", "recordId", "disabled", "allowHttp", "client"]);
    this.#turn();
  }

  /**
   * A client to use in place of one of the button's own, for the same gateway as `base-path`. A page that loads the
   * package for other work saves a second copy of it this way.
   */
  get client(): ButtonClient | undefined {
    return this.#client;
  }
  set client(client: ButtonClient | null | undefined) {
    if (this.#client === (client ?? undefined)) return;
    this.#client = client ?? undefined;
    this.#lookAgain();
  }

  /** What is shown; a state of the gateway's that is newer than this package passes through. */
  get state(): ShownState {
    return this.#userState.state;
  }

  connectedCallback(): void {
    this.#turn();
    this.#show();
    this.#follow();
    queueMicrotask(() => this.#takeRecord());
  }

  disconnectedCallback(): void {
    this.#follower.stop();
    // Away from the document a dialog stays open but is modal no more: back in it, it could be neither used nor reopened.
    this.#confirmation.close();
  }

  /** Another document takes no sheet that was made for the one before. */
  adoptedCallback(): void {
    if (this.shadowRoot) addStyles(this.shadowRoot);
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === "user-id" || name === "base-path") this.#turn();
    // Later: a page that sets it and `user-id`, in whichever order, means the one to be of the other.
    if (name === "record-id") queueMicrotask(() => this.#takeRecord());
    if (name === "allow-http") this.#lookAgain();
    this.#show();
  }

  /** Opens the dialog, as a click does. Resolves when it can be confirmed, or says why it cannot. */
  async open(): Promise<void> {
    if (!this.#usable()) return;
    this.#confirmation.open(this.#userState.userId);
    // A request whose fate is unknown stays so while the dialog is open again.
    if (this.#userState.unsettled) this.#show();
    else this.#enter("confirming");
    await this.#lookUp();
  }

  /**
   * Returns to `idle` and stops following. Withdraws nothing: what was asked for goes on. Does nothing while a request is
   * being sent: whoever pressed again would send a second one.
   */
  clear(): void {
    if (this.#userState.intent?.progress === "sending") return;
    this.#userStates.forget(this.#userState);
    this.#change(this.#userStates.of(this.userId, this.basePath));
  }

  /** Whom and where the attributes name may have changed: nothing of the one is shown as the other's. */
  #turn(): void {
    const { userId, basePath } = this.#userState;
    if (userId === this.userId && basePath === this.basePath) return;
    this.#releaseRecord();
    this.#change(this.#userStates.of(this.userId, this.basePath));
  }

  #change(userState: UserState): void {
    this.#confirmation.close();
    this.#confirmation.clear();
    this.#userState = userState;
    this.#enter(userState.state, userState.sentence);
    this.#follow();
  }

  /** Looks the user up, and lets the dialog be confirmed or says why it cannot. */
  async #lookUp(): Promise<void> {
    const { userId, basePath } = this.#userState;
    this.#lookup?.abort();
    this.#lookup = new AbortController();
    const { signal } = this.#lookup;
    const found = await lookUp(userId, basePath, this.#connect(), signal);
    if (signal.aborted) return;
    const { unsettled } = this.#userState;
    if (found instanceof Blocked) {
      this.#confirmation.blocked({ message: found.told(unsettled !== undefined), signInUrl: found.signInUrl });
    } else if (this.#userState.isUnderWay) this.#confirmation.blocked(UNDER_WAY);
    else this.#confirmation.ready({ ...found, repeats: unsettled?.note });
  }

  /** What the dialog has found out may not hold any more: it begins anew, with what was typed. */
  #lookAgain(): void {
    const { phase } = this.#confirmation;
    if (phase === "closed" || phase === "sending") return;
    this.#confirmation.open(this.#userState.userId);
    void this.#lookUp();
  }

  async #connect(): Promise<ButtonClient> {
    return this.#client ?? connect(this.#userState.basePath, this.allowHttp);
  }

  /** Sends what was confirmed, for the user whom the dialog named. */
  async #send(userId: string, note: ResetNote): Promise<void> {
    const userState = this.#userState;
    if (userId !== userState.userId || this.disabled) return;
    const intent = userState.begin(note);
    this.#confirmation.sending();
    this.#enter("sending");
    try {
      const client = await this.#connect();
      const receipt = await client.resetDevice(userId, intent.idempotencyKey, { note: intent.note });
      const { recordId } = receipt;
      userState.intent = undefined;
      this.#tell("fireblocks-reset-requested", { userId, receipt });
      // With a record the gateway tells the state itself: it may only have been proposed.
      this.#conclude(userState, recordId ? "recorded" : "approvalRequested", recordId);
      if (userState !== this.#userState) return;
      this.#confirmation.clear();
      this.#confirmation.close();
    } catch (thrown) {
      // A client of the page's may throw anything.
      const error = (thrown ?? {}) as Partial<FireblocksError>;
      const outcome = error.outcome ?? "unknown";
      const progress = userState.fail(intent, outcome, error.recordId);
      const doubt = progress === outcome ? "" : " An earlier try of the same request may have been filed.";
      const message = messageOf(thrown) + doubt;
      this.#tell("fireblocks-reset-failed", { userId, error: thrown as FireblocksError });
      // A conflict's record is the user's open reset; an unknown request's record will tell what became of it.
      this.#conclude(userState, progress, error.recordId, message);
      if (userState !== this.#userState || this.#confirmation.phase !== "sending") return;
      if (error.kind === "conflict" && progress === "refused") this.#confirmation.blocked({ message });
      else this.#confirmation.failed(message, userState.unsettled?.note);
    }
  }

  /** The answer has come. The button may show somebody else by now; it is known all the same when it returns. */
  #conclude(
    userState: UserState,
    state: ButtonState,
    recordId: string | undefined,
    sentence = sentenceFor(state),
  ): void {
    if (recordId) userState.record = { id: recordId, open: true };
    // Without one of its own, no earlier one tells of it.
    else if (state === "approvalRequested") userState.record = undefined;
    if (userState === this.#userState) {
      this.#enter(state, sentence);
      this.#follow();
    } else {
      Object.assign(userState, { state, sentence, trouble: "" });
    }
  }

  #left(): void {
    this.#lookup?.abort();
    if (this.#userState.state === "confirming") this.#enter("idle");
    else this.#show();
    this.#trigger.focus();
  }

  /** A record that nobody was seen to own may be of whom the attributes name from now on: it is taken anew, for them. */
  #releaseRecord(): void {
    if (!this.#givenRecord || this.#isRecordTheirs) return;
    this.#userStates.drop(this.#givenRecord);
    this.#releasedRecord = this.#givenRecord;
    this.#givenRecord = "";
    queueMicrotask(() => this.#takeRecord());
  }

  /** Takes the `record-id` as it stands: a new one is followed, and one that was replaced or removed is not any more. */
  #takeRecord(): void {
    const before = this.#givenRecord;
    this.#givenRecord = this.recordId;
    if (this.#givenRecord === before) return;
    const userState = this.#userState;
    this.#isRecordTheirs = this.#givenRecord !== "" && this.#givenRecord === userState.record?.id;
    if (before && this.#userStates.drop(before).includes(userState)) {
      const asks = this.#confirmation.phase !== "closed" && userState.state === "idle";
      this.#enter(asks ? "confirming" : userState.state);
      // What it was blocked by may have been that record.
      if (this.#confirmation.phase === "blocked") this.#lookAgain();
    }
    if (this.#givenRecord && this.#givenRecord !== userState.record?.id) {
      userState.record = { id: this.#givenRecord, open: true };
    }
    this.#follow();
  }

  /** Follows the record of this user, if there is one that goes on, while the button is in the document. */
  #follow(): void {
    const { record, basePath } = this.#userState;
    if (record?.open && this.isConnected) this.#follower.start(basePath, record.id);
    else this.#follower.stop();
  }

  /** One reading of the record that is followed. */
  #read(record: FollowedReset): void {
    const userState = this.#userState;
    const isGiven = userState.record?.id === this.#givenRecord;
    const isNameless = record.userId === undefined && isGiven && this.#givenRecord === this.#releasedRecord;
    if (isNameless || userState.isAnothers(record)) {
      this.#follower.stop();
      userState.record = undefined;
      const whose = isNameless ? "may be another user's" : "is another user's";
      userState.trouble = `The record that record-id names ${whose}. It is not shown.`;
      this.#show();
      return;
    }
    if (userState.record) userState.record.open = record.open;
    if (isGiven) this.#isRecordTheirs = true;
    this.#enter(record.state, sentenceOf(record), record);
    const { phase } = this.#confirmation;
    if (userState.followsIntent && !NOT_TOLD.has(record.state) && phase !== "sending") {
      // What became of it is known: there is nothing to repeat, and the next press is a new wish.
      userState.intent = undefined;
      this.#show();
      this.#confirmation.clear();
      this.#confirmation.close();
    } else if (this.#userState.isUnderWay && (phase === "looking" || phase === "ready")) {
      this.#lookup?.abort();
      this.#confirmation.blocked(UNDER_WAY);
    } else if (!record.open && phase === "blocked") {
      this.#lookAgain();
    }
  }

  #enter(state: ShownState, sentence = sentenceFor(state), record?: FollowedReset): void {
    const { userId } = this.#userState;
    Object.assign(this.#userState, { state, sentence, trouble: "" });
    this.#show();
    const told = state === "idle" ? state : JSON.stringify([state, userId]);
    if (told === this.#told) return;
    this.#told = told;
    this.#tell("fireblocks-reset-progress", { userId, state: state as ButtonState, ...(record && { record }) });
  }

  /** Whether a click opens the dialog. */
  #usable(): boolean {
    const named = this.userId.trim() !== "" && this.isConnected;
    return named && !this.disabled && !this.#userState.isUnderWay && this.#confirmation.phase === "closed";
  }

  #show(): void {
    const { state, sentence, trouble } = this.#userState;
    this.#states.show(state);
    this.#status.dataset.state = state;
    const said = [sentence, trouble].filter(Boolean).join(" ");
    // Unchanged text is left alone, so that a screen reader does not say it at every reading.
    if (this.#status.textContent !== said) this.#status.textContent = said;
    this.#confirmation.disabled = this.disabled;
    // Not `disabled`: the focus that returns from the dialog must have somewhere to go.
    this.#trigger.setAttribute("aria-disabled", String(!this.#usable()));
  }

  #tell<K extends keyof ButtonEventMap>(type: K, detail: ButtonEventMap[K]["detail"]): void {
    this.dispatchEvent(buttonEvent(type, detail));
  }
}
