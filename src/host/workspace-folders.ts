import path from "node:path";
import { workspace } from "vscode";
import { reallyAmong } from "../files/real-place.ts";

/** Paths of the workspace's folders on this machine's disk. */
export const workspaceFolders = (): string[] =>
  (workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === "file")
    .map(({ uri }) => uri.fsPath);

/** Where a file lies, as the explorer would say it; nothing for the only folder of the workspace. */
export function folderWords(file: string): string {
  const folder = path.dirname(file);
  const folders = workspace.workspaceFolders ?? [];
  const root = folders.find(({ uri }) => uri.fsPath === folder);
  if (!root) return workspace.asRelativePath(folder);
  return folders.length > 1 ? root.name : "";
}

/** Whether a file really lies in a folder of the workspace: links are followed. */
export const isOfWorkspace = (file: string): Promise<boolean> =>
  reallyAmong(file, workspaceFolders());
