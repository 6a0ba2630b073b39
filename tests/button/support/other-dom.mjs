// The button in a DOM that is no browser's: it is rendered, pressed and confirmed, as in other people's tests. Prints what
// came of it.
//
// usage: node other-dom.mjs jsdom|happy-dom

const [, , name] = process.argv;

/** As a test runner's environment does it: what the window has, and Node has not, becomes global. */
async function makeGlobal() {
  const url = "https://admin.example/";
  const { window } =
    name === "jsdom"
      ? new (await import("jsdom")).JSDOM("<!doctype html><body></body>", { url, pretendToBeVisual: true })
      : { window: new (await import("happy-dom")).Window({ url }) };
  for (const key of Object.getOwnPropertyNames(window)) {
    if (!(key in globalThis)) Object.defineProperty(globalThis, key, { get: () => window[key], configurable: true });
  }
  // Node has its own of these, which know no element of the window's.
  for (const key of ["Event", "CustomEvent", "EventTarget", "document"]) {
    Object.defineProperty(globalThis, key, { value: window[key], configurable: true });
  }
  return window;
}

const window = await makeGlobal();
globalThis.fetch = async () => new Response("", { status: 404 });

const { document } = window;
document.body.innerHTML = "<fireblocks-reset-device>Reset device</fireblocks-reset-device>";
document.querySelector("fireblocks-reset-device").userId = "user-1";
await import(new URL("../../../pkg/button/index.js", import.meta.url).href);

const sent = [];
const events = [];
const button = document.querySelector("fireblocks-reset-device");
button.client = {
  getConsoleUsers: async () => ({ users: [{ id: "user-1", firstName: "Noor" }] }),
  resetDevice: async (id, idempotencyKey, { note }) => {
    sent.push({ id, note });
    return { idempotencyKey, attempts: 1 };
  },
};
for (const type of ["requested", "progress", "failed"]) {
  document.addEventListener(`fireblocks-reset-${type}`, ({ detail }) => events.push(detail.state ?? type));
}
const part = (wanted) => button.shadowRoot.querySelector(`[part~=${wanted}]`);
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

part("trigger").click();
await settled();
const open = {
  dialog: button.shadowRoot.querySelector("dialog").hasAttribute("open"),
  word: part("confirm").textContent,
};
for (const field of button.shadowRoot.querySelectorAll("input[name], textarea[name]")) field.value = field.name;
part("confirm").click();
await settled();
const closed = !button.shadowRoot.querySelector("dialog").hasAttribute("open");
const { textContent: status } = part("status");
console.log(JSON.stringify({ open, closed, sent, events, state: button.state, status }));
