import path from "node:path";
import { commands, Uri, ViewColumn, window, type WebviewPanel } from "vscode";
import type { CodeLine, Wanted } from "../../shared/contract/code.ts";
import type { Errand } from "../../shared/contract/panel.ts";
import type { Intent } from "../../shared/contract/intent.ts";
import { shownOf } from "./shown.ts";
import type { Core } from "../core.ts";
import { isSameTraining } from "../../shared/series.ts";
import { openIn } from "../settings.ts";
import { restoredIntent } from "./chosen-models.ts";
import { InspectorController } from "./controller.ts";
import { editorOf, MODEL_NAME } from "../model-files.ts";
import { firstIntent } from "./intent.ts";

/** The `viewType` under which VS Code brings panels back after a reload. */
export const PANEL_TYPE = "convlens.inspector";
/** What is to be shown otherwise in a model's panel; what is left out stays. */
export type Change = Partial<Omit<Intent, "model">>;

/** The open inspectors; at most one is opened per model by commands, though an editor may show it a second time. */
export class InspectorPanels {
  private readonly open = new Set<InspectorController>();
  /** What a custom editor that is about to be opened shall show. */
  private readonly wanted = new Map<string, Change>();
  /** What an inspector which is about to be opened shall do. */
  private readonly errands = new Map<string, Errand>();

  constructor(
    private readonly core: Core,
    private readonly pickModel: (title: string) => Promise<string | null>,
    private readonly codeLines: (model: string) => Promise<readonly CodeLine[]>,
  ) {}

  /** The inspectors on `model`, or all of them. */
  all(model?: string): readonly InspectorController[] {
    const controllers = [...this.open];
    return model === undefined ? controllers : controllers.filter((one) => one.model === model);
  }

  /** An inspector on `model`, or on another checkpoint of the same training: training code belongs to either. */
  ofTraining(model: string): InspectorController | undefined {
    return this.all(model)[0] ?? this.all().find((one) => isSameTraining(one.model, model));
  }

  /** The inspector that has the focus, or else the only one there is. */
  active(): InspectorController | null {
    const controllers = this.all();
    const only = controllers.length === 1 ? controllers[0] : undefined;
    return controllers.find(({ panel }) => panel.active) ?? only ?? null;
  }

  /** What the inspector of `model` shows, or would show when opened. */
  currentIntent(model: string): Intent {
    return this.all(model)[0]?.intent ?? this.core.store.intent(model) ?? firstIntent(model);
  }

  /** The same, as far as code is made of it. */
  currentShown(model: string): Wanted {
    return this.all(model)[0]?.shown ?? shownOf(this.currentIntent(model), {});
  }

  /** Reveals the inspector of `model` or opens one, where the settings say, and shows `change` in it. */
  async inspect(model: string, change: Change): Promise<void> {
    const existing = this.all(model)[0];
    if (existing) {
      existing.show(change);
      return;
    }
    const where = openIn();
    // a folder has no editor
    if (where === "editor" && MODEL_NAME.test(path.basename(model))) {
      this.wanted.set(model, change);
      await commands.executeCommand("vscode.openWith", Uri.file(model), editorOf(model));
      return;
    }
    const beside = where === "beside" && window.activeTextEditor !== undefined;
    const panel = window.createWebviewPanel(
      PANEL_TYPE,
      path.basename(model),
      beside ? ViewColumn.Beside : ViewColumn.Active,
    );
    this.adopt(panel, { ...this.lastIntent(model), ...change });
  }

  /** Has the inspector of `model` do something, in the Model lens: dead filters stand in its table, a lesson begins there. */
  async send(model: string, errand: Errand): Promise<void> {
    const existing = this.all(model)[0];
    if (!existing) this.errands.set(model, errand);
    await this.inspect(model, { lens: "model" });
    existing?.send(errand);
  }

  /** What a page kept over a reload, of a model that was opened in this workspace. */
  restored(kept: Intent | null): Intent | null {
    const own = restoredIntent(kept, kept && this.core.store.intent(kept.model));
    return own && this.core.pictures.permitted(own);
  }

  /** The last intent of the model whose panel bore `title`: its page was reloaded before it could keep its own. */
  titled(title: string): Intent | null {
    const model = this.core.store
      .recent("models")
      .find((recent) => path.basename(recent) === title);
    return model === undefined ? null : this.core.store.intent(model);
  }

  /** Loads every page again, with its intent: what may be shown has changed. */
  reload(): void {
    for (const controller of this.open) controller.reload();
  }

  /** Every page on `model` asks again: how it is opened has changed. */
  async changed(model: string): Promise<void> {
    await Promise.all(this.all().map((controller) => controller.changed(model)));
  }

  /** Takes over a webview that VS Code made: a custom editor, or a panel after a reload. */
  adopt(panel: WebviewPanel, intent: Intent): void {
    const { store, extension } = this.core;
    panel.iconPath = Uri.joinPath(extension.extensionUri, "media", "tab.svg");
    const controller = new InspectorController(panel, intent, this.core, {
      disposed: (gone) => {
        this.open.delete(gone);
        this.release(gone.model);
        if (gone.intent.other !== null) this.release(gone.intent.other);
      },
      release: (file) => this.release(file),
      pickModel: this.pickModel,
      codeLines: this.codeLines,
    });
    this.open.add(controller);
    const errand = this.errands.get(controller.model);
    this.errands.delete(controller.model);
    if (errand) controller.send(errand);
    store.keepIntent(controller.intent);
  }

  /** Forgets a model that no panel is on. */
  private release(model: string): void {
    const used = this.all().some(({ intent }) => intent.model === model || intent.other === model);
    if (!used) void this.core.compute.release(model);
  }

  /** How `model` was last looked at in this workspace, with what a command wants to see now. */
  lastIntent(model: string): Intent {
    const change = this.wanted.get(model);
    this.wanted.delete(model);
    const last = this.core.store.intent(model) ?? firstIntent(model);
    return { ...last, ...change };
  }
}
