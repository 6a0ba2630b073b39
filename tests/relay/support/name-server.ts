// Answers every question with this machine's address, so that the relay finds api.fireblocks.io here: twice, as a host with
// several addresses, so that whoever tries the next one after a failure is seen to.

import { createSocket } from "node:dgram";
import { once } from "node:events";

const HEADER_BYTES = 12;
/** One question, two answers. */
const ANSWERED = Buffer.from([0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0]);
/** The name of the question, A, IN, good for a second, four bytes: 127.0.0.1. */
const HERE = Buffer.from([0xc0, HEADER_BYTES, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 127, 0, 0, 1]);

export class NameServer {
  readonly #socket = createSocket("udp4");
  /** The names that were asked for. */
  readonly asked: string[] = [];

  static async start(): Promise<NameServer> {
    const server = new NameServer();
    server.#socket.on("message", (query, { port, address }) => {
      const end = query.indexOf(0, HEADER_BYTES);
      server.asked.push(nameIn(query.subarray(HEADER_BYTES, end)));
      const question = query.subarray(HEADER_BYTES, end + 5);
      server.#socket.send(Buffer.concat([query.subarray(0, 2), ANSWERED, question, HERE, HERE]), port, address);
    });
    server.#socket.bind(0, "127.0.0.1");
    await once(server.#socket, "listening");
    return server;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): void {
    this.#socket.close();
  }
}

/** Labels, each behind its length. */
function nameIn(question: Buffer): string {
  const labels = [];
  for (let at = 0; at < question.length; at += 1 + (question[at] ?? 0)) {
    labels.push(question.toString("latin1", at + 1, at + 1 + (question[at] ?? 0)));
  }
  return labels.join(".");
}
