/** Messages of a page that was taken over, against the extension host's side of an inspector. */
import "../../support/vscode-module.ts";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { WebviewPanel } from "vscode";
import { createCompute } from "../../../src/compute/compute.ts";
import type { Child } from "../../../src/host/compute/supervisor.ts";
import type { Core } from "../../../src/host/core.ts";
import { serve, type Handlers } from "../../../src/rpc/index.ts";
import type { ComputeContract } from "../../../src/shared/contract/compute.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import { Random } from "../random.ts";
import { portPair } from "./port-pair.ts";
import { PANEL_MESSAGES } from "./panel-messages.ts";
import { traceFiles, type Touch } from "./traced-files.ts";
import { anything, twisted } from "./values.ts";
import { isIn, makeWorld, type World } from "./world.ts";

const { ComputeClient } = await import("../../../src/host/compute/client.ts");
const { EngineMonitor } = await import("../../../src/host/engine/monitor.ts");
const { ChosenPictures } = await import("../../../src/host/panels/chosen-pictures.ts");
const { asIntent, firstIntent } = await import("../../../src/host/panels/intent.ts");
const { InspectorPanels } = await import("../../../src/host/panels/panels.ts");
const { WorkspaceStore } = await import("../../../src/host/store.ts");
const { answers, asked } = await import("../../support/vscode.ts");

const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
const PATIENCE_MS = 15_000;

/** Works without trust; written down once more, apart from the host's own table. */
const STATIC: ReadonlySet<string> = new Set([
  ...["configure", "engine", "doctor", "summary", "graph", "release", "setPreprocessing", "image"],
  ...["modelView", "filters", "filterValues", "receptiveField", "gif", "compare"],
  ...["compareFilters", "comparePictures"],
]);

/** Every picture, model and checkpoint that parameters name, wherever it may stand. */
function named(params: unknown): { pictures: unknown[]; models: unknown[] } {
  const fields = Object(params) as Record<string, unknown>;
  const inside = ["question", "of"].map((key) => Object(fields[key]) as Record<string, unknown>);
  const all = [fields, ...inside];
  const each = (key: string): unknown[] => all.map((one) => one[key]);
  const many = (key: string): unknown[] =>
    each(key).flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [list]));
  const checkpoints = many("checkpoints").map((one) => (Object(one) as { path?: unknown }).path);
  return {
    pictures: [
      ...each("image"),
      ...each("otherImage"),
      ...["images", "paths", "pictures"].flatMap(many),
      fields["path"],
      fields["folder"],
    ],
    models: [fields["model"], fields["other"], fields["previous"], ...checkpoints],
  };
}

/** The host's side of one panel, and what it must never do. */
export class PageUnderAttack {
  private readonly wrong: string[] = [];
  private readonly waiting = new Map<number, () => void>();
  private readonly send: (message: unknown) => void;
  private readonly panels: InstanceType<typeof InspectorPanels>;
  private lastId = 0;

  constructor(private readonly world: World) {
    answers.folders = [world.workspace];
    const spawn = (): Child => {
      const { here, there } = portPair();
      serve(there, this.compute());
      return { ...here, kill: () => undefined };
    };
    const settings = { engine: "auto", memoryBudgetBytes: 1, idleMs: 0 } as const;
    const compute = new ComputeClient(spawn, () => settings);
    const memory = new Map<string, unknown>();
    const store = new WorkspaceStore({
      get: (key: string) => memory.get(key) as never,
      update: (key, value) => Promise.resolve(void memory.set(key, value)),
    });
    const uri = (fsPath: string): unknown => ({ scheme: "file", path: fsPath, fsPath });
    const quiet = (): void => undefined;
    const core = {
      extension: {
        ...{ extensionUri: uri(REPOSITORY), storageUri: uri(world.storage) },
        ...{ globalStorageUri: uri(world.storage), extension: { packageJSON: { version: "0" } } },
      },
      log: { info: quiet, warn: quiet, error: quiet, show: quiet },
      compute,
      engines: new EngineMonitor(compute),
      store,
      pictures: new ChosenPictures([world.array]),
    } as unknown as Core;
    core.pictures.allow(world.folder);
    this.panels = new InspectorPanels(
      core,
      () => Promise.resolve(null),
      () => Promise.resolve([]),
    );
    let listener: (message: unknown) => void = quiet;
    const listening = { dispose: quiet };
    const panel = {
      webview: {
        asWebviewUri: (one: unknown) => one,
        cspSource: "",
        onDidReceiveMessage: (given: typeof listener) => ((listener = given), listening),
        postMessage: (message: { id?: number; type?: string }) => {
          if (message.type === "result" || message.type === "error")
            this.waiting.get(Number(message.id))?.();
          return Promise.resolve(true);
        },
      },
      ...{ onDidChangeViewState: () => listening, onDidDispose: () => listening },
      ...{ visible: true, active: true, reveal: quiet },
    };
    this.panels.adopt(panel as unknown as WebviewPanel, {
      ...firstIntent(world.model),
      ...{ images: [world.picture], image: world.picture, other: world.other },
    });
    this.send = (message) => listener(structuredClone(message));
  }

  /** What was wrong since it was asked last. */
  complaints(): string[] {
    return this.wrong.splice(0);
  }

