import { stat } from "node:fs/promises";
import path from "node:path";
import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { sidecarPath } from "../../shared/sidecar.ts";
import { untilStable } from "./stable.ts";

/** Calls `changed` after a model or its sidecar was written, once the file stays as it is. */
export function watchModel(model: string, changed: () => void): Disposable {
  // the whole folder: a file's name may hold characters that mean something in a pattern
  const watcher = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(path.dirname(model)), "*"),
  );
  const watched = new Set([model, sidecarPath(model)]);
  let waiting: AbortController | null = null;

  const touched = async ({ fsPath }: Uri): Promise<void> => {
    if (!watched.has(fsPath)) return;
    waiting?.abort();
    const mine = (waiting = new AbortController());
    if (await untilStable(() => stamp(fsPath), mine.signal)) changed();
  };
  const on = (uri: Uri): void => void touched(uri);
  watcher.onDidChange(on);
  watcher.onDidCreate(on);
  watcher.onDidDelete(on);
  return new Disposable(() => {
    waiting?.abort();
    watcher.dispose();
  });
}

const stamp = (file: string): Promise<{ size: number; mtime: number } | null> =>
  stat(file).then(
    ({ size, mtimeMs }) => ({ size, mtime: mtimeMs }),
    () => null,
  );
