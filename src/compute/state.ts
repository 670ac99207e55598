import { createEngine } from "../engine/index.ts";
import type { Engine } from "../engine/types.ts";
import { modelStamp } from "../formats/index.ts";
import {
  feedPicture,
  memoryShares,
  OpenModel,
  PictureStore,
  Runner,
  ValueCache,
  type Fed,
} from "../session/index.ts";
import type { Held } from "../shared/contract/compute.ts";
import type { EngineChoice, EngineInfo } from "../shared/engines.ts";
import type { Preprocessing } from "../base/preprocessing.ts";

interface Kept {
  readonly stamp: string;
  readonly model: Promise<OpenModel>;
}

/** What the process holds: open models, decoded pictures, values of forward passes and one engine. */
export class State {
  readonly pictures = new PictureStore();
  private shares = memoryShares();
  private readonly values = new ValueCache(this.shares.kept);
  private readonly models = new Map<string, Kept>();
  private readonly chosen = new Map<string, Preprocessing>();
  private readonly used = new Map<string, number>();
  /** Labels of the models that checkpoints belong to. */
  private readonly lent = new Map<string, readonly string[]>();
  private choice: EngineChoice = "auto";
  private running: Promise<Engine> | null = null;

  async configure(choice: EngineChoice, memoryBudgetBytes: number): Promise<void> {
    this.shares = memoryShares(memoryBudgetBytes);
    this.values.setBudget(this.shares.kept);
    if (choice === this.choice) return;
    this.choice = choice;
    await this.dropEngine();
  }

  /** The engine is made on first use; what it was asked for may be there only after `installNative`. */
  engine(): Promise<Engine> {
    this.running ??= createEngine(this.choice).then(({ engine }) => engine);
    this.running.catch(() => (this.running = null));
    return this.running;
  }
  async engineInfo(): Promise<EngineInfo> {
    return (await this.engine()).info;
  }
  async dropEngine(): Promise<void> {
    const engine = await this.running?.catch(() => null);
    this.running = null;
    engine?.dispose();
  }

  /** A model is opened on first use, and again when one of its files has changed, or the size that a person chose for it. */
  async model(path: string): Promise<OpenModel> {
    this.used.set(path, performance.now());
    const inputSize = this.chosen.get(path)?.size;
    const stamp = `${modelStamp(path)} ${inputSize?.join("x") ?? ""}`;
    const known = this.models.get(path);
    if (known?.stamp === stamp) return known.model;
    await this.release(path);
    const model = OpenModel.open(path, { inputSize });
    this.models.set(path, { stamp, model });
    try {
      const open = await model;
      this.apply(path, open);
      return open;
    } catch (error) {
      this.models.delete(path);
      throw error;
    }
  }
  async setPreprocessing(
    path: string,
    preprocessing: Preprocessing | null,
    labels?: readonly string[] | null,
  ): Promise<OpenModel> {
    // a checkpoint's is its model's, wherever that has it from
    const own = labels === undefined && preprocessing;
    const before = this.chosen.get(path);
    if (preprocessing) this.chosen.set(path, own ? { ...own, source: "user" } : preprocessing);
    else this.chosen.delete(path);
    if (labels) this.lent.set(path, labels);
    try {
      const model = await this.model(path);
      this.apply(path, model);
      return model;
    } catch (error) {
      // a size that the network cannot take
      if (before) this.chosen.set(path, before);
      else this.chosen.delete(path);
      throw error;
    }
  }
  private apply(path: string, model: OpenModel): void {
    model.setPreprocessing(this.chosen.get(path) ?? null);
    const labels = this.lent.get(path);
    if (labels && model.labels === null && labels.length === model.summary.classes)
      model.setLabels(labels, "Its model");
  }
  /** Releases a model that nobody has asked about for `ms`; false when somebody did. */
  async releaseIdle(path: string, ms: number): Promise<boolean> {
    if (performance.now() - (this.used.get(path) ?? 0) < ms) return false;
    await this.release(path);
    return true;
  }
  async release(path: string): Promise<void> {
    this.used.delete(path);
    const model = await this.models.get(path)?.model.catch(() => null);
    this.models.delete(path);
    this.values.deleteAll(`${path}\n`);
    if (!model) return;
    (await this.running?.catch(() => null))?.release(model.graph);
    model.close();
  }

  /** What is held now; nothing is started to find out. */
  async held(): Promise<Held> {
    const engine = await this.running?.catch(() => null);
    return {
      models: this.models.size,
      values: this.values.size,
      ...(engine?.held ?? { programs: 0, tensors: 0 }),
      handles: process.getActiveResourcesInfo().length,
      residentBytes: process.memoryUsage.rss(),
    };
  }

  /** A model on the engine. */
  async runner(path: string): Promise<Runner> {
    const model = await this.model(path);
    const engine = await this.engine();
    engine.runBytes = this.shares.run;
    return new Runner(model, engine, this.values);
  }
  /** A model on the engine, with a picture ready to be fed. */
  async run(path: string, image: string): Promise<{ runner: Runner; fed: Fed }> {
    const model = await this.model(path);
    const fed = await feedPicture(model, this.pictures, image);
    return { runner: await this.runner(path), fed };
  }
}
