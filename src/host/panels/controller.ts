import path from "node:path";
import { commands, Uri, workspace, type WebviewPanel } from "vscode";
import { clearUnfinished } from "../../files/unfinished.ts";
import { serve, type Handlers, type Port } from "../../rpc/index.ts";
import type { CodeLine, Wanted } from "../../shared/contract/code.ts";
import type { Intent } from "../../shared/contract/intent.ts";
import type { Errand, HostEvent, PanelContract } from "../../shared/contract/panel.ts";
import type { Series } from "../../shared/contract/training.ts";
import { t } from "../../shared/l10n.ts";
import type { Core } from "../core.ts";
import { fieldsOf, listed, notUnderstood, textOf } from "./call-rules.ts";
import { computeCalls, notTrusted } from "./calls.ts";
import { fileCalls } from "./file-calls.ts";
import { pickStructure } from "../picks/structure.ts";
import { panelHtml } from "./html.ts";
import { changedIntent } from "../../shared/changed-intent.ts";
import { asIntent } from "./intent.ts";
import { shownOf, type LastAsked } from "./shown.ts";
import { givenLabels } from "./given-labels.ts";
import { OtherModel } from "./compared-model.ts";
import { statedBy } from "./stated-inputs.ts";
import { PageSessions } from "./sessions.ts";
import type { Written } from "./series.ts";
import { Training } from "./training.ts";
import { openSource } from "./source-line.ts";
import { watchModel } from "./watch.ts";
import { showError } from "../notices.ts";

/** The extension's own commands that a page may run. */
const OFFERED = new Set(["convlens.installNative", "convlens.showLog", "convlens.restart"]);

/** A page that cannot be loaded whole would begin again and again. */
const RELOAD_PAUSE_MS = 5 * 60_000;

/** Serves one inspector, be it a panel beside the code or a custom editor: both are a webview on one model. */
export class InspectorController {
  private readonly sessions: PageSessions;
  private readonly training: Training;
  private readonly other: OtherModel;
  private readonly disposables: (() => void)[] = [];
  private current: Intent;
  private asked: LastAsked = {};
  /** What of the page's tellings is in the intent: those up to this turn. */
  private heard = 0;
  /** When a page last asked for a new one in its place, ms. */
  private reloaded = -Infinity;
  /** What a page which is not there yet shall do. */
  private errand: Errand | null = null;

