// The official SDK by its narrowest import: the one operation and what signs for it, reached into its dist folder.
import api from "@fireblocks/ts-sdk/dist/api/reset-device-api.js";
import configuration from "@fireblocks/ts-sdk/dist/configuration.js";
import network from "@fireblocks/ts-sdk/dist/network/axiosManager.js";

/** @type {import("./peer.d.ts").Create} */
export async function create({ basePath, apiKey, secretKey }) {
  const { axios } = new network.AxiosManager(apiKey, secretKey);
  const resetDevice = new api.ResetDeviceApi(new configuration.Configuration({ basePath }), undefined, axios);
  return (id, idempotencyKey) => resetDevice.resetDevice({ id, idempotencyKey });
}
