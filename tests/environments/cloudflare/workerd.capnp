using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        (name = "worker.js", esModule = embed "dist/workerd/worker.js"),
        (name = "reset_device.wasm", wasm = embed "dist/workerd/reset_device.wasm"),
      ],
      compatibilityDate = "2026-07-01",
    )),
    (name = "internet", network = (allow = ["local", "private", "public"])),
  ],
  sockets = [(name = "http", http = (), service = "main")],
);