  /** A message of every call, all at once, and some that are none; resolves when each was answered. */
  async round(index: number, seed = 1): Promise<void> {
    const random = new Random(seed, "page", index);
    answers.trusted = random.chance(0.75);
    answers.save = random.chance(0.5) ? path.join(this.world.storage, "saved.png") : null;
    await this.call("ready", {});
    const names = Object.keys(PANEL_MESSAGES) as (keyof PanelContract)[];
    // a page that is ready again is a new one, and nothing of the one before is answered
    const others = names.filter((name) => name !== "ready");
    const calls = others.map((name) => {
      const params = PANEL_MESSAGES[name](random, this.world);
      const way = random.next();
      if (way < 0.2) return this.call(name, params);
      return this.call(
        name,
        way < 0.7 ? twisted(params, random, this.world) : anything(random, this.world),
      );
    });
    for (let i = 0; i < 4; i++)
      this.send({
        type: random.pick(["request", "cancel", "result", "error", "progress", 1]),
        id: random.pick([-1, NaN, 0.5, this.lastId, "1", null, 2 ** 53]),
        method: anything(random, this.world),
        params: anything(random, this.world),
      });
    await Promise.all(calls);
    const kept = asIntent(twisted(firstIntent(this.world.model), random, this.world));
    this.judgeIntent(this.panels.restored(kept));
    for (const { intent } of this.panels.all()) this.judgeIntent(intent);
    this.judgeAsked();
  }

  private call(method: string, params: unknown): Promise<void> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      const late = setTimeout(() => {
        this.wrong.push(`${method} was not answered`);
        resolve();
      }, PATIENCE_MS);
      this.waiting.set(id, () => {
        clearTimeout(late);
        this.waiting.delete(id);
        resolve();
      });
      this.send({ type: "request", id, method, params });
    });
  }

  /** A compute process that reads nothing and checks what it is asked. */
  private compute(): Handlers<ComputeContract> {
    const layers = [
      ...this.world.foreign.map((file, i) => ({ source: { file, line: 1 + (i % 3) } })),
      { source: { file: "train.py", line: 2 } },
    ];
    const handler =
      (method: string) =>
      (params: unknown): unknown => {
        this.judgeCall(method, params);
        return method === "summary" ? { layers, preprocessing: null, labels: null } : {};
      };
    const names = Object.keys(createCompute());
    return Object.fromEntries(
      names.map((name) => [name, handler(name)]),
    ) as unknown as Handlers<ComputeContract>;
  }

  private judgeCall(method: string, params: unknown): void {
    const { pictures, models } = named(params);
    for (const picture of pictures)
      if (picture !== undefined && picture !== null && !this.isChosen(picture))
        this.wrong.push(`${method} was asked for ${inspect(picture)}`);
    for (const model of models)
      if (model !== undefined && model !== null && !this.isOwn(model))
        this.wrong.push(`${method} was asked of ${inspect(model)}`);
    if (!answers.trusted && !STATIC.has(method)) this.wrong.push(`${method} without trust`);
  }

  private judgeIntent(intent: Partial<ReturnType<typeof firstIntent>> | null): void {
    for (const picture of [...(intent?.images ?? []), intent?.image, intent?.otherImage])
      if (picture && !this.isChosen(picture)) this.wrong.push(`an intent keeps ${picture}`);
    for (const model of [intent?.model, intent?.other, intent?.checkpoint])
      if (model && !this.isOwn(model)) this.wrong.push(`an intent is on ${model}`);
  }

  private judgeAsked(): void {
    for (const [id, ...args] of asked.commands.splice(0)) {
      const own = args.every((arg) => named(arg).models.every((one) => !one || this.isOwn(one)));
      if (!String(id).startsWith("convlens.") || !own)
        this.wrong.push(`the command ${String(id)} ${JSON.stringify(args)}`);
    }
    for (const file of asked.documents.splice(0))
      if (!isIn(file, this.world.workspace) || file.includes("away") || file.includes("link"))
        this.wrong.push(`${file} was opened`);
    for (const { folder } of asked.watched.splice(0))
      if (folder !== this.world.workspace) this.wrong.push(`${folder} is watched`);
    for (const file of asked.written.splice(0))
      if (file !== answers.save) this.wrong.push(`${file} was written`);
  }

  private readonly isChosen = (file: unknown): boolean =>
    typeof file === "string" &&
    (this.world.chosen.includes(file) || isIn(path.resolve(file), this.world.storage));

  private readonly isOwn = (file: unknown): boolean =>
    [this.world.model, this.world.other, this.world.checkpoint].includes(file as string);
}

/** What the host may touch: the workspace and its own storage; the code itself is loaded as it is needed. */
export function judgeTouch(
  { root, workspace, storage }: World,
  { call, path: file, writes }: Touch,
): string | null {
  const isOurs = isIn(file, path.resolve(REPOSITORY)) || file.includes("/node_modules/");
  const isCode = isOurs && !isIn(file, root);
  if (!writes && (isCode || isIn(file, workspace) || isIn(file, storage))) return null;
  if (writes && isIn(file, storage)) return null;
  // where a place really is, is found from above
  if (call === "realpath" && isIn(root, file)) return null;
  return `${call} of ${file}`;
}

/** Makes the world below `work`; from then on each round tells what was wrong. */
export function attackPage(work: string, seed = 1): (index: number) => Promise<string[]> {
  const world = makeWorld(work);
  const page = new PageUnderAttack(world);
  const touched: string[] = [];
  traceFiles((touch) => {
    const wrong = judgeTouch(world, touch);
    if (wrong !== null) touched.push(wrong);
  });
  const unhandled: string[] = [];
  process.on("unhandledRejection", (reason) => unhandled.push(`unhandled: ${String(reason)}`));
  return async (index) => {
    await page.round(index, seed);
    return [...page.complaints(), ...touched.splice(0), ...unhandled.splice(0)];
  };
}
