/**
 * Cloudflare's `send_email` binding, played: it keeps what it takes, and refuses as it is told to.
 *
 * @module
 */
import type { Settings } from "./world";

export interface TakenMail {
  from: string;
  to: string;
  subject: string;
  text: string;
}

export class Mailbox {
  readonly taken: TakenMail[] = [];
  tries = 0;
  /** What it throws, while it is set. */
  failure: Error | undefined;

  /** Settings that send mail by this binding. */
  get settings(): Settings {
    return {
      EMAIL: this as unknown as SendEmail,
      MAIL_FROM: "resets@northwind.example",
      PUBLIC_URL: "https://resets.example",
    };
  }

  async send(mail: TakenMail): Promise<{ messageId: string }> {
    this.tries++;
    if (this.failure !== undefined) throw this.failure;
    this.taken.push({ ...mail });
    return { messageId: `<${this.tries}@northwind.example>` };
  }

  to(address: string): TakenMail[] {
    return this.taken.filter(({ to }) => to === address);
  }
}

/** An error as Cloudflare's service makes it: with a code of its own. */
export function mailError(code: string): Error {
  return Object.assign(new Error(`cannot send to noor.haddad@northwind.example`), { code });
}
