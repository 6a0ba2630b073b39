// The relay as its container starts it, with the real nginx, on loopback.

import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { repository, toolEnvironment } from "../../../scripts/base/environment.mjs";
import { Service } from "../../../scripts/base/process.mjs";
import type { Certified } from "./authority.ts";

export interface RelayOptions {
  /** Where this relay keeps its files. */
  folder: string;
  /** The lines of its file of secrets. */
  secrets: string[];
  /** Fireblocks' address. */
  basePath: string;
  resolver: string;
  /** Shown to whoever connects. */
  certified: Certified;
  /** The authorities that may vouch for Fireblocks. */
  trusted: string;
}

export interface Sent {
  method?: string;
  target: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export class Relay {
  readonly #service: Service;
  readonly #trusted: string;
  readonly #port: number;
  readonly #logFile: string;

  private constructor(service: Service, port: number, logFile: string, trusted: string) {
    this.#service = service;
    this.#port = port;
    this.#logFile = logFile;
    this.#trusted = trusted;
  }

  /** Starts it, and resolves when it listens. Fails with what it said where it will not start. */
  static async start(options: RelayOptions): Promise<Relay> {
    const folder = mkdtempSync(join(options.folder, "relay-"));
    const secretsFile = join(folder, "secrets");
    writeFileSync(secretsFile, options.secrets.map((secret) => `${secret}\n`).join(""), { mode: 0o600 });
    const port = await freePort();
    const logFile = join(folder, "log");
    writeFileSync(logFile, "");
    // nginx opens its standard output anew: it must be a file or a pipe, as a container gives it.
    const service = new Service("sh", ["-c", 'exec "$0" >>"$1" 2>&1', join(repository, "relay/start.sh"), logFile], {
      env: {
        ...toolEnvironment(),
        FIREBLOCKS_BASE_PATH: options.basePath,
        RELAY_LISTEN: `127.0.0.1:${port}`,
        RELAY_RESOLVER: options.resolver,
        RELAY_SECRETS: secretsFile,
        RELAY_CERTIFICATE: options.certified.certificateFile,
        RELAY_CERTIFICATE_KEY: options.certified.keyFile,
        RELAY_TRUSTED_CERTIFICATES: options.trusted,
        RELAY_RUN: join(folder, "run"),
      },
    });
    const relay = new Relay(service, port, logFile, options.trusted);
    const ended = service.exited.then((code) => {
      throw new Error(`the relay ended with exit code ${code}: ${relay.log}`);
    });
    ended.catch(() => {});
    await Promise.race([relay.#listens(), ended]);
    return relay;
  }

  /** What it has written. */
  get log(): string {
    return readFileSync(this.#logFile, "utf8");
  }

  /** Sends a request; its target goes out as it is given. */
  async send({ method = "GET", target, headers = {}, body }: Sent): Promise<Reply> {
    const options = { ...this.#address, agent: false, servername: "" };
    return new Promise((resolve, reject) => {
      const outgoing = request({ ...options, method, path: target, headers }, (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        answer.on("error", reject);
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Sends bytes that no client would, and gives all that comes back until the relay hangs up. */
  async sendBytes(bytes: string): Promise<string> {
    const socket = connect(this.#address);
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => {
      text += chunk;
    });
    // A connection that is reset has ended too.
    socket.on("error", () => {});
    socket.write(bytes, "latin1");
    await new Promise((resolve) => socket.on("close", resolve));
    return text;
  }

  /** How to reach it, and who vouches for it. */
  get #address() {
    return { host: "127.0.0.1", port: this.#port, ca: readFileSync(this.#trusted) };
  }

  async #listens(): Promise<void> {
    for (;;) {
      const probe = createConnection({ host: "127.0.0.1", port: this.#port });
      const listens = await new Promise((resolve) => {
        probe.on("connect", () => resolve(true)).on("error", () => resolve(false));
      });
      probe.destroy();
      if (listens) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  stop(): Promise<void> {
    return this.#service.stop();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
