import { readdir } from "node:fs/promises";
import path from "node:path";
import { naturalOrder } from "../../base/natural-order.ts";
import { commands, EventEmitter, Uri, workspace, type Disposable } from "vscode";
import { checkpointsAmong } from "../../shared/series.ts";
import { FOLDER_PATTERN, foldersAmong, MODEL_PATTERN, modelsAmong } from "../model-files.ts";

const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv,__pycache__}/**";
const MOST_FILES = 500;
const SETTLE_MS = 500;
/** What the menus of folders look for: a menu cannot look into a folder. */
const FOLDERS_KEY = "convlens.modelFolders";
/** What the menus of checkpoints look for: a menu cannot look at the files beside one. */
const CHECKPOINTS_KEY = "convlens.checkpoints";

/** The models of the workspace, searched when asked for and again after some came or went. */
export class ModelFiles implements Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly watchers = [MODEL_PATTERN, FOLDER_PATTERN].map((pattern) =>
    workspace.createFileSystemWatcher(pattern),
  );
  private found: Promise<readonly Uri[]> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private telling: Promise<void> = Promise.resolve();

  readonly onChanged = this.changed.event;

  constructor() {
    const touched = (): void => {
      this.found = null;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.changed.fire();
        this.tellMenus();
      }, SETTLE_MS);
    };
    for (const watcher of this.watchers) {
      watcher.onDidCreate(touched);
      watcher.onDidDelete(touched);
      watcher.onDidChange(touched);
    }
    this.tellMenus();
  }

  list(): Promise<readonly Uri[]> {
    return (this.found ??= this.search(MODEL_PATTERN));
  }

  /** Those of the models that are checkpoints of a training. */
  async checkpoints(): Promise<readonly string[]> {
    return checkpointsAmong((await this.list()).map(({ fsPath }) => fsPath));
  }

  private async search(pattern: string): Promise<readonly Uri[]> {
    const uris = await workspace.findFiles(pattern, ELSEWHERE, MOST_FILES);
    const files = uris.filter(({ scheme }) => scheme === "file").map(({ fsPath }) => fsPath);
    const folders = new Set(files.map((file) => path.dirname(file)));
    const withShards = new Set<string>();
    for (const folder of folders) {
      if (!files.includes(path.join(folder, "model.json"))) continue;
      const names = await readdir(folder).catch(() => []);
      if (names.some((name) => name.endsWith(".bin"))) withShards.add(folder);
    }
    const others = uris.filter(({ scheme }) => scheme !== "file");
    const models = modelsAmong(files, (folder) => withShards.has(folder)).map((file) =>
      Uri.file(file),
    );
    return [...models, ...others].sort((a, b) => naturalOrder(a.path, b.path));
  }

  /** One after the other: on a busy machine an older search would have the last word. */
  private tellMenus(): void {
    this.telling = this.telling.then(() => this.tell()).catch(() => undefined);
  }

  private async tell(): Promise<void> {
    const models = (await this.search(FOLDER_PATTERN)).map(({ fsPath }) => fsPath);
    await commands.executeCommand("setContext", FOLDERS_KEY, foldersAmong(models));
    await commands.executeCommand("setContext", CHECKPOINTS_KEY, await this.checkpoints());
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.dispose();
    this.changed.dispose();
  }
}
