// A gateway whose own addresses answer nothing: the command names the code of the connection that broke.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { command } from "./support/command.ts";

const user = { id: "u-1", email: "noor@northwind.example", firstName: "Noor", lastName: "Haddad", role: "SIGNER" };
const gateway = createServer(({ url, socket }, response) => {
  if (url?.startsWith("/api/")) {
    socket.destroy();
    return;
  }
  response.setHeader("content-type", "application/json").end(JSON.stringify({ users: [user] }));
});
let address: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
});
afterAll(() => {
  gateway.closeAllConnections();
  gateway.close();
});

test("in its message", async () => {
  const { stderr } = await command(["--gateway", address, "status", user.id]);
  expect(stderr).toContain(`No answer from the gateway at ${address} (UND_ERR_SOCKET).`);
});

test("as a member of its JSON", async () => {
  const { stderr } = await command(["--gateway", address, "--json", "status", user.id]);
  expect(JSON.parse(stderr)).toMatchObject({ error: { status: 0, causeCode: "UND_ERR_SOCKET" } });
});
