// Whatever changes, in whatever state the button is: it does what a reader of its attributes expects, and asks for nobody
// but whom its dialog names. Each row of the table is one state and one change; each is tried.

import { expect, test } from "@playwright/test";
import { Bench } from "./support/bench.ts";
import { CHANGES, STATES } from "./support/changes.ts";
import { TestGateway } from "./support/gateway.ts";

/**
 * What was asked for before is for user-1, and its record is record-1.
 *
 * The dialog: whom it names, and the word on its button. Follows: the records that are read while two minutes pass. Then
 * sent: for whom, where somebody presses on as far as the button lets them; `/b` is the other gateway, `the-page` the
 * page's own client, and `again` means a key that was sent before.
 */
const TABLE = `
  state       | change            | dialog                              | state shown       | follows  | then sent
  ----------- | ----------------- | ----------------------------------- | ----------------- | -------- | ---------
  undefined   | user-id           |                                     | idle              |          | user-2
  undefined   | userId            |                                     | idle              |          | user-2
  undefined   | client            |                                     | idle              |          | user-1 by the-page
  undefined   | base-path         |                                     | idle              |          | user-1/b
  undefined   | disabled          |                                     | idle              |          |
  undefined   | record-id         |                                     | approvalRequested | record-9 |
  undefined   | record-id removed |                                     | idle              |          | user-1
  undefined   | allow-http        |                                     | idle              |          | user-1
  undefined   | detach            |                                     | undefined         |          |
  undefined   | attach            |                                     | idle              |          | user-1
  undefined   | reopen            |                                     | idle              |          | user-1

  idle        | user-id           |                                     | idle              |          | user-2
  idle        | userId            |                                     | idle              |          | user-2
  idle        | client            |                                     | idle              |          | user-1 by the-page
  idle        | base-path         |                                     | idle              |          | user-1/b
  idle        | disabled          |                                     | idle              |          |
  idle        | record-id         |                                     | approvalRequested | record-9 |
  idle        | record-id removed |                                     | idle              |          | user-1
  idle        | allow-http        |                                     | idle              |          | user-1
  idle        | detach            |                                     | idle              |          |
  idle        | attach            |                                     | idle              |          | user-1
  idle        | reopen            | user-1: Request the reset           | confirming        |          | user-1

  looking     | user-id           |                                     | idle              |          | user-2
  looking     | userId            |                                     | idle              |          | user-2
  looking     | client            | user-1: Request the reset           | confirming        |          | user-1 by the-page
  looking     | base-path         |                                     | idle              |          | user-1/b
  looking     | disabled          | user-1: Disabled by this page (off) | confirming        |          |
  looking     | record-id         | user-1: Request the reset (off)     | approvalRequested | record-9 |
  looking     | record-id removed | user-1: Request the reset           | confirming        |          | user-1
  looking     | allow-http        | user-1: Request the reset           | confirming        |          | user-1
  looking     | detach            |                                     | idle              |          |
  looking     | attach            |                                     | idle              |          | user-1
  looking     | reopen            | user-1: Request the reset           | confirming        |          | user-1

  ready       | user-id           |                                     | idle              |          | user-2
  ready       | userId            |                                     | idle              |          | user-2
  ready       | client            | user-1: Request the reset           | confirming        |          | user-1 by the-page
  ready       | base-path         |                                     | idle              |          | user-1/b
  ready       | disabled          | user-1: Disabled by this page (off) | confirming        |          |
  ready       | record-id         | user-1: Request the reset (off)     | approvalRequested | record-9 |
  ready       | record-id removed | user-1: Request the reset           | confirming        |          | user-1
  ready       | allow-http        | user-1: Request the reset           | confirming        |          | user-1
  ready       | detach            |                                     | idle              |          |
  ready       | attach            |                                     | idle              |          | user-1
  ready       | reopen            | user-1: Request the reset           | confirming        |          | user-1

  blocked     | user-id           |                                     | idle              |          | user-2
  blocked     | userId            |                                     | idle              |          | user-2
  blocked     | client            | user-1: Request the reset (off)     | approvalRequested | record-7 |
  blocked     | base-path         |                                     | idle              |          | user-1/b
  blocked     | disabled          | user-1: Request the reset (off)     | approvalRequested | record-7 |
  blocked     | record-id         | user-1: Request the reset (off)     | approvalRequested | record-9 |
  blocked     | record-id removed | user-1: Request the reset           | confirming        |          | user-1
  blocked     | allow-http        | user-1: Request the reset (off)     | approvalRequested | record-7 |
  blocked     | detach            |                                     | approvalRequested |          |
  blocked     | attach            |                                     | approvalRequested | record-7 |
  blocked     | reopen            |                                     | approvalRequested | record-7 |

  sending     | user-id           |                                     | idle              |          | user-2
  sending     | userId            |                                     | idle              |          | user-2
  sending     | client            |                                     | approvalRequested | record-1 |
  sending     | base-path         |                                     | idle              |          | user-1/b
  sending     | disabled          |                                     | approvalRequested | record-1 |
  sending     | record-id         |                                     | approvalRequested | record-1 |
  sending     | record-id removed |                                     | approvalRequested | record-1 |
  sending     | allow-http        |                                     | approvalRequested | record-1 |
  sending     | detach            |                                     | recorded          |          |
  sending     | attach            |                                     | approvalRequested | record-1 |
  sending     | reopen            |                                     | approvalRequested | record-1 |

  failed      | user-id           |                                     | idle              |          | user-2
  failed      | userId            |                                     | idle              |          | user-2
  failed      | client            | user-1: Repeat the same request     | unknown           |          | user-1 by the-page again
  failed      | base-path         |                                     | idle              |          | user-1/b
  failed      | disabled          | user-1: Disabled by this page (off) | unknown           |          |
  failed      | record-id         | user-1: Request the reset (off)     | approvalRequested | record-9 |
  failed      | record-id removed | user-1: Repeat the same request     | unknown           |          | user-1 again
  failed      | allow-http        | user-1: Repeat the same request     | unknown           |          | user-1 again
  failed      | detach            |                                     | unknown           |          |
  failed      | attach            |                                     | unknown           |          | user-1 again
  failed      | reopen            | user-1: Repeat the same request     | unknown           |          | user-1 again

  following   | user-id           |                                     | idle              |          | user-2
  following   | userId            |                                     | idle              |          | user-2
  following   | client            |                                     | approvalRequested | record-1 |
  following   | base-path         |                                     | idle              |          | user-1/b
  following   | disabled          |                                     | approvalRequested | record-1 |
  following   | record-id         |                                     | approvalRequested | record-9 |
  following   | record-id removed |                                     | approvalRequested | record-1 |
  following   | allow-http        |                                     | approvalRequested | record-1 |
  following   | detach            |                                     | approvalRequested |          |
  following   | attach            |                                     | approvalRequested | record-1 |
  following   | reopen            |                                     | approvalRequested | record-1 |

  showing     | user-id           |                                     | idle              |          | user-2
  showing     | userId            |                                     | idle              |          | user-2
  showing     | client            |                                     | approvalRequested | record-1 |
  showing     | base-path         |                                     | idle              |          | user-1/b
  showing     | disabled          |                                     | approvalRequested | record-1 |
  showing     | record-id         |                                     | approvalRequested | record-9 |
  showing     | record-id removed |                                     | idle              |          | user-1
  showing     | allow-http        |                                     | approvalRequested | record-1 |
  showing     | detach            |                                     | approvalRequested |          |
  showing     | attach            |                                     | approvalRequested | record-1 |
  showing     | reopen            |                                     | approvalRequested | record-1 |

  closed      | user-id           |                                     | idle              |          | user-2
  closed      | userId            |                                     | idle              |          | user-2
  closed      | client            |                                     | completed         |          | user-1 by the-page
  closed      | base-path         |                                     | idle              |          | user-1/b
  closed      | disabled          |                                     | completed         |          |
  closed      | record-id         |                                     | approvalRequested | record-9 |
  closed      | record-id removed |                                     | completed         |          | user-1
  closed      | allow-http        |                                     | completed         |          | user-1
  closed      | detach            |                                     | completed         |          |
  closed      | attach            |                                     | completed         |          | user-1
  closed      | reopen            | user-1: Request the reset           | confirming        |          | user-1

  detached    | user-id           |                                     | idle              |          | user-2
  detached    | userId            |                                     | idle              |          | user-2
  detached    | client            |                                     | approvalRequested | record-1 |
  detached    | base-path         |                                     | idle              |          | user-1/b
  detached    | disabled          |                                     | approvalRequested | record-1 |
  detached    | record-id         |                                     | approvalRequested | record-9 |
  detached    | record-id removed |                                     | approvalRequested | record-1 |
  detached    | allow-http        |                                     | approvalRequested | record-1 |
  detached    | detach            |                                     | approvalRequested | record-1 |
  detached    | attach            |                                     | approvalRequested | record-1 |
  detached    | reopen            |                                     | approvalRequested | record-1 |

  re-attached | user-id           |                                     | idle              |          | user-2
  re-attached | userId            |                                     | idle              |          | user-2
  re-attached | client            |                                     | approvalRequested | record-1 |
  re-attached | base-path         |                                     | idle              |          | user-1/b
  re-attached | disabled          |                                     | approvalRequested | record-1 |
  re-attached | record-id         |                                     | approvalRequested | record-9 |
  re-attached | record-id removed |                                     | approvalRequested | record-1 |
  re-attached | allow-http        |                                     | approvalRequested | record-1 |
  re-attached | detach            |                                     | approvalRequested |          |
  re-attached | attach            |                                     | approvalRequested | record-1 |
  re-attached | reopen            |                                     | approvalRequested | record-1 |
`;

