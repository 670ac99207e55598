/**
 * As much of VS Code's API as the inspector's host side asks for, so that it runs without a workbench. What is asked of it is recorded;
 * dialogs are dismissed unless `answers` says otherwise.
 */
import path from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

export class Uri {
  private constructor(
    readonly scheme: string,
    readonly path: string,
  ) {}
  static file(file: string): Uri {
    return new Uri("file", file);
  }
  static parse(text: string): Uri {
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1] ?? "file";
    let place = text.replace(/^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/i, "");
    try {
      place = scheme === "file" ? fileURLToPath(text) : decodeURIComponent(place);
    } catch {
      // as it stands
    }
    return new Uri(scheme, place);
  }
  static joinPath({ scheme, path: base }: Uri, ...names: readonly string[]): Uri {
    return new Uri(scheme, path.posix.join(base, ...names));
  }
  get fsPath(): string {
    return this.path;
  }
  toString(): string {
    return this.scheme === "file" ? pathToFileURL(this.path).href : `${this.scheme}:${this.path}`;
  }
}

export class Disposable {
  constructor(readonly dispose: () => void) {}
}
export class RelativePattern {
  constructor(
    readonly baseUri: Uri,
    readonly pattern: string,
  ) {}
}
export class Range {
  constructor(readonly startLine: number) {}
}
export class EventEmitter {
  readonly event = (): Disposable => new Disposable(() => undefined);
  fire(): void {}
  dispose(): void {}
}
export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const extensions = { getExtension: (): undefined => undefined };
export const ProgressLocation = { Notification: 15 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

/** What the person does, and how the workspace is. */
export const answers = {
  trusted: true,
  folders: [] as string[],
  save: null as string | null,
  found: [] as string[],
  tabs: [] as { readonly input: unknown }[],
  settings: {} as Readonly<Record<string, unknown>>,
};
/** What was asked of VS Code. */
export const asked = {
  commands: [] as (readonly unknown[])[],
  documents: [] as string[],
  watched: [] as { readonly folder: string; readonly pattern: string }[],
  written: [] as string[],
};

const nothing = (): Promise<undefined> => Promise.resolve(undefined);
const listening = (): Disposable => new Disposable(() => undefined);

export class TabInputCustom {
  constructor(readonly viewType: string) {}
}
export class TabInputWebview extends TabInputCustom {}

export const window = {
  get tabGroups() {
    return { all: [{ tabs: answers.tabs }] };
  },
  showOpenDialog: nothing,
  showQuickPick: nothing,
  showErrorMessage: nothing,
  showWarningMessage: nothing,
  showInformationMessage: nothing,
  showSaveDialog: () => Promise.resolve(answers.save === null ? undefined : Uri.file(answers.save)),
  showTextDocument: (uri: Uri) => Promise.resolve(void asked.documents.push(uri.fsPath)),
};
export const commands = {
  executeCommand: (...call: readonly unknown[]) => Promise.resolve(void asked.commands.push(call)),
};
export const workspace = {
  get isTrusted() {
    return answers.trusted;
  },
  get workspaceFolders() {
    return answers.folders.map((folder) => ({
      name: path.basename(folder),
      uri: Uri.file(folder),
    }));
  },
  fs: {
    stat: () => Promise.resolve({}),
    writeFile: ({ fsPath }: Uri) => Promise.resolve(void asked.written.push(fsPath)),
  },
  findFiles: () => Promise.resolve(answers.found.map((file) => Uri.file(file))),
  getWorkspaceFolder: ({ fsPath }: Uri) => {
    const folder = answers.folders.find((one) => fsPath.startsWith(one + path.sep));
    return folder === undefined ? undefined : { uri: Uri.file(folder) };
  },
  getConfiguration: () => ({
    get: (key: string, usual?: unknown) => answers.settings[key] ?? usual,
  }),
  createFileSystemWatcher: ({ baseUri, pattern }: RelativePattern) => {
    asked.watched.push({ folder: baseUri.fsPath, pattern });
    return {
      ...{ onDidChange: listening, onDidCreate: listening, onDidDelete: listening },
      dispose: () => undefined,
    };
  },
};
export const env = { language: "en" };
export const l10n = { bundle: undefined };
