// What Lambda's runtime does: it requires the bundle and calls its handler.
const { handler } = require("../dist/handler.cjs");

handler(JSON.parse(process.env.TASK)).then(({ body }) => console.log(body));
