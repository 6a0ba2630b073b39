// nginx, for the tests of the relay, and openssl, which makes their certificates.

import { withoutCredentials } from "../base/credentials.mjs";
import { outputOf } from "../base/process.mjs";
import { fromDebian } from "./debian.mjs";

export const nginx = fromDebian({
  name: "nginx",
  programs: "nginx and openssl",
  packages: ["nginx", "openssl"],
  seconds: 20,
  async areThere() {
    const env = { ...withoutCredentials(process.env), PATH: `${process.env.PATH}:/usr/sbin` };
    const told = await Promise.all([outputOf("nginx", ["-v"], env), outputOf("openssl", ["version"], env)]);
    return told.every((output) => output !== undefined);
  },
  byHand: "",
});
