import { basename } from "node:path";
import type { InputSize, Preprocessing } from "../../base/preprocessing.ts";
import { createEngine } from "../../engine/index.ts";
import type { Engine } from "../../engine/types.ts";
import { inputError } from "../../base/errors.ts";
import type { Held } from "../../shared/contract/compute.ts";
import type { EngineChoice, EngineInfo } from "../../shared/engines.ts";
import { OpenModel } from "./model.ts";
import { sizesToTake } from "./open-for.ts";
import { feedPicture, isArray, PictureStore } from "../run/feed.ts";
import { memoryShares } from "../run/memory-shares.ts";
import { Runner, type Fed } from "../run/runner.ts";
import { ValueCache } from "../run/value-cache.ts";

const isCancelled = (error: unknown): boolean =>
  (error as { kind?: unknown } | null)?.kind === "cancelled";

/** A question is asked so often of files that change while it is answered. */
const MOST_TIMES = 3;

interface Kept {
  /** The size that was chosen when it was opened. */
  readonly size: string;
  readonly model: Promise<OpenModel>;
  /** The same, once it is open. */
  open: OpenModel | null;
}

interface Options {
  /** Models that are open at once; those opened first are let go. */
  readonly most?: number;
  readonly engine?: EngineChoice;
  /** Called with a sentence where `auto` had to fall back. */
  readonly say?: (sentence: string) => void;
}

/** What a process that is asked again and again holds: open models, decoded pictures, values of forward passes and one engine. */
export class OpenModels {
  readonly pictures = new PictureStore();
  private shares = memoryShares();
  private readonly values = new ValueCache(this.shares.kept);
  private readonly models = new Map<string, Kept>();
  private readonly chosen = new Map<string, Preprocessing>();
  /** Sizes of arrays that models were asked about, where their files leave them open and nobody chose one. */
  private readonly sized = new Map<string, InputSize>();
  private readonly used = new Map<string, number>();
  /** Labels of the models that checkpoints belong to. */
  private readonly lent = new Map<string, readonly string[]>();
  private choice: EngineChoice;
  private running: Promise<Engine> | null = null;

  constructor(private readonly options: Options = {}) {
    this.choice = options.engine ?? "auto";
  }

  async configure(choice: EngineChoice, memoryBudgetBytes: number): Promise<void> {
    this.shares = memoryShares(memoryBudgetBytes);
    this.values.setBudget(this.shares.kept);
    if (choice === this.choice) return;
    this.choice = choice;
    await this.dropEngine();
  }

  /** The engine is made on first use; what it was asked for may be there only after `installNative`. */
  engine(): Promise<Engine> {
    this.running ??= createEngine(this.choice).then(({ engine, fallback }) => {
      if (fallback !== null) this.options.say?.(fallback);
      return engine;
    });
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

  /**
   * A model is opened on first use, and again when one of its files, its sidecar, or a file that the sidecar names has changed, or the
   * size that a person chose for it: an old one is never answered with.
   */
  async model(path: string): Promise<OpenModel> {
    this.used.set(path, performance.now());
    let known = this.models.get(path);
    while (known) {
      if (await this.holds(path, known)) return known.model;
      const other = this.models.get(path);
      if (other === known) break;
      known = other; // somebody has opened it again meanwhile
    }
    const size = this.sizeOf(path);
    const kept: Kept = { size, model: this.reopened(path, known), open: null };
    this.models.set(path, kept);
    try {
      kept.open = await kept.model;
      return kept.open;
    } catch (error) {
      if (this.models.get(path) === kept) this.models.delete(path);
      throw error;
    }
  }

  private async reopened(path: string, before: Kept | undefined): Promise<OpenModel> {
    await this.letGo(path, before);
    const [oldest] = this.models.keys();
    if (
      oldest !== undefined &&
      oldest !== path &&
      this.models.size > (this.options.most ?? Infinity)
    )
      await this.release(oldest);
    const inputSize = this.chosen.get(path)?.size ?? this.sized.get(path);
    const model = await OpenModel.open(path, { inputSize });
    this.apply(path, model);
    return model;
  }

  private sizeOf(path: string): string {
    return (this.chosen.get(path)?.size ?? this.sized.get(path))?.join("x") ?? "";
  }
  private async holds(path: string, { size, open }: Kept): Promise<boolean> {
    return size === this.sizeOf(path) && (open === null || (await open.changed()) === null);
  }

  /**
   * Answers a question about models by one generation of their files: it is asked again where one of them changed before it was
   * answered. Throws a ConvLensError of kind `input` that names the file where that does not end.
   */
  async asked<T>(paths: readonly string[], ask: () => Promise<T> | T): Promise<T> {
    for (let times = 1; ; times++) {
      const asked = await Promise.all(paths.map((path) => this.model(path)));
      const answer = await Promise.resolve()
        .then(ask)
        .then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
      const changed = await Promise.all(
        asked.map(async (model) => {
          // one that was let go is not opened for this; in place of another, the question may have met both
          const now = this.models.get(model.path);
          return (await model.changed()) ?? (now && now.open !== model ? model.path : null);
        }),
      );
      const file = changed.find((one) => one !== null);
      if (file === undefined || ("error" in answer && isCancelled(answer.error))) {
        if ("error" in answer) throw answer.error;
        return answer.value;
      }
      if (times === MOST_TIMES)
        throw inputError(
          `'${basename(file)}' was changed again and again while the question was answered; ask when it is whole.`,
        );
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
    const used = this.used.get(path);
    if (used !== undefined && performance.now() - used < ms) return false;
    await this.release(path);
    return true;
  }
  async release(path: string): Promise<void> {
    this.used.delete(path);
    this.sized.delete(path);
    const kept = this.models.get(path);
    this.models.delete(path);
    await this.letGo(path, kept);
  }
  async releaseAll(): Promise<void> {
    for (const path of [...this.models.keys()]) await this.release(path);
  }
  private async letGo(path: string, kept: Kept | undefined): Promise<void> {
    const model = await kept?.model.catch(() => null);
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

  /** The model, at the size of an array that is looked at, where its file leaves the size open and nobody chose one. */
  async modelFor(path: string, image: string): Promise<OpenModel> {
    const model = await this.model(path);
    if (!isArray(image) || this.chosen.get(path)?.size) return model;
    const [size] = await sizesToTake(model, image);
    if (!size) return model;
    const before = this.sized.get(path);
    this.sized.set(path, size);
    return this.model(path).catch((error: unknown) => {
      if (before) this.sized.set(path, before);
      else this.sized.delete(path);
      throw error;
    });
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
    await this.modelFor(path, image);
    const runner = await this.runner(path);
    return { runner, fed: await feedPicture(runner.model, this.pictures, image) };
  }
}
