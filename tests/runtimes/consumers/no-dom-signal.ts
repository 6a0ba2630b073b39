// A signal of whatever library, where no library declares the global one.
import type { Client } from "fireblocks-reset-device";

declare const client: Client;
declare const signal: {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};

void client.resetDevice("user", undefined, { signal });
for await (const { state } of client.watchReset("user", { signal })) void state;
