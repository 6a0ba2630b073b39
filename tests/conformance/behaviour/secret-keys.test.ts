// The secret key: which forms are taken, and what each broken one is told.

import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClientConfig, createClient, type Signer } from "fireblocks-reset-device";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { API_KEY, failureOf, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";
import { usualPair, usualPem } from "../support/secret-keys.ts";
import { startSimulator } from "../support/simulator.ts";

const simulator = await startSimulator();

function pemOf(label: string, base64 = "QUJD".repeat(60)) {
  return `-----BEGIN ${label}-----\n${wrapped(base64)}\n-----END ${label}-----\n`;
}

function wrapped(base64: string) {
  return base64.replace(/.{64}/g, "$&\n");
}

/** As `openssl … > secret.key` leaves it in PowerShell: UTF-16 with a byte order mark and Windows line breaks. */
function utf16(text: string) {
  return Buffer.from(`\u{feff}${text.replaceAll("\n", "\r\n")}`, "utf16le");
}

async function refusalOf(secretKey: unknown) {
  return failureOf(createClient({ basePath: simulator.basePath, apiKey: API_KEY, secretKey: secretKey as string }));
}

describe("a key that Fireblocks would accept signs", () => {
  const pkcs8 = simulator.secretKey;
  const key = createPrivateKey(pkcs8);
  const pkcs1 = key.export({ type: "pkcs1", format: "pem" }).toString();
  const forms: Record<string, string> = {
    "PKCS#8": pkcs8,
    "PKCS#1": pkcs1,
    "PKCS#8 with line breaks written \\n": pkcs8.replaceAll("\n", "\\n"),
    "PKCS#1 with line breaks written \\n": pkcs1.replaceAll("\n", "\\n"),
    "with Windows line breaks": pkcs8.replaceAll("\n", "\r\n"),
    "with line breaks written \\r\\n": pkcs8.replaceAll("\n", "\\r\\n"),
    "on one line": pkcs8.replaceAll("\n", " "),
    "without its last line break": pkcs8.trimEnd(),
    "with white space around it": `\n\t ${pkcs8} \n`,
    "after a certificate in the same text": `${pemOf("CERTIFICATE")}${pkcs8}`,
    "with line breaks escaped twice": pkcs8.replaceAll("\n", "\\\\n"),
    "as a value of JSON, as PHP writes it": JSON.stringify({ key: pkcs8 }).replaceAll("/", "\\/"),
    "in quotes": `"${pkcs8.replaceAll("\n", "\\n")}"`,
    "a file that PowerShell wrote, read as UTF-8": utf16(pkcs8).toString("utf8"),
    "a file that PowerShell wrote, read as Latin-1": utf16(pkcs8).toString("latin1"),
    "the base64 of the whole file": Buffer.from(pkcs8).toString("base64"),
    "the base64 of the whole file, in lines": wrapped(Buffer.from(pkcs1).toString("base64")),
    "the base64 of a file that PowerShell wrote": utf16(pkcs8).toString("base64"),
    "the base64 without its lines": pkcs8.split("\n").slice(1, -2).join(""),
    "the DER of PKCS#1 as base64": key.export({ type: "pkcs1", format: "der" }).toString("base64"),
    "the DER in base64url": key.export({ type: "pkcs8", format: "der" }).toString("base64url"),
    "PKCS#1 under the name of PKCS#8": pkcs1.replaceAll("RSA PRIVATE", "PRIVATE"),
  };
  test.each(Object.keys(forms))("%s", async (form) => {
    const client = await simulatorClient(simulator, { secretKey: forms[form] as string });
    expect(await client.getWorkspace()).toHaveProperty("name", "Northwind Treasury");
  });

  const webKey = () =>
    crypto.subtle.importKey(
      "pkcs8",
      key.export({ type: "pkcs8", format: "der" }),
      { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
      false,
      ["sign"],
    );

  test("a CryptoKey", async () => {
    const client = await simulatorClient(simulator, { secretKey: await webKey() });
    expect(await client.getWorkspace()).toHaveProperty("name");
  });

  test.each<[string, (signature: ArrayBuffer) => unknown]>([
    ["a promise of an ArrayBuffer", async (signature) => signature],
    ["a promise of a Uint8Array", async (signature) => new Uint8Array(signature)],
    ["a Buffer", (signature) => Buffer.from(signature)],
    [
      "a view of a part of a buffer",
      (signature) => Uint8Array.of(1, 2, ...new Uint8Array(signature), 3).subarray(2, -1),
    ],
  ])("a function that signs, as for a KMS, and gives %s", async (_, give) => {
    const signingKey = await webKey();
    const secretKey: Signer = async (data) =>
      give(await crypto.subtle.sign("RSASSA-PKCS1-v1_5", signingKey, data)) as Uint8Array;
    const client = await simulatorClient(simulator, { secretKey });
    expect(await client.getWorkspace()).toHaveProperty("name");
  });
});

describe("each kind of broken key gets a sentence of its own, before anything is sent", () => {
  const { privateKey, publicKey } = usualPair();
  const pem = usualPem();
  const body = pem.split("\n").slice(1, -2);
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const derOf = (der: Buffer) => der.toString("base64");
  const putty = `PuTTY-User-Key-File-3: ssh-rsa\r\nEncryption: none\r\nPrivate-Lines: 14\r\n${body.join("\r\n")}\r\n`;
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  const encrypt = { cipher: "aes-256-cbc", passphrase: "word" };
  const broken: [name: string, key: string, sentence: RegExp][] = [
    [
      "an encrypted key",
      privateKey.export({ type: "pkcs8", format: "pem", ...encrypt }).toString(),
      /passphrase|encrypted/i,
    ],
    [
      "an encrypted key of the older form",
      privateKey.export({ type: "pkcs1", format: "pem", ...encrypt }).toString(),
      /passphrase|encrypted/i,
    ],
    ["a certificate", pemOf("CERTIFICATE"), /certificate/i],
    ["a certificate signing request", pemOf("CERTIFICATE REQUEST"), /signing request/i],
    ["a public key", publicKey.export({ type: "spki", format: "pem" }).toString(), /public key/i],
    ["an RSA public key", publicKey.export({ type: "pkcs1", format: "pem" }).toString(), /public key/i],
    ["an EC key in PKCS#8", ec.export({ type: "pkcs8", format: "pem" }).toString(), /elliptic|EC key/i],
    ["an EC key of its own form", ec.export({ type: "sec1", format: "pem" }).toString(), /elliptic|EC key/i],
    [
      "an Ed25519 key",
      generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      /not an RSA key/i,
    ],
    [
      "an RSA-PSS key",
      generateKeyPairSync("rsa-pss", { modulusLength: 2048 })
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString(),
      /PSS/,
    ],
    [
      "an RSA key of 1024 bits",
      generateKeyPairSync("rsa", { modulusLength: 1024 })
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString(),
      /2048/,
    ],
    [
      "an RSA key of 2047 bits",
      generateKeyPairSync("rsa", { modulusLength: 2047 })
        .privateKey.export({ type: "pkcs1", format: "pem" })
        .toString(),
      /2048/,
    ],
    ["a key without its END line", pem.split("-----END")[0] as string, /cut off|END/],
    [
      "an END line that is not that of the first",
      pem.replace("END PRIVATE", "END RSA PRIVATE"),
      /or not that of its first/,
    ],
    [
      "a key that lacks a line",
      pem.replace(
        `${body[3]}
`,
        "",
      ),
      /cut off or damaged/,
    ],
    [
      "a key whose last lines are missing",
      [`-----BEGIN PRIVATE KEY-----`, ...body.slice(0, 8), `-----END PRIVATE KEY-----`].join("\n"),
      /cut off/i,
    ],
    ["the first line alone, as a setting without line breaks keeps it", "-----BEGIN PRIVATE KEY-----", /cut off|END/],
    ["a BEGIN line with the dashes of a word processor", pem.replaceAll("-----", "—–-"), /five plain hyphens/],
    ["line breaks written /n", pem.replaceAll("\n", "/n"), /written as \/n.*Write them as \\n/],
    ["line breaks whose backslash is lost", pem.replaceAll("\n", "n"), /line breaks/],
    ["a file in UTF-16, read in pairs of bytes", Buffer.from(pem).toString("utf16le"), /UTF-16/],
    ["DER, read as text", privateKey.export({ type: "pkcs8", format: "der" }).toString("utf8"), /-inform DER/],
    ["a PuTTY key", putty, /PuTTY.*puttygen/],
    ["a JSON Web Key", JSON.stringify(privateKey.export({ format: "jwk" })), /JSON Web Key/],
    ["the base64 of a JSON Web Key", encoded(JSON.stringify(privateKey.export({ format: "jwk" }))), /JSON Web Key/],
    ["a JSON Web Key in single quotes", "{'kty':'RSA','n':'AQAB'}", /JSON Web Key/],
    ["the base64 of a PuTTY key", encoded(putty), /PuTTY.*puttygen/],
    ["line breaks written //n", pem.replaceAll("\n", "//n"), /written as \/n/],
    ["an Ed25519 public key as SSH has it", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@desk", /public key/],
    ["a public key as DER in base64", derOf(publicKey.export({ type: "spki", format: "der" })), /public key/],
    ["an RSA public key as DER in base64", derOf(publicKey.export({ type: "pkcs1", format: "der" })), /public key/],
    [
      "an encrypted key as DER in base64",
      derOf(privateKey.export({ type: "pkcs8", format: "der", ...encrypt })),
      /passphrase/,
    ],
    ["a part of the base64 without its lines", body.slice(0, 5).join(""), /cut off/],
    ["a public key as SSH has it", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@desk", /public key/],
    ["the name of the file", "fireblocks_secret.key", /BEGIN/],
    ["base64 with a strange character", pem.replace(/\n(.)/, "\n*$1"), /base64/],
    ["bytes that are no key", pemOf("PRIVATE KEY"), /damaged|not a private key/i],
    ["an OpenSSH key", pemOf("OPENSSH PRIVATE KEY"), /OpenSSH/],
    ["some other block", pemOf("PGP MESSAGE"), /PRIVATE KEY/],
    ["nothing", "", /empty/i],
    ["white space", " \n ", /empty/i],
  ];
  test.each(broken)("%s", async (_, key, sentence) => {
    const error = await refusalOf(key);
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent", attempts: 0, retryable: false });
    expect(error.message).toMatch(sentence);
    // It repeats nothing of what it was given.
    for (const line of key.split("\n").filter((part) => part.length > 20 && !part.startsWith("-----"))) {
      expect(JSON.stringify(error)).not.toContain(line.slice(0, 20));
    }
  });

  test("the sentences for the kinds that people confuse differ from each other", async () => {
    const confused = [
      "an encrypted key",
      "a certificate",
      "a public key",
      "an EC key in PKCS#8",
      "a key without its END line",
      "an RSA key of 1024 bits",
      "the name of the file",
      "a PuTTY key",
      "a JSON Web Key",
      "line breaks written /n",
      "a file in UTF-16, read in pairs of bytes",
      "nothing",
    ];
    const sentences = await Promise.all(
      broken.filter(([name]) => confused.includes(name)).map(async ([, key]) => (await refusalOf(key)).message),
    );
    expect(new Set(sentences).size).toBe(confused.length);
  });

  test("openssl's own files are told apart: encrypted key, EC key, certificate, PKCS#12", async () => {
    const made = (...args: string[]) =>
      execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const encrypted = made(
      "genpkey",
      "-algorithm",
      "RSA",
      "-pkeyopt",
      "rsa_keygen_bits:2048",
      "-aes256",
      "-pass",
      "pass:word",
    );
    const ecKey = made("ecparam", "-name", "prime256v1", "-genkey");
    expect((await refusalOf(encrypted)).message).toMatch(/passphrase|encrypted/i);
    expect((await refusalOf(ecKey)).message).toMatch(/elliptic/i);
    const folder = mkdtempSync(join(tmpdir(), "secret-keys-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [key, certificate, store] = ["key", "crt", "pfx"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(key, pem);
    made("req", "-x509", "-key", key, "-subj", "/CN=test", "-out", certificate);
    made("pkcs12", "-export", "-inkey", key, "-in", certificate, "-passout", "pass:word", "-out", store);
    const request = made("req", "-new", "-key", key, "-subj", "/CN=test");
    expect((await refusalOf(request)).message).toMatch(/signing request/);
    expect((await refusalOf(readFileSync(certificate, "utf8"))).message).toMatch(/certificate/);
    const bytes = readFileSync(certificate, "utf8").split("\n").slice(1, -2).join("");
    expect((await refusalOf(bytes)).message).toMatch(/certificate/);
    expect((await refusalOf(readFileSync(store).toString("base64"))).message).toMatch(/PKCS#12.*openssl pkcs12/);
    // What the sentence says of an encrypted key helps.
    const decrypted = execFileSync("openssl", ["pkey", "-passin", "pass:word"], { input: encrypted, encoding: "utf8" });
    await createClient({ basePath: simulator.basePath, apiKey: API_KEY, secretKey: decrypted });
  });

  test.each<[string, unknown]>([
    ["a number", 7],
    ["an object", {}],
    ["bytes", new Uint8Array(10)],
    ["a KeyObject of node:crypto", createPublicKey(usualPem())],
    ["true", true],
  ])("%s is no secret key", async (_, key) => {
    expect(await refusalOf(key)).toMatchObject({ kind: "configuration", outcome: "notSent", attempts: 0 });
  });
});

describe("a CryptoKey or a signing function that cannot work", () => {
  const { subtle } = crypto;
  const rsa = (name: string, usages: KeyUsage[], hash = "SHA-256", modulusLength = 2048) =>
    subtle.generateKey(
      { name, hash, modulusLength, publicExponent: new Uint8Array([1, 0, 1]) } as RsaHashedKeyGenParams,
      false,
      usages,
    ) as Promise<CryptoKeyPair>;

  test.each<[string, () => Promise<CryptoKey>]>([
    ["a public key", async () => (await rsa("RSASSA-PKCS1-v1_5", ["sign", "verify"])).publicKey],
    ["a key for RSA-PSS", async () => (await rsa("RSA-PSS", ["sign", "verify"])).privateKey],
    ["a key with SHA-512", async () => (await rsa("RSASSA-PKCS1-v1_5", ["sign", "verify"], "SHA-512")).privateKey],
    [
      "a key of 1024 bits",
      async () => (await rsa("RSASSA-PKCS1-v1_5", ["sign", "verify"], "SHA-256", 1024)).privateKey,
    ],
    [
      "a symmetric key",
      async () => subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]) as Promise<CryptoKey>,
    ],
  ])("%s is refused when the client is made", async (_, make) => {
    expect(await refusalOf(await make())).toMatchObject({ kind: "configuration", outcome: "notSent" });
  });

  test.each<[string, () => unknown]>([
    ["has a key's prototype alone", () => Object.create(CryptoKey.prototype)],
    ["is a proxy of nothing", () => new Proxy(Object.create(CryptoKey.prototype), {})],
    ["is something else", () => ({ type: "private" })],
  ])("what %s is refused as no key", async (_, make) => {
    const error = await refusalOf(make() as CryptoKey);
    expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
    expect(error.message).toMatch(/must be PEM text, a CryptoKey, or a function/);
  });

  const signers: [name: string, signer: () => unknown][] = [
    [
      "throws",
      () => {
        throw new Error("the KMS says no");
      },
    ],
    ["rejects", async () => Promise.reject(new Error("the KMS says no"))],
    ["rejects with nothing", () => Promise.reject()],
    ["gives a string", () => "signature"],
    ["gives nothing", () => undefined],
    ["gives no bytes", () => new Uint8Array(0)],
    ["never ends", () => new Promise(() => {})],
  ];
  test.each(signers)("a function that %s: the call ends, and nothing was sent", async (_, signer) => {
    const server = await scriptedServer(accepted);
    const secretKey = signer as () => Promise<Uint8Array>;
    const client = await signingClient(server, { secretKey, timeoutMs: 200, deadlineMs: 500 });
    const error = await failureOf(client.resetDevice(USER_ID));
    expect(error).toMatchObject({ outcome: "notSent", attempts: 0 });
    expect(["configuration", "timeout"]).toContain(error.kind);
    expect(server.requests).toEqual([]);
  });

  test("a function's own error is the cause", async () => {
    const cause = new Error("the KMS says no");
    const secretKey = () => {
      throw cause;
    };
    const client = await signingClient(await scriptedServer(accepted), { secretKey });
    expect((await failureOf(client.resetDevice(USER_ID))).cause).toBe(cause);
  });
});

describe("the imported key", () => {
  test.each(["pkcs8", "pkcs1"] as const)(
    "is not extractable and signs only; the decoded bytes of %s are wiped",
    async (type) => {
      const imports: { bytes: Uint8Array; extractable: boolean; usages: readonly KeyUsage[]; atCall: number }[] = [];
      const importKey = vi.spyOn(crypto.subtle, "importKey").mockImplementation(
        // biome-ignore lint/suspicious/noExplicitAny: the overloads of importKey.
        ((format: any, data: any, algorithm: any, extractable: boolean, usages: KeyUsage[]) => {
          const bytes = ArrayBuffer.isView(data)
            ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
            : new Uint8Array(data);
          imports.push({ bytes, extractable, usages, atCall: bytes.filter((byte) => byte !== 0).length });
          return importKeyItself(format, data, algorithm, extractable, usages);
          // biome-ignore lint/suspicious/noExplicitAny: as above.
        }) as any,
      );
      onTestFinished(() => importKey.mockRestore());
      await signingClient({ basePath: simulator.basePath }, { secretKey: usualPem(type) });
      expect(imports).toHaveLength(1);
      const [{ bytes, extractable, usages, atCall }] = imports as [(typeof imports)[number]];
      expect(extractable).toBe(false);
      expect(usages).toEqual(["sign"]);
      expect(atCall).toBeGreaterThan(1_000);
      expect(bytes.filter((byte) => byte !== 0)).toHaveLength(0);
    },
  );

  const importKeyItself = crypto.subtle.importKey.bind(crypto.subtle) as (...args: unknown[]) => Promise<CryptoKey>;

  test("apiKey and secretKey come together, or not at all", async () => {
    const { basePath } = simulator;
    for (const config of [{ apiKey: API_KEY }, { secretKey: usualPem() }] satisfies ClientConfig[]) {
      const error = await failureOf(createClient({ basePath, ...config }));
      expect(error).toMatchObject({ kind: "configuration", outcome: "notSent" });
      expect(error.message).toMatch(/apiKey.*secretKey|secretKey.*apiKey/);
    }
  });
});