  constructor(
    readonly panel: WebviewPanel,
    intent: Intent,
    private readonly core: Core,
    /** What panels ask of each other, and of what lies outside them. */
    private readonly shared: {
      disposed(controller: InspectorController): void;
      /** Forgets a model unless another panel is on it. */
      release(model: string): void;
      pickModel(title: string): Promise<string | null>;
      codeLines(model: string): Promise<readonly CodeLine[]>;
    },
  ) {
    this.current = intent;
    core.pictures.allowThoseOf(intent);
    const { compute, engines, extension } = core;
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(extension.extensionUri, "dist")],
    };
    this.sessions = new PageSessions(webview, (port) => this.serveOn(port));
    this.reload();
    this.training = new Training(compute.remote, this.model, (series, written) =>
      this.seriesChanged(series, written),
    );
    this.other = new OtherModel(
      this.training,
      (file) => void this.modelChanged(file),
      (file) => shared.release(file),
    );
    this.other.allow(intent.other);
    this.other.follow(intent.other);
    const watching = watchModel(this.model, () => void this.modelChanged(this.model));
    const disposables: { dispose(): unknown }[] = [
      watching,
      this.other,
      this.training,
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.sessions.close();
      }),
      panel.onDidDispose(() => {
        this.dispose();
        shared.disposed(this);
      }),
    ];
    this.disposables = [
      ...disposables.map((disposable) => () => void disposable.dispose()),
      compute.supervisor.onLost((reason) => {
        void clearUnfinished(path.dirname(this.model));
        this.post({ type: "computeRestarted", reason });
      }),
      engines.onChanged(() => this.post({ type: "engine", engine: engines.engine })),
    ];
    compute.supervisor.warm();
  }

  get model(): string {
    return this.current.model;
  }
  get intent(): Intent {
    return this.current;
  }

  /** What is shown, as far as code is made of it. */
  get shown(): Wanted {
    return shownOf(this.current, this.asked);
  }

  /** Shows the panel with a changed intent. */
  show(change: Partial<Omit<Intent, "model">>): void {
    this.update(change);
    this.panel.reveal();
  }

  /** Changes what the panel shows, where it is; a hidden page takes it when it comes back. */
  update(change: Partial<Omit<Intent, "model">>): void {
    this.current = changedIntent(this.current, change);
    this.core.pictures.allowThoseOf(this.current);
    if (change.other !== undefined) this.other.allow(change.other);
    this.other.follow(this.current.other);
    this.core.store.keepIntent(this.current);
    this.post({ type: "intent", intent: this.current, heard: this.heard });
  }

  /** Has the page do something; a folder is one that a person chose. */
  send(errand: Errand): void {
    if (errand.kind === "count") this.core.pictures.allow(errand.folder);
    if (this.sessions.isOpen) this.post({ type: "errand", errand });
    else this.errand = errand;
  }

  /** A new page, which begins by asking for its state. */
  reload(): void {
    const { webview } = this.panel;
    webview.html = panelHtml(webview, this.core.extension.extensionUri, path.basename(this.model));
  }

  private post(event: HostEvent): void {
    this.sessions.post({ type: "event", event });
  }

  /** What calls are about: the checkpoint that is looked at, or the model. */
  private async scope(): Promise<string> {
    const { checkpoint } = this.current;
    if (checkpoint === null) return this.model;
    await this.training.adopt(checkpoint);
    return checkpoint;
  }

  private async otherScope(): Promise<string> {
    const { other } = this.current;
    return other === null ? this.scope() : this.other.open(other);
  }

  private seriesChanged(series: Series, written: Written): void {
    this.post({ type: "seriesChanged", series, ...written });
    const { follow, checkpoint } = this.current;
    const newest = series.at(-1)?.path ?? null;
    const leads = follow && newest === written.file && written.state === "whole";
    const lost = checkpoint === written.file && written.state === "gone";
    if (leads || lost) this.update({ checkpoint: newest === this.model ? null : newest });
  }

  /** A file is opened in another way from now on: what shows it asks again. */
  async changed(file: string): Promise<void> {
    const { model, checkpoint, other } = this.current;
    if ([model, checkpoint, other].includes(file)) await this.modelChanged(file);
  }

  private async modelChanged(file: string): Promise<void> {
    this.core.log.info(`${file} changed on disk.`);
    await this.core.compute.release(file);
    this.post({ type: "modelChanged" });
  }

  private serveOn(port: Port): () => void {
    return serve<PanelContract>(port, this.handlers());
  }

  private handlers(): Handlers<PanelContract> {
    const { compute, engines, store, pictures } = this.core;
    const calls = computeCalls(
      compute.remote,
      () => this.scope(),
      () => workspace.isTrusted,
      (paths) => pictures.check(paths),
      () => this.otherScope(),
      (question) => {
        this.asked = { ...this.asked, [question.kind]: question };
      },
    );
    return {
      ...calls,
      ...fileCalls(this.core, () => this.current),
      setPreprocessing: async ({ preprocessing }) => {
        const summary = await compute.remote.setPreprocessing({ model: this.model, preprocessing });
        this.training.preprocessingChanged();
        return summary;
      },
      saveSidecar: ({ inputs }) => {
        if (!workspace.isTrusted) throw notTrusted();
        const { model } = this;
        const stated = inputs === undefined ? {} : { inputs: statedBy(model, inputs, pictures) };
        return compute.remote.saveSidecar({ model, ...stated });
      },
      giveLabels: async ({ given }) => {
        if (!workspace.isTrusted) throw notTrusted();
        const { model } = this;
        const labels = await givenLabels(given);
        const kept = await compute.remote.keepLabels({ model, labels });
        await this.modelChanged(model);
        return kept;
      },
      reload: ({ byItself }) => {
        const now = Date.now();
        if (byItself && now - this.reloaded < RELOAD_PAUSE_MS) return false;
        this.reloaded = now;
        if (byItself) this.core.log.warn("A panel's page was not loaded whole: it begins anew.");
        this.reload();
        return true;
      },
      series: () => this.training.all(),
      epoch: async ({ checkpoint, previous, images }, { signal }) => {
        if (!workspace.isTrusted) throw notTrusted();
        pictures.check(listed(images));
        for (const one of [checkpoint, ...(previous === null ? [] : [previous])])
          await this.training.adopt(one);
        return compute.remote.epoch({ model: checkpoint, previous, images }, { signal });
      },
      accuracy: async ({ checkpoint, folder }, { signal }) => {
        if (!workspace.isTrusted) throw notTrusted();
        pictures.check([folder]);
        await this.training.adopt(checkpoint);
        return compute.remote.accuracy({ model: checkpoint, folder }, { signal });
      },
      animate: async ({ of }, { signal, progress }) => {
        if (!workspace.isTrusted) throw notTrusted();
        pictures.check([(fieldsOf(of) as { image?: unknown }).image]);
        const checkpoints = await this.training.all();
        for (const { path: file } of checkpoints) await this.training.adopt(file);
        const asked = checkpoints.map(({ path: file, step }) => ({ path: file, step }));
        const { checkpoint, other } = this.current;
        const keep = [this.model, checkpoint, other].filter((one) => one !== null);
        const request = { checkpoints: asked, of, keep };
        return compute.remote.animate(request, { signal, onProgress: progress });
      },
      saveReport: async () => {
        await commands.executeCommand("convlens.saveReport", { model: this.model });
      },
      showCode: async () => {
        await commands.executeCommand("convlens.showCode", { model: this.model });
      },
      ready: () => {
        if (workspace.isTrusted) engines.warm();
        const { errand } = this;
        this.errand = null;
        this.heard = 0;
        const { isTrusted: trusted } = workspace;
        return { intent: this.current, engine: engines.engine, trusted, errand };
      },
      setIntent: async ({ patch, turn }) => {
        const asked = asIntent({ ...this.current, ...fieldsOf(patch), model: this.model });
        if (!asked) return;
        this.heard = turn;
        const own = pictures.permitted({ ...asked, other: this.other.permitted(asked.other) });
        this.current = own;
        this.other.follow(own.other);
        store.keepIntent(own);
        await this.scope();
      },
      pickOther: async () => {
        const picked = await this.shared.pickModel(t("Compare with"));
        this.other.allow(picked);
        return picked;
      },
      pickStructure: async () => {
        if (!workspace.isTrusted) throw notTrusted();
        const model = await this.scope();
        const choices = await compute.remote.structureChoices({ model });
        const structure = await pickStructure(choices, path.dirname(model));
        if (structure === null) return;
        await compute.remote.chooseStructure({ model, structure });
        await this.modelChanged(model);
      },
      runCheckpoint: async () => {
        if (!workspace.isTrusted) throw notTrusted();
        await commands.executeCommand("convlens.runCheckpoint", { model: await this.scope() });
      },
      openSource: async ({ file, line }) => {
        const { layers } = await compute.remote.summary({ model: await this.scope() });
        const known = layers.find(({ source }) => source?.file === file && source.line === line);
        if (!known?.source) throw notUnderstood();
        await openSource(known.source);
      },
      goToCode: async ({ layer }) => {
        await commands.executeCommand("convlens.goToCode", {
          model: this.model,
          layer: textOf(layer),
        });
      },
      codeLines: () => this.shared.codeLines(this.model),
      openWalkthrough: async () => {
        await commands.executeCommand("convlens.openWalkthrough");
      },
      command: async ({ id }) => {
        if (OFFERED.has(id)) await commands.executeCommand(id);
        else void showError(`ConvLens has no command '${id}'.`);
      },
    };
  }

  private dispose(): void {
    this.sessions.dispose();
    for (const dispose of this.disposables) dispose();
  }
}
