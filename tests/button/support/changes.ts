// The states that the button can be in, and the changes that can come over it there.

import type { Bench } from "./bench.ts";

export const CHANGES: Record<string, string> = {
  "user-id": `button.setAttribute("user-id", "user-2")`,
  userId: `button.userId = "user-2"`,
  client: `button.client = pageClient`,
  "base-path": `button.setAttribute("base-path", "/b/v1")`,
  disabled: `button.disabled = true`,
  "record-id": `button.setAttribute("record-id", "record-9")`,
  "record-id removed": `button.removeAttribute("record-id")`,
  "allow-http": `button.allowHttp = true`,
  detach: `button.remove()`,
  attach: `button.remove(); place.append(button)`,
  reopen: `reopen()`,
};

async function placed(bench: Bench, change: string, recordId?: string): Promise<void> {
  const record = recordId ?? (change === "record-id removed" ? "record-8" : undefined);
  await bench.place({ "user-id": "user-1", ...(record && { "record-id": record }) });
}

async function ready(bench: Bench, change: string): Promise<void> {
  await placed(bench, change);
  await bench.press();
}

async function accepted(bench: Bench, change: string): Promise<void> {
  await ready(bench, change);
  await bench.confirm();
}

export const STATES: Record<string, (bench: Bench, change: string) => Promise<void>> = {
  undefined: (bench, change) => placed(bench, change),
  idle: (bench, change) => placed(bench, change),
  looking: async (bench, change) => {
    await placed(bench, change);
    bench.hold("users");
    await bench.press();
  },
  ready,
  // By a record that is open.
  blocked: async (bench, change) => {
    await ready(bench, change);
    await bench.change(`button.setAttribute("record-id", "record-7")`);
  },
  sending: async (bench, change) => {
    await ready(bench, change);
    bench.hold("resets");
    await bench.confirm();
  },
  failed: async (bench, change) => {
    await ready(bench, change);
    bench.failOnce();
    await bench.confirm();
  },
  following: accepted,
  showing: (bench, change) => placed(bench, change, "record-1"),
  closed: async (bench, change) => {
    await ready(bench, change);
    Object.assign(bench.gateway.record, { state: "completed", open: false });
    await bench.confirm();
  },
  detached: async (bench, change) => {
    await accepted(bench, change);
    await bench.change("button.remove()");
  },
  "re-attached": async (bench, change) => {
    await accepted(bench, change);
    await bench.change("button.remove(); place.append(button)");
  },
};
