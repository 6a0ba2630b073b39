// What a template's checker looks up: <fireblocks-reset-device :user-id @fireblocks-reset-requested>.
import "fireblocks-reset-device/button/vue";
import type { GlobalComponents } from "vue";

type Props = InstanceType<GlobalComponents["fireblocks-reset-device"]>["$props"];

export const props: Props = {
  class: "reset",
  "user-id": "44fdead0-7053-4831-a53a-df7fb90d440f",
  disabled: false,
  onFireblocksResetRequested: ({ detail }) => console.log(detail.receipt.requestId),
};

export const wrong: Props = {
  // @ts-expect-error: an id is a text
  "user-id": 4711,
};