interface Row {
  state: string;
  change: string;
  seen: { dialog: string; state: string; follows: string; sends: string };
}

const rows: Row[] = TABLE.split("\n")
  .slice(3)
  .filter((line) => line.includes("|"))
  .map((line) => {
    const [state = "", change = "", dialog = "", shown = "", follows = "", sends = ""] = line
      .split("|")
      .map((cell) => cell.trim());
    return { state, change, seen: { dialog, state: shown, follows, sends } };
  });

test.describe.configure({ mode: "parallel", timeout: 120_000 });

test("the table has a row for each state and each change", () => {
  const all = Object.keys(STATES).flatMap((state) => Object.keys(CHANGES).map((change) => `${state} | ${change}`));
  expect(rows.map(({ state, change }) => `${state} | ${change}`)).toEqual(all);
});

for (const [state, enter] of Object.entries(STATES)) {
  test(`changes that come over it: ${state}`, async ({ page }) => {
    const gateway = await new TestGateway().start();
    const bench = new Bench(page, gateway);
    const defined = state !== "undefined";
    await page.clock.install();
    await bench.load();
    if (defined) await bench.define();
    for (const { change, seen } of rows.filter((row) => row.state === state)) {
      await test.step(change, async () => {
        if (!defined) await bench.load();
        await enter(bench, change);
        await bench.change(CHANGES[change] as string);
        if (!defined) await bench.define();
        if (state === "detached" && change !== "attach") {
          expect.soft(await bench.see(), change).toMatchObject({ dialog: "", follows: "", sends: "" });
          await bench.change("place.append(button)");
        }
        await bench.release();
        expect.soft(await bench.see(), change).toEqual(seen);
      });
    }
    await gateway.stop();
  });
}
