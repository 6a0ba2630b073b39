// A page in jsdom or happy-dom calls its own origin, as one in a browser does.
const { origin: url } = new URL(JSON.parse(process.env.TASK).basePath);

export default { test: { environmentOptions: { jsdom: { url }, happyDOM: { url } } } };
