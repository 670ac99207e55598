import path from "node:path";
import { Disposable } from "vscode";
import { sidecarPath } from "../../shared/sidecar.ts";
import { untilStable } from "./stable.ts";
import { modelFolder, stampOf } from "./stamp.ts";
import { watchFolder, watchModelFolder } from "./watch-folder.ts";

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
  disposables.push(
    watchFolder(path.dirname(model), (file) => {
      if (watched.has(file)) void settled(file);
    }),
  );
  void modelFolder(model).then((folder) => {
    if (folder === null || disposed) return;
    const watching = watchModelFolder(folder, (file) => {
      // what is saved beside a file that describes its folder is no part of the model
      if (!file.endsWith(".convlens.json")) void settled(folder);
    });
    disposables.push(watching);
  });
  return new Disposable(() => {
    disposed = true;
    waiting?.abort();
    for (const disposable of disposables) disposable.dispose();
  });
}
