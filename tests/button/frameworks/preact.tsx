/** @jsxImportSource preact */

import type { ButtonClient } from "fireblocks-reset-device/button";
import "fireblocks-reset-device/button/preact";

export function ResetButton({ userId, client }: { userId: string; client: ButtonClient | undefined }) {
  return (
    <fireblocks-reset-device
      class="reset"
      user-id={userId}
      client={client}
      disabled={userId === ""}
      onfireblocks-reset-requested={({ detail }) => console.log(detail.receipt.requestId)}
    >
      Reset device
    </fireblocks-reset-device>
  );
}

// @ts-expect-error: an id is a text
export const wrong = <fireblocks-reset-device user-id={4711} />;
