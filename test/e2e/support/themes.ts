import type { Frame, Page } from "playwright-core";
import { palette, pick } from "./workbench.ts";

export interface Theme {
  /** As the workbench calls it in its list of themes. */
  readonly name: string;
  /** What the workbench notes on the body of a webview. */
  readonly kind: string;
}
export const themes: readonly Theme[] = [
  { name: "Dark Modern", kind: "vscode-dark" },
  { name: "Light Modern", kind: "vscode-light" },
  { name: "Dark High Contrast", kind: "vscode-high-contrast" },
  { name: "Light High Contrast", kind: "vscode-high-contrast-light" },
];

/** Chooses a theme and waits until an open webview followed. */
export async function setTheme(page: Page, frame: Frame, { name, kind }: Theme): Promise<void> {
  const body = frame.locator("body");
  if ((await body.getAttribute("data-vscode-theme-kind")) === kind) return;
  await palette(page, "Preferences: Color Theme");
  await pick(page, name);
  await frame.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor({ state: "attached" });
}
