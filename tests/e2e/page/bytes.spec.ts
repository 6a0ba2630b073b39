import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, openDialog, requestReset, test, USERS_LIST } from "./support.ts";

/** Bytes of gzip, level 9, without the WebAssembly, which is served apart and loaded when a reset is near. */
const FIRST_LOAD = 120 * 1024;
const EVERY_SCREEN = 200 * 1024;

/** Adds up what the page loads that is the page's own: not the answers of the API, not the .wasm. */
function weigh(page: Page): () => Promise<{ total: number; wasm: number; files: Record<string, number> }> {
  const paths = new Set<string>();
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    const ours = !/^\/(api|v1|cdn-cgi)\//.test(pathname) && response.ok();
    // Every screen's address gives the same document.
    if (ours) paths.add(response.request().isNavigationRequest() ? "/" : pathname);
  });
  return async () => {
    const files: Record<string, number> = {};
    let wasm = 0;
    for (const path of paths) {
      const size = gzipSync(await (await page.request.get(path)).body(), { level: 9 }).byteLength;
      if (path.endsWith(".wasm")) wasm += size;
      else files[path] = size;
    }
    return { total: Object.values(files).reduce((sum, size) => sum + size, 0), wasm, files };
  };
}

test("the first load and every screen together stay within their bytes", async ({ page, as, freshUser }) => {
  const user = await freshUser();
  await as("amara.lindqvist");
  const weighed = weigh(page);
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  const first = await weighed();
  console.log(`first load: ${(first.total / 1024).toFixed(1)} KB gzip in ${Object.keys(first.files).length} files`);
  expect(first.total, JSON.stringify(first.files, null, 1)).toBeLessThanOrEqual(FIRST_LOAD);
  // The WebAssembly is not a part of it.
  expect(first.wasm).toBe(0);

  await openDialog(page, user);
  await requestReset(page, user);
  for (const path of [
    "/resets",
    "/queue",
    "/me",
    `/help/${crypto.randomUUID()}`,
    `/confirm/${crypto.randomUUID()}`,
    "/button",
    "/nowhere",
  ]) {
    await page.goto(path);
    await page.waitForLoadState("networkidle");
  }
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  const all = await weighed();
  console.log(
    `every screen: ${(all.total / 1024).toFixed(1)} KB gzip, and ${(all.wasm / 1024).toFixed(1)} KB of WebAssembly`,
  );
  expect(all.total, JSON.stringify(all.files, null, 1)).toBeLessThanOrEqual(EVERY_SCREEN);
});
