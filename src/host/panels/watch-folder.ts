import path from "node:path";
import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { MODEL_PARTS } from "../../shared/model-folder.ts";
import { isOfWorkspace } from "../workspace-folders.ts";

/**
 * Calls `touched` for every file of `folder` that was written, came or went. The whole folder, as a file's name may hold characters that mean
 * something in a pattern, and no folder below it.
 */
export function watchFolder(folder: string, touched: (file: string) => void): Disposable {
  return watch(folder, "*", touched);
}

/** The same for the files that a model's folder is of. Only in the workspace, which is watched anyway, all below it is. */
export function watchModelFolder(folder: string, touched: (file: string) => void): Disposable {
  let watching: Disposable[] = [];
  let disposed = false;
  void isOfWorkspace(folder).then((own) => {
    if (disposed) return;
    watching = own
      ? [watch(folder, "**", touched)]
      : MODEL_PARTS.map((part) => watchFolder(path.join(folder, part), touched));
  });
  return new Disposable(() => {
    disposed = true;
    for (const one of watching) one.dispose();
  });
}

function watch(folder: string, pattern: string, touched: (file: string) => void): Disposable {
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), pattern));
  const on = ({ fsPath }: Uri): void => touched(fsPath);
  watcher.onDidChange(on);
  watcher.onDidCreate(on);
  watcher.onDidDelete(on);
  return watcher;
}
