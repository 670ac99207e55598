import path from "node:path";
import { EventEmitter, workspace, type Disposable, type TextDocument, type Uri } from "vscode";
import type { CodeLinks, Script } from "../../shared/contract/code.ts";
import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import type { Core } from "../core.ts";
import type { ModelFiles } from "../views/files.ts";
import { modelOfScript, type ModelFile } from "./candidates.ts";
import { sidecarModel } from "./sidecars.ts";
import { sourceOf, type CodeSource } from "./source.ts";

/** How the model of a script was found. */
export type FoundBy = "pick" | "sidecar" | "paths" | "source";

/** Models whose files are searched for the lines of a script, newest first. */
const MOST_RECORDS = 30;

/** A script and the model file that was found for it, with the layers its lines make. */
export interface LinkedScript {
  readonly source: CodeSource;
  readonly model: string;
  readonly foundBy: FoundBy;
  readonly summary: ModelSummary;
  readonly links: CodeLinks;
}

/** A script that defines networks, with its model where there is one. */
export interface ReadScript {
  readonly source: CodeSource;
  readonly script: Script;
  /** The first line that makes a layer; null when none does. */
  readonly firstLayer: number | null;
  readonly linked: LinkedScript | null;
}

/** Links between training code and models, each worked out once per version of script and model. */
export class ScriptLinks {
  private readonly changed = new EventEmitter<void>();
  private readonly known = new Map<string, { version: string; read: Promise<ReadScript | null> }>();
  private readonly watching: Disposable;

  readonly onChanged = this.changed.event;

  constructor(
    private readonly core: Core,
    private readonly files: ModelFiles,
  ) {
    this.watching = files.onChanged(() => this.forget());
  }

  /** What is known of the script that `document` is; null when it builds no networks. */
  async of(document: TextDocument): Promise<ReadScript | null> {
    const source = sourceOf(document);
    if (!source) return null;
    const key = source.uri.toString();
    let entry = this.known.get(key);
    if (entry?.version !== source.version) {
      entry = { version: source.version, read: this.read(source) };
      this.known.set(key, entry);
      entry.read.catch(() => this.known.delete(key));
    }
    const read = await entry.read;
    // the same script, asked for from another cell of its notebook
    return read && { ...read, source, linked: read.linked && { ...read.linked, source } };
  }

  /** Links `script` to the model a person picked; null returns to what can be found. */
  async pick(script: Uri, model: string | null): Promise<void> {
    await this.core.store.keepScriptModel(script.toString(), model);
    this.forget();
  }

  /** Everything is worked out again when it is asked for. */
  forget(): void {
    this.known.clear();
    this.changed.fire();
  }

  /** What is shown of the links has changed, and they have not. */
  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    this.watching.dispose();
    this.changed.dispose();
  }

  private async read(source: CodeSource): Promise<ReadScript | null> {
    const { remote } = this.core.compute;
    const script = await remote.readScript({ code: source.text });
    const lines = script.models.flatMap(({ layers }) => layers.map(({ line }) => line));
    if (lines.length === 0) return null;
    const firstLayer = Math.min(...lines);
    const found = await this.find(source, script.saves);
    if (!found) return { source, script, firstLayer, linked: null };
    const { model } = found;
    const [summary, links] = await Promise.all([
      remote.summary({ model }),
      remote.linkScript({ model, code: source.text, file: source.name }),
    ]);
    return { source, script, firstLayer, linked: { ...found, source, summary, links } };
  }

  private async find(
    source: CodeSource,
    saves: Parameters<typeof modelOfScript>[0],
  ): Promise<{ model: string; foundBy: FoundBy } | null> {
    const { uri } = source;
    const picked = this.core.store.scriptModel(uri.toString());
    if (picked !== null) return { model: picked, foundBy: "pick" };
    const told = await sidecarModel(uri);
    if (told !== null) return { model: told, foundBy: "sidecar" };
    const roots = workspace.workspaceFolders?.map((folder) => folder.uri.fsPath) ?? [];
    const folders = [path.dirname(uri.fsPath), ...roots];
    const files = await this.modelFiles();
    const model = modelOfScript(saves, folders, files);
    if (model !== null) return { model, foundBy: "paths" };
    const recorded = await this.recorded(source, files);
    return recorded === null ? null : { model: recorded, foundBy: "source" };
  }

  /** Exporters of PyTorch keep the lines of code that made each operation. */
  private async recorded({ text, uri }: CodeSource, files: ModelFile[]): Promise<string | null> {
    const models = files
      .filter((file) => /\.(pt2|onnx)$/i.test(file.path))
      .sort((a, b) => b.modified - a.modified)
      .slice(0, MOST_RECORDS)
      .map((file) => file.path);
    if (models.length === 0) return null;
    return this.core.compute.remote.recordedModel({ models, code: text, file: uri.fsPath });
  }

  private async modelFiles(): Promise<ModelFile[]> {
    const uris = (await this.files.list()).filter(({ scheme }) => scheme === "file");
    const files = await Promise.all(
      uris.map((uri) =>
        Promise.resolve(workspace.fs.stat(uri)).then(
          ({ mtime }) => ({ path: uri.fsPath, modified: mtime }),
          () => null,
        ),
      ),
    );
    return files.filter((file) => file !== null);
  }
}

/** The layers of the file that a line of the asked document (from 0) makes, with their links. */
export function linksAt(
  { source, links, summary }: LinkedScript,
  line: number,
): { link: CodeLinks["links"][number]; layer: LayerSummary }[] {
  const own = links.links.filter(({ script }) => script.line - source.firstLine === line);
  return own.flatMap((link) => {
    const layer = summary.layers.find(({ name }) => name === link.layer);
    return layer ? [{ link, layer }] : [];
  });
}
