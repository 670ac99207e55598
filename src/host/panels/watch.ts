import path from "node:path";
import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { sidecarPath } from "../../shared/sidecar.ts";
import { untilStable } from "./stable.ts";
import { modelFolder, stampOf } from "./stamp.ts";

/** Calls `changed` after a model (a file, or any file of its folder) or its sidecar was written, once it stays as it is. */
export function watchModel(model: string, changed: () => void): Disposable {
  const watched = new Set([model, sidecarPath(model)]);
  const disposables: Disposable[] = [];
  let waiting: AbortController | null = null;
  let disposed = false;

  const settled = async (file: string): Promise<void> => {
    waiting?.abort();
    const mine = (waiting = new AbortController());
    if (await untilStable(() => stampOf(file), mine.signal)) changed();
  };
  /** The whole folder: a file's name may hold characters that mean something in a pattern. */
  const watch = (folder: string, pattern: string, on: (uri: Uri) => void): void => {
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.file(folder), pattern),
    );
    watcher.onDidChange(on);
    watcher.onDidCreate(on);
    watcher.onDidDelete(on);
    disposables.push(watcher);
  };
  watch(path.dirname(model), "*", ({ fsPath }) => {
    if (watched.has(fsPath)) void settled(fsPath);
  });
  void modelFolder(model).then((folder) => {
    if (folder === null || disposed) return;
    watch(folder, "**", ({ fsPath }) => {
      // what is saved beside a file that describes its folder is no part of the model
      if (!fsPath.endsWith(".convlens.json")) void settled(folder);
    });
  });
  return new Disposable(() => {
    disposed = true;
    waiting?.abort();
    for (const disposable of disposables) disposable.dispose();
  });
}
