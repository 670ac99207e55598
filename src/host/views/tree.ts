import { messageOf } from "../../base/errors.ts";
import { plainText } from "../../base/plain-text.ts";
import path from "node:path";
import {
  EventEmitter,
  MarkdownString,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  type TreeDataProvider,
  type Uri,
} from "vscode";
import type { LayerSummary, ModelSummary } from "../../shared/contract/model.ts";
import { heard, t } from "../../shared/l10n.ts";
import type { TreeTarget } from "../commands/target.ts";
import { MODEL_NAME } from "../model-files.ts";
import type { Core } from "../core.ts";
import { folderWords } from "../workspace-folders.ts";
import type { ModelFiles } from "./files.ts";
import {
  layerContext,
  layerDescription,
  layerTooltip,
  modelContext,
  modelDescription,
  OP_ICONS,
} from "./layer-item.ts";

const MOST_OF_A_PATH = 1000;

type Node =
  | (TreeTarget & { readonly kind: "model"; readonly uri: Uri })
  | (TreeTarget & { readonly kind: "layer"; readonly summary: LayerSummary })
  | { readonly kind: "error"; readonly message: string };

/** Models of the workspace, and the layers of those that are unfolded: a model is read no earlier. */
export class ModelTree implements TreeDataProvider<Node> {
  private readonly changed = new EventEmitter<Node | undefined>();
  private readonly summaries = new Map<string, ModelSummary>();
  /** The models that are checkpoints of a training. */
  private checkpoints: ReadonlySet<string> = new Set();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly core: Pick<Core, "compute" | "log">,
    private readonly files: ModelFiles,
  ) {
    files.onChanged(() => this.refresh());
  }

  refresh(): void {
    this.summaries.clear();
    this.changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (!node) {
      this.checkpoints = new Set(await this.files.checkpoints());
      return (await this.files.list()).map((uri) => ({ kind: "model", uri, model: uri.fsPath }));
    }
    if (node.kind !== "model") return [];
    try {
      const summary = await this.core.compute.remote.summary({ model: node.model });
      const first = !this.summaries.has(node.model);
      this.summaries.set(node.model, summary);
      if (first) this.changed.fire(node); // its description is known now
      return summary.layers.map((layer) => ({
        kind: "layer",
        model: node.model,
        layer: layer.name,
        summary: layer,
      }));
    } catch (error) {
      const message = messageOf(error);
      this.core.log.warn(message);
      return [{ kind: "error", message }];
    }
  }

  getTreeItem(node: Node): TreeItem {
    if (node.kind === "model") return this.modelItem(node.uri);
    if (node.kind === "error") {
      const item = new TreeItem(heard(node.message));
      item.iconPath = new ThemeIcon("warning");
      item.tooltip = heard(node.message);
      return item;
    }
    const item = new TreeItem(node.summary.name);
    item.description = layerDescription(node.summary);
    item.tooltip = new MarkdownString(layerTooltip(node.summary));
    item.iconPath = new ThemeIcon(OP_ICONS[node.summary.op]);
    item.contextValue = layerContext(node.summary);
    item.command = { command: "convlens.openLayer", title: t("Open Layer"), arguments: [node] };
    return item;
  }

  private modelItem(uri: Uri): TreeItem {
    const item = new TreeItem(
      plainText(path.basename(uri.fsPath)),
      TreeItemCollapsibleState.Collapsed,
    );
    const summary = this.summaries.get(uri.fsPath);
    const folder = folderWords(uri.fsPath);
    const isFolder = !MODEL_NAME.test(path.basename(uri.fsPath));
    item.resourceUri = uri;
    item.description = summary ? modelDescription(summary) : plainText(folder);
    item.tooltip = [
      plainText(uri.fsPath, MOST_OF_A_PATH),
      ...(summary?.notes ?? []).map(heard),
    ].join("\n");
    item.iconPath = new ThemeIcon(isFolder ? "folder" : "file-binary");
    item.contextValue = modelContext(this.checkpoints.has(uri.fsPath));
    return item;
  }
}
