/** How a person moves about the workbench: explorer, menus, palette, tabs. */
import type { Locator, Page } from "playwright-core";

export const explorerRow = (page: Page, name: string): Locator =>
  page.locator(".explorer-folders-view .monaco-list-row").filter({ hasText: name }).first();

export const activity = (page: Page, label: string): Locator =>
  page.locator(`.activitybar a[aria-label^="${label}"]`).first();

export const tab = (page: Page, label: string | RegExp): Locator =>
  page.locator(".tabs-container .tab").filter({ hasText: label }).first();

/** Files, and what we contribute, which comes seconds later: menus lack our entries before. */
export async function ready(page: Page): Promise<void> {
  const patient = { timeout: 90_000 };
  await page.locator(".monaco-workbench").waitFor(patient);
  await explorerRow(page, "efficientnet-lite0.h5").waitFor(patient);
  await activity(page, "ConvLens").waitFor(patient);
}

/** Chooses `entry` of the context menu of `row`. */
export async function contextMenu(page: Page, row: Locator, entry: string): Promise<void> {
  await row.click({ button: "right" });
  const item = page.locator(".monaco-menu .action-item").filter({ hasText: entry }).first();
  await item.waitFor();
  // Menus ignore a mouse-up in their first 100 ms.
  await page.waitForTimeout(150);
  await item.click();
}

const paletteBox = (page: Page): Locator =>
  page.locator(".quick-input-widget input[type=text]").first();

async function tryPalette(page: Page, command: string): Promise<void> {
  const soon = { timeout: 2000 };
  const box = paletteBox(page);
  // Not Ctrl+Shift+P: a browser may keep that one for itself.
  await page.keyboard.press("F1");
  await box.waitFor(soon);
  await box.fill(`>${command}`, soon);
  const row = page.locator(".quick-input-list .monaco-list-row.focused");
  await row.filter({ hasText: command }).waitFor(soon);
  await box.press("Enter", soon);
}

/** Runs a command of the palette by its title. */
export async function palette(page: Page, command: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1)
    try {
      await tryPalette(page, command);
      return;
    } catch (error) {
      // A webview that is still loading swallows key presses.
      if (attempt === 8) throw error;
      await page.keyboard.press("Escape");
    }
}

/** Chooses a row of the quick pick that is open. */
export async function pick(page: Page, text: string): Promise<void> {
  await paletteBox(page).waitFor();
  await paletteBox(page).fill(text);
  const row = page.locator(".quick-input-list .monaco-list-row.focused").filter({ hasText: text });
  await row.waitFor();
  await page.keyboard.press("Enter");
}

export async function closeEditors(page: Page): Promise<void> {
  await palette(page, "View: Close All Editors");
  await page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
}

/** Reloads the window and waits until it is usable again. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await ready(page);
}

/** Shows what a folder of the explorer holds. */
export async function openFolder(page: Page, name: string): Promise<void> {
  const row = explorerRow(page, name);
  if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
}

/** A row of a view in the side bar. */
export const treeRow = (page: Page, name: string): Locator =>
  page.locator(".sidebar .pane-body .monaco-list-row").filter({ hasText: name }).first();
