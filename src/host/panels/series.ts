import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { Disposable, RelativePattern, Uri, workspace } from "vscode";
import { seriesOf, templateOf } from "../../shared/series.ts";
import type { Checkpoint, Series } from "../../shared/contract/training.ts";
import { untilStable } from "./stable.ts";
import { stampOf } from "./stamp.ts";

/** The checkpoints beside `model`, itself among them; empty when it stands alone. */
export async function readSeries(model: string): Promise<Series> {
  const folder = path.dirname(model);
  const names = await readdir(folder).catch(() => []);
  const steps = seriesOf(path.basename(model), names);
  const checkpoints = await Promise.all(
    steps.map(async ({ name, step }): Promise<Checkpoint | null> => {
      const file = path.join(folder, name);
      const facts = await stat(file).catch(() => null);
      return facts && { path: file, name, step, modified: facts.mtimeMs };
    }),
  );
  return checkpoints.filter((checkpoint) => checkpoint !== null);
}

/** How often a new checkpoint that cannot be read yet is tried again, and how long after. */
const TRIES = 20;
const RETRY_MS = 1000;

/**
 * Watches the folder of `model` for checkpoints of its series. A new or rewritten one is told of when it stays as it is and `readable`
 * says so: a file that is being written is never shown half.
 */
export function watchSeries(
  model: string,
  readable: (checkpoint: string) => Promise<boolean>,
  changed: (file: string | null) => void,
): Disposable {
  const template = templateOf(path.basename(model));
  const waiting = new Map<string, AbortController>();
  const written = async (file: string): Promise<void> => {
    waiting.get(file)?.abort();
    const mine = new AbortController();
    waiting.set(file, mine);
    for (let attempt = 0; attempt < TRIES; attempt++) {
      if (!(await untilStable(() => stampOf(file), mine.signal))) return;
      if (!(await stampOf(file))) break; // gone again
      if (await readable(file)) break;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      if (mine.signal.aborted) return;
    }
    waiting.delete(file);
    changed(file);
  };
  const isOwn = ({ fsPath }: Uri): boolean =>
    fsPath !== model && templateOf(path.basename(fsPath)) === template;
  const watcher = workspace.createFileSystemWatcher(
    new RelativePattern(Uri.file(path.dirname(model)), "*"),
  );
  const onWrite = (uri: Uri): void => {
    if (isOwn(uri)) void written(uri.fsPath);
  };
  watcher.onDidCreate(onWrite);
  watcher.onDidChange(onWrite);
  watcher.onDidDelete((uri) => {
    if (isOwn(uri)) changed(null);
  });
  return new Disposable(() => {
    watcher.dispose();
    for (const controller of waiting.values()) controller.abort();
  });
}
