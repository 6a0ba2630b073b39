// What a template's checker looks up: <fireblocks-reset-device user-id={…} onfireblocks-reset-requested={…}>.
import "fireblocks-reset-device/button/svelte";
import type { SvelteHTMLElements } from "svelte/elements";

type Props = SvelteHTMLElements["fireblocks-reset-device"];

export const props: Props = {
  class: "reset",
  "user-id": "44fdead0-7053-4831-a53a-df7fb90d440f",
  disabled: false,
  "onfireblocks-reset-requested": ({ detail }) => console.log(detail.receipt.requestId),
};

export const wrong: Props = {
  // @ts-expect-error: an id is a text
  "user-id": 4711,
};
