import { commands, extensions, Uri, window, workspace, type Extension, type Tab } from "vscode";
import type { ConvLensApi } from "../../../src/host/api.ts";
import { until } from "../../support/until.ts";

export function convlens(): Extension<ConvLensApi> {
  const extension = extensions.getExtension<ConvLensApi>("convlens.convlens");
  if (!extension) throw new Error("the extension is not there");
  return extension;
}

/** A file of the workspace, a copy of samples/. */
export function sample(...names: readonly string[]): Uri {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) throw new Error("no folder is open");
  return Uri.joinPath(folder.uri, ...names);
}

export const allTabs = (): readonly Tab[] => window.tabGroups.all.flatMap(({ tabs }) => tabs);

export const tabOf = (suits: (tab: Tab) => boolean): Promise<Tab> =>
  until("a tab", () => allTabs().find(suits));

export async function closeAll(): Promise<void> {
  await commands.executeCommand("workbench.action.closeAllEditors");
  await until("all tabs to close", () => allTabs().length === 0);
}
