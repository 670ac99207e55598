import { EventEmitter, workspace, type Disposable, type Uri } from "vscode";

/** Model files by their extension, for searches; what a file really is, its content says. */
export const MODEL_PATTERN = "**/*.{h5,hdf5,keras,H5,HDF5}";
const ELSEWHERE = "**/{node_modules,site-packages,.git,.venv,venv,__pycache__}/**";
const MOST_FILES = 500;
const SETTLE_MS = 500;

/** The model files of the workspace, searched when asked for and again after some came or went. */
export class ModelFiles implements Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly watcher = workspace.createFileSystemWatcher(MODEL_PATTERN);
  private found: Thenable<readonly Uri[]> | null = null;
  private timer: NodeJS.Timeout | undefined;

  readonly onChanged = this.changed.event;

  constructor() {
    const touched = (): void => {
      this.found = null;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => {
        this.changed.fire();
      }, SETTLE_MS);
    };
    this.watcher.onDidCreate(touched);
    this.watcher.onDidDelete(touched);
    this.watcher.onDidChange(touched);
  }

  list(): Thenable<readonly Uri[]> {
    return (this.found ??= workspace
      .findFiles(MODEL_PATTERN, ELSEWHERE, MOST_FILES)
      .then((uris) => uris.sort((a, b) => a.path.localeCompare(b.path))));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher.dispose();
    this.changed.dispose();
  }
}
