export default { source: { entry: { index: "./main.js" } }, output: { distPath: { root: "dist/rsbuild" } } };
