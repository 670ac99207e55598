/** How a person moves about the workbench: explorer, menus, palette, tabs. */
import type { Locator, Page } from "playwright-core";
import { until } from "../../support/until.ts";

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

/** Chooses `entry` of the context menu of `row`; a menu that closes under the pointer, or lacks it, is opened again. */
export async function contextMenu(
  page: Page,
  row: Locator,
  entry: string,
  attempts = 3,
): Promise<void> {
  const item = page.locator(".monaco-menu .action-item").filter({ hasText: entry }).first();
  for (let attempt = 1; ; attempt += 1)
    try {
      await row.click({ button: "right" });
      await item.waitFor(attempts === 1 ? { timeout: 5000 } : {});
      // Menus ignore a mouse-up in their first 100 ms.
      await page.waitForTimeout(150);
      await item.click({ timeout: 5000 });
      return;
    } catch (error) {
      await page.keyboard.press("Escape");
      if (attempt === attempts) throw error;
    }
}

const SOON = { timeout: 5000 };

const paletteBox = (page: Page): Locator =>
  page.locator(".quick-input-widget input[type=text]").first();

/** Types into the quick pick that is open and clicks the row that is called `label`. */
async function choose(page: Page, typed: string, label: string): Promise<Locator> {
  await paletteBox(page).waitFor(SOON);
  await paletteBox(page).fill(typed, SOON);
  const row = page
    .locator(".quick-input-list .monaco-list-row")
    .and(page.locator(`[aria-label="${label}"], [aria-label^="${label},"]`))
    .first();
  await row.click(SOON);
  return row;
}

/** Closed, or asking for something else by now. */
const taken = (row: Locator): Promise<void> => row.waitFor({ state: "hidden", timeout: 30_000 });

/** Runs a command of the palette by its title; what was clicked is not run a second time. */
export async function palette(page: Page, command: string): Promise<void> {
  let row: Locator | null = null;
  for (let attempt = 0; row === null; attempt += 1)
    try {
      // Not Ctrl+Shift+P: a browser may keep that one for itself.
      await page.keyboard.press("F1");
      row = await choose(page, `>${command}`, command);
    } catch (error) {
      // A webview that is still loading swallows key presses.
      if (attempt === 8) throw error;
      await page.keyboard.press("Escape");
    }
  await taken(row);
}

/** Chooses a row of the quick pick that is open. */
export const pick = async (page: Page, label: string): Promise<void> =>
  taken(await choose(page, label, label));

/** Chooses the first row of the open quick pick whose label has `text`: labels may begin with an icon. */
export async function pickRow(page: Page, text: RegExp): Promise<void> {
  const rows = page.locator(".quick-input-list .monaco-list-row .label-name");
  await rows.filter({ hasText: text }).first().click({ timeout: 30_000 });
}

/** Closes one editor by the button of its tab. */
export async function closeTab(page: Page, label: string | RegExp): Promise<void> {
  const one = tab(page, label);
  await one.hover();
  await one.getByRole("button", { name: /Close/ }).click();
  await one.waitFor({ state: "detached" });
}

/** Closes all editors; their webviews end after their tabs, and would be taken for what is opened next. */
export async function closeEditors(page: Page): Promise<void> {
  const webviews = page.frames().filter((frame) => frame.parentFrame()?.parentFrame());
  await palette(page, "View: Close All Editors");
  await page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
  await until("the end of the webviews", () => webviews.every((frame) => frame.isDetached()));
}

/** Reloads the window and waits until it is usable again. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await ready(page);
}

const folderRow = (page: Page, name: string): Locator =>
  page
    .locator(".explorer-folders-view .monaco-list-row[aria-expanded]")
    .filter({ hasText: name })
    .first();

/** Shows what a folder of the explorer holds. */
export async function openFolder(page: Page, name: string): Promise<void> {
  const row = folderRow(page, name);
  if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
}

/** Hides it again: rows beyond the end of the list are not there to be clicked. */
export async function closeFolder(page: Page, name: string): Promise<void> {
  const row = folderRow(page, name);
  if ((await row.getAttribute("aria-expanded")) === "true") await row.click();
}

/** A row of a view in the side bar. */
export const treeRow = (page: Page, name: string): Locator =>
  page.locator(".sidebar .pane-body .monaco-list-row").filter({ hasText: name }).first();
