import { readFileSync, writeFileSync } from "node:fs";
import type { Frame } from "playwright-core";
import { session } from "./session.ts";

export interface Theme {
  readonly name: string;
  /** What the workbench notes on the body of a webview. */
  readonly kind: string;
}
export const themes: readonly Theme[] = [
  { name: "Dark Modern", kind: "vscode-dark" },
  { name: "Light Modern", kind: "vscode-light" },
  { name: "Default High Contrast", kind: "vscode-high-contrast" },
  { name: "Default High Contrast Light", kind: "vscode-high-contrast-light" },
];

/** Changes the setting, as a person would in settings.json, and waits until an open webview followed. */
export async function setTheme(frame: Frame, { name, kind }: Theme): Promise<void> {
  const file = (await session()).workbench.settingsFile;
  const settings = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  if (settings["workbench.colorTheme"] !== name)
    writeFileSync(file, JSON.stringify({ ...settings, "workbench.colorTheme": name }, null, 2));
  await frame.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
}
