// A certificate authority for one test file, and what it certifies. Nothing of it outlives the tests.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a key and its certificate. */
export interface Certified {
  keyFile: string;
  certificateFile: string;
}

/** As Node's TLS wants them. */
export function pemsOf({ keyFile, certificateFile }: Certified) {
  return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certificateFile, "utf8") };
}

export class Authority {
  readonly #folder: string;
  readonly #name: string;
  readonly #own: Certified;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.#own = this.#files("authority");
    const { keyFile, certificateFile } = this.#own;
    openssl("req", "-x509", ...newKey(keyFile), "-out", certificateFile, "-days", "2", "-subj", `/CN=${name}`);
  }

  get certificateFile(): string {
    return this.#own.certificateFile;
  }

  /** Certifies a name. With days below 0 the certificate has run out. */
  certify(subject: string, { days = 2 } = {}): Certified {
    const files = this.#files(`${subject}${days}`);
    const request = `${files.certificateFile}.request`;
    const extensions = `${files.certificateFile}.extensions`;
    writeFileSync(extensions, `subjectAltName = ${/^[\d.]+$/.test(subject) ? "IP" : "DNS"}:${subject}\n`);
    openssl("req", "-new", ...newKey(files.keyFile), "-out", request, "-subj", "/CN=throwaway");
    const { keyFile, certificateFile } = this.#own;
    const signed = ["-CA", certificateFile, "-CAkey", keyFile, "-CAcreateserial", "-extfile", extensions];
    openssl("x509", "-req", "-in", request, ...signed, "-days", String(days), "-out", files.certificateFile);
    return files;
  }

  #files(name: string): Certified {
    const base = join(this.#folder, `${this.#name}-${name}`);
    return { keyFile: `${base}.key`, certificateFile: `${base}.pem` };
  }
}

function newKey(keyFile: string): string[] {
  return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", keyFile];
}

function openssl(...args: string[]): void {
  execFileSync("openssl", args, { stdio: "pipe" });
}
