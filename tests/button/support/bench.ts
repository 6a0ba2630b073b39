// The button on a bench: brought into a state, changed, and looked at. The page's clock stands still but for what a
// test lets pass.

import { expect, type Page } from "@playwright/test";
import type { ArrivedReset, TestGateway } from "./gateway.ts";

/** What can be seen of the button, and what a press then sends. */
export interface Seen {
  /** Whom the open dialog names, and the word on its button. */
  dialog: string;
  state: string;
  /** The records that are read while two minutes pass. */
  follows: string;
  /** What is sent where somebody presses on as far as the button lets them. */
  sends: string;
}

const FAILURE = { message: "no answer", code: 500, error: { type: "INTERNAL", message: "no answer" } };
const NOTE = { verifiedBy: "video call", reason: "lost phone" };

export class Bench {
  #release: () => void = () => {};
  #keysBefore = new Set<string>();
  /** Requests of the page whose answer it has not read to its end. */
  #open = 0;

  constructor(
    readonly page: Page,
    readonly gateway: TestGateway,
  ) {
    page.on("request", () => {
      this.#open += 1;
    });
    for (const ended of ["requestfinished", "requestfailed"] as const) {
      page.on(ended as "requestfinished", () => {
        this.#open -= 1;
      });
    }
  }

  /** A page in whose place a button can be put; its class is not there yet. */
  async load(): Promise<void> {
    await this.page.goto(`${this.gateway.url}/?plain`);
  }

  /** A new button. The one before is gone, and the gateway has seen nothing yet. */
  async place(attributes: Record<string, string>): Promise<void> {
    this.gateway.forget();
    await this.page.evaluate((given) => {
      const fresh = document.createElement("fireblocks-reset-device");
      fresh.append("Reset device");
      for (const [name, value] of Object.entries(given)) fresh.setAttribute(name, value);
      document.querySelector("main")?.replaceChildren(fresh);
      const part = (name: string) => fresh.shadowRoot?.querySelector(`[part~=${name}]`) as HTMLElement | null;
      const call = async (path: string, init: RequestInit) => {
        const response = await fetch(`/v1/management/users${path}`, init);
        if (!response.ok) throw Object.assign(new Error("no answer"), await response.json());
        return response;
      };
      Object.assign(globalThis, {
        button: fresh,
        place: fresh.parentElement,
        press: () => part("trigger")?.click(),
        reopen: () => {
          part("cancel")?.click();
          part("trigger")?.click();
        },
        pageClient: {
          getConsoleUsers: async () => (await call("", {})).json(),
          resetDevice: async (id: string, key: string) => {
            const headers = { "x-client": "the-page", "idempotency-key": key };
            const { headers: answer } = await call(`/${id}/reset_device`, { method: "POST", headers });
            return { idempotencyKey: key, attempts: 1, recordId: answer.get("x-reset-record") };
          },
        },
      });
    }, attributes);
    await this.settle();
  }

  async define(): Promise<void> {
    await this.page.evaluate(() => import("/pkg/button/index.js" as string));
    await this.settle();
  }

  /** Runs in the page, with the button as `button`. */
  async change(code: string): Promise<void> {
    this.#keysBefore = new Set(this.gateway.resets.map(({ key }) => key));
    await this.page.evaluate(code);
    await this.settle();
  }

  hold(what: "users" | "resets"): void {
    this.gateway.held[what] = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  async release(): Promise<void> {
    this.#release();
    this.gateway.held = {};
    await this.settle();
  }

  async press(): Promise<void> {
    await this.page.evaluate("press()");
    await this.settle();
  }

  /** Fills in what is empty, and confirms. */
  async confirm(): Promise<void> {
    await this.page.evaluate((note) => {
      const { button } = globalThis as unknown as { button: HTMLElement };
      const root = button.shadowRoot;
      if (!root) return;
      for (const [name, text] of Object.entries(note)) {
        const field = root.querySelector(`[name=${name}]`) as HTMLInputElement;
        if (!field.readOnly) field.value = text;
      }
      const form = root.querySelector("form") as HTMLFormElement;
      // What is not in the document does not submit by itself; the event is the button's to refuse all the same.
      if (form.isConnected) form.requestSubmit();
      else form.dispatchEvent(new SubmitEvent("submit", { cancelable: true }));
    }, NOTE);
    await this.settle();
  }

  failOnce(): void {
    this.gateway.answers.unshift({ status: 500, body: { ...FAILURE, outcome: "unknown" } });
  }

  /** Waits until nothing changes any more. */
  async settle(): Promise<void> {
    let last = "";
    for (let same = 0; same < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      const { length } = this.gateway.resets;
      const now = `${JSON.stringify(await this.look())} ${length} ${this.gateway.reads}`;
      same = now === last && this.#open === this.gateway.holding ? same + 1 : 0;
      last = now;
    }
  }

  async see(): Promise<Seen> {
    const looked = await this.look();
    const before = this.gateway.reads;
    await this.page.clock.runFor(120_000);
    await this.settle();
    const follows = [...new Set(this.gateway.recordsRead.slice(before))].sort().join(" ");
    return { ...looked, follows, sends: await this.#pressOn() };
  }

  /** As a person who wants the reset: presses what can be pressed, and confirms what is offered. */
  async #pressOn(): Promise<string> {
    const sentBefore = this.gateway.resets.length;
    if ((await this.look()).dialog === "") await this.press();
    const named = (await this.look()).dialog.split(":")[0];
    await this.confirm();
    const sent = this.gateway.resets.slice(sentBefore);
    // Whatever else is the case: nobody is asked for but whom the dialog names.
    for (const { userId } of sent) expect(userId).toBe(named);
    return sent.map((reset) => this.#toldOf(reset)).join(" ");
  }

  #toldOf({ gateway, userId, key, client }: ArrivedReset): string {
    const by = client ? ` by ${client}` : "";
    return `${userId}${gateway}${by}${this.#keysBefore.has(key) ? " again" : ""}`;
  }

  look(): Promise<Pick<Seen, "dialog" | "state">> {
    return this.page.evaluate(() => {
      const { button } = globalThis as unknown as { button?: HTMLElement & { state: string } };
      const root = button?.shadowRoot;
      const dialog = root?.querySelector("dialog");
      const user = [...(root?.querySelectorAll("dt") ?? [])].find(({ textContent }) => textContent === "User");
      const confirm = root?.querySelector("[part~=confirm]");
      const word = `${confirm?.textContent}${confirm?.getAttribute("aria-disabled") === "true" ? " (off)" : ""}`;
      const shown = dialog?.open ? `${user?.nextElementSibling?.textContent}: ${word}` : "";
      return { dialog: shown, state: String(button?.state) };
    });
  }
}
