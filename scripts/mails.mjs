// The mails that the worker would have sent: `wrangler dev` plays the binding and keeps them, and tells of them by the API of
// its local explorer.

/**
 * As the simulator keeps it.
 *
 * @typedef {object} Mail
 * @property {string} id the Message-ID
 * @property {string} from
 * @property {string[]} to
 * @property {string} subject
 * @property {string} text
 * @property {string} sentAt ISO 8601
 */

/** @typedef {{ messageId: string, from: string, to: string[], subject: string, sentAt: string, text?: string }} Captured */

const PAGE = 100;

/**
 * All mails of the worker at this address, oldest first. What was seen before need not be read again.
 *
 * @param {string} url the worker's address
 * @param {(id: string) => boolean} [isNew]
 * @returns {Promise<Mail[]>}
 */
export async function sentMails(url, isNew = () => true) {
  const api = `${url}/cdn-cgi/explorer/api/local/email/sending`;
  /** @type {Captured[]} */
  const captured = await read(`${api}?per_page=${PAGE}`);
  const mails = await Promise.all(
    captured
      .filter(({ messageId }) => isNew(messageId))
      .map(async ({ messageId, from, to, subject, sentAt }) => {
        const { text = "" } = await read(`${api}?email_id=${encodeURIComponent(messageId)}`);
        return { id: messageId, from, to, subject, text, sentAt };
      }),
  );
  return mails.sort((a, b) => a.sentAt.localeCompare(b.sentAt));
}

/**
 * Shows on the simulator's page what the worker would have sent, each mail once.
 *
 * @param {{ url: string, simulator: { controlUrl: string } }} stack
 * @returns {() => Promise<void>} looks for new ones
 */
export function mailsOnPage({ url, simulator }) {
  /** @type {Set<string>} */
  const shown = new Set();
  return async () => {
    for (const mail of await sentMails(url, (id) => !shown.has(id))) {
      const response = await fetch(`${simulator.controlUrl}/mails`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(mail),
      });
      if (!response.ok) throw new Error(`The simulator did not take a mail: ${response.status}.`);
      shown.add(mail.id);
    }
  };
}

/** @param {string} address */
async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The local explorer answered ${response.status}.`);
  return (await response.json()).result;
}
