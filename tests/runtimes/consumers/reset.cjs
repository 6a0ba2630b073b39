// The same from CommonJS.
const { configure, resetDevice } = require("fireblocks-reset-device");

const { userId, idempotencyKey, ...config } = JSON.parse(process.env.TASK);
configure(config)
  .then(() => resetDevice(userId, idempotencyKey))
  .then((receipt) => console.log(JSON.stringify(receipt)));
