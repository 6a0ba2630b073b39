const { createClient } = require("fireblocks-reset-device");

const { userId, idempotencyKey, ...configuration } = JSON.parse(process.env.TASK);
createClient(configuration)
  .then((client) => client.resetDevice(userId, idempotencyKey))
  .then((receipt) => console.log(JSON.stringify(receipt)));
