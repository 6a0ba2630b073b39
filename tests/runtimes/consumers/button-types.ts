// The button's types: the element's name, its events and their details.
import "fireblocks-reset-device/button";

const button = document.createElement("fireblocks-reset-device");
button.userId = "44fdead0-7053-4831-a53a-df7fb90d440f";
button.addEventListener("fireblocks-reset-requested", ({ detail }) => {
  const record: string | undefined = detail.receipt.recordId;
  console.log(record);
});
button.addEventListener("fireblocks-reset-failed", ({ detail }) => console.log(detail.error.outcome));
// @ts-expect-error: the state is read only
button.state = "idle";
