import { confirmButton, expect, NOTE, nameOf, onRecord, test, USERS_LIST } from "./support.ts";

test("the main job by the keyboard alone", async ({ page, as, simulator, freshUser }) => {
  await as("amara.lindqvist");
  const user = await freshUser();
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();

  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox", { name: /search users/i })).toBeFocused();
  await page.keyboard.type(user.email ?? "");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("row", { name: nameOf(user) })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: `Reset the mobile device of ${nameOf(user)}?` })).toBeVisible();
  await expect(page.locator("reset-dialog .who")).toBeFocused();
  await expect(confirmButton(page)).toBeVisible();

  // Past what happened, which nobody has to say here, and the proofs that can be chosen, to the one in words.
  await page.keyboard.press("Tab");
  await expect(page.getByLabel("What happened to the phone?")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Copy address" })).toBeFocused();
  for (const proof of ["In person", "Video call", "Called back"]) {
    await page.keyboard.press("Tab");
    await expect(page.getByLabel(proof)).toBeFocused();
  }
  await page.keyboard.press("Tab");
  await page.keyboard.type(NOTE.verifiedBy);
  await page.keyboard.press("Tab");
  await page.keyboard.type(NOTE.reason);
  await page.keyboard.press("Tab");
  await page.keyboard.type(NOTE.reference);
  await page.keyboard.press("Tab");
  await page.keyboard.type(user.email ?? "");
  await page.keyboard.press("Enter");
  await onRecord(page);
  await expect(page.getByText("Waiting for approval").first()).toBeVisible();
  expect(await simulator.approvals(user.id)).toHaveLength(1);

  // Two keys count as one shortcut within a moment, which a busy machine may take longer for.
  const goes = (key: string, path: string) =>
    expect(async () => {
      await page.keyboard.press("g");
      await page.keyboard.press(key);
      await expect(page).toHaveURL(path, { timeout: 2_000 });
    }).toPass();
  await goes("h", "/resets");
  await goes("t", "/queue");
  await goes("m", "/me");
  await goes("u", "/");
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
});

test("shortcuts are listed by ?, and not while something is typed", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.type("?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("searchbox", { name: /search users/i })).toHaveValue("");
});

test("the focus returns from the list of shortcuts and from the account menu", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto(USERS_LIST);
  const row = page
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") })
    .nth(2);
  await row.focus();
  await page.keyboard.press("?");
  const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(list).toBeVisible();
  await expect(row).not.toBeFocused();
  await page.keyboard.press("Escape");
  await expect(list).toHaveCount(0);
  await expect(row).toBeFocused();

  const opener = page.getByRole("button", { name: "Keyboard shortcuts" });
  await opener.click();
  await expect(list).toBeVisible();
  await list.getByRole("button", { name: "Close" }).click();
  await expect(opener).toBeFocused();

  const account = page.getByRole("button", { name: /^Account/ });
  await account.press("Enter");
  const signOut = page.getByRole("link", { name: "Sign out" });
  await expect(signOut).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(account).not.toBeFocused();
  await page.keyboard.press("Escape");
  await expect(signOut).toBeHidden();
  await expect(account).toBeFocused();
});

test("the focus is always visible, and the content can be skipped to", async ({ page, as }) => {
  await as("amara.lindqvist");
  await page.goto(USERS_LIST);
  await expect(page.getByRole("grid", { name: "Users" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  for (let stop = 0; stop < 8; stop++) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      // The ring may be drawn by a wrapper of the focused control.
      for (let node: Node | null = element; node; node = node.parentNode ?? (node as ShadowRoot).host ?? null) {
        if (node instanceof Element) {
          const { outlineStyle, outlineWidth } = getComputedStyle(node);
          if (outlineStyle !== "none" && Number.parseFloat(outlineWidth) > 0) return true;
        }
      }
      return element?.outerHTML.slice(0, 120) ?? "nothing";
    });
    expect(ring, `stop ${stop + 1}`).toBe(true);
  }
});
