// The secret key: which forms are taken, and what each broken one is told.

import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { type ClientConfig, createClient, type Signer } from "fireblocks-reset-device";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { API_KEY, failureOf, signingClient, simulatorClient, USER_ID } from "../support/clients.ts";
import { accepted, scriptedServer } from "../support/scripted-server.ts";
import { usualPair, usualPem } from "../support/secret-keys.ts";
import { startSimulator } from "../support/simulator.ts";

const simulator = await startSimulator();

function pemOf(label: string, base64 = "QUJD".repeat(60)) {
  return `-----BEGIN ${label}-----\n${base64.replace(/.{64}/g, "$&\n")}\n-----END ${label}-----\n`;
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
      "a key whose last lines are missing",
      [`-----BEGIN PRIVATE KEY-----`, ...body.slice(0, 8), `-----END PRIVATE KEY-----`].join("\n"),
      /cut off/i,
    ],
    ["the first line alone, as a setting without line breaks keeps it", "-----BEGIN PRIVATE KEY-----", /cut off|END/],
    ["the base64 without its lines", body.join(""), /BEGIN/],
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
      "the base64 without its lines",
      "nothing",
    ];
    const sentences = await Promise.all(
      broken.filter(([name]) => confused.includes(name)).map(async ([, key]) => (await refusalOf(key)).message),
    );
    expect(new Set(sentences).size).toBe(confused.length);
  });

  test("openssl's own files are told apart: encrypted key, request, EC key", async () => {
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
