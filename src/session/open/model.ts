import { readModel, type ReadOptions } from "../../formats/index.ts";
import { classCount } from "../../methods/outputs/index.ts";
import type { Scores } from "../../methods/types.ts";
import type { AutoLayer, ModelSummary } from "../../shared/contract/model.ts";
import { inputError, nearest } from "../../base/errors.ts";
import { ofOneGeneration, Generation } from "../../files/generation.ts";
import {
  isPicture,
  type Layer,
  type ModelGraph,
  type Pair,
  pictureInputs,
  type StructureUse,
  type TensorSpec,
  withMaps,
  withSeries,
  withVolumes,
} from "../../graph/index.ts";
import { sidecarPath } from "../../shared/sidecar.ts";
import { isInputSize, type Preprocessing } from "../../base/preprocessing.ts";
import type { FloatTensor } from "../../base/tensor.ts";
import { statedInput } from "../run/arrays.ts";
import { structureFinder } from "../structures/find.ts";
import { Automatic, type MapOf } from "./automatic.ts";
import { besidesOf } from "./besides.ts";
import { checkLabels, sidecarLabels } from "./labels.ts";
import { ownScaling } from "./own-scaling.ts";
import { Outputs } from "./outputs.ts";
import { decidePreprocessing } from "./preprocessing.ts";
import { namedFiles, parseSidecar, sidecarOf } from "./sidecar.ts";
import { summarise, type StaticSummary } from "./summary.ts";

/** What a person says beyond the file. */
export interface OpenOptions extends Pick<ReadOptions, "inputSize"> {
  readonly structure?: string | null | undefined;
}

/** What is known of a model once its files were read. */
interface Opened {
  readonly graph: ModelGraph;
  readonly summary: StaticSummary;
  readonly preprocessing: Preprocessing;
  readonly warnings: readonly string[];
  /** What the sidecar says that inputs are, by their names. */
  readonly inputs: ReadonlyMap<string, unknown>;
  /** Of the model's files, its sidecar, and what that names. */
  readonly generation: Generation;
  readonly sidecar: string | null;
  readonly named: readonly string[];
}

let openings = 0;

/** A model file that is open, with what the sidecar says about it. No engine is involved. */
export class OpenModel {
  readonly graph: ModelGraph;
  private read: Outputs;
  private chosen: Preprocessing | null = null;
  private checked: StructureUse | null = null;
  private ownLabels: readonly string[] | null = null;
  private automatic: Automatic;

  private constructor(
    readonly path: string,
    private readonly opened: Opened,
  ) {
    const { graph } = opened;
    this.graph = graph;
    this.read = new Outputs(graph, null);
    const none = { logits: "", probabilities: null, activation: null, classes: 0, binary: false };
    this.none = { graph, ...none };
    this.automatic = new Automatic(graph, opened.summary.layers, this.read, this.none);
  }

  /** Of this opening of the file: what is remembered of another is not of this one. */
  readonly key = `opened ${++openings}`;

  /**
   * `inputSize` (rows, columns) is for a model whose size is free, before the sidecar's; `structure` is a file with the network of a file of
   * weights, before all others; `none`: its weights are shown alone. What somebody writes meanwhile is read again. Throws a ConvLensError
   * of kind `input` when the file is no model, or does not come to rest, or the structure is not its own; a bad sidecar is only a warning.
   */
  static open(file: string, options: OpenOptions = {}): Promise<OpenModel> {
    return ofOneGeneration(
      (generation) => OpenModel.read(file, options, generation),
      (model) => {
        model.close();
      },
    );
  }

  /** The same for a file that its caller has written, and nobody else writes to. */
  static openOwn(file: string): Promise<OpenModel> {
    return OpenModel.read(file, {}, new Generation());
  }

  private static async read(
    file: string,
    { inputSize: given, structure: asked = null }: OpenOptions,
    generation: Generation,
  ): Promise<OpenModel> {
    const warnings: string[] = [];
    const orWarn = async <T>(read: () => Promise<T> | T, fallback: T): Promise<T> => {
      try {
        return await read();
      } catch (error) {
        warnings.push((error as Error).message);
        return fallback;
      }
    };
    generation.add(sidecarPath(file));
    const beside = await sidecarOf(file);
    if (beside !== null) generation.add(beside);
    const sidecar = await orWarn(() => (beside === null ? null : parseSidecar(beside)), null);
    const named = namedFiles(file, sidecar);
    for (const one of named) generation.add(one);
    const inputSize = given ?? (await orWarn(() => sizeFrom(sidecar?.inputSize), null));
    const stated = typeof sidecar?.structure === "string" ? sidecar.structure : null;
    const used = (files: Generation): void => {
      generation.include(files);
    };
    const structures =
      asked === "none" ? undefined : structureFinder({ file, asked, sidecar: stated, used });
    const read = await readModel(file, { generation, structures, ...(inputSize && { inputSize }) });
    const volumes = withVolumes(read);
    const graph = volumes === read ? withMaps(withSeries(read)) : volumes;
    const summary = summarise(file, graph);
    const own = await ownScaling(graph).catch(() => null);
    const preprocessing = await orWarn(
      () => decidePreprocessing(graph, sidecar, own),
      decidePreprocessing(graph, null, own),
    );
    const inputs = new Map(Object.entries(Object(sidecar?.inputs ?? {}) as object));
    const model = new OpenModel(file, {
      ...{ graph, summary, preprocessing, warnings, inputs },
      ...{ generation, sidecar: beside, named },
    });
    await orWarn(async () => {
      const list = await sidecarLabels(file, sidecar);
      if (list) model.setLabels(list, "The sidecar");
      else if (graph.labels) model.setLabels(graph.labels, "The model file");
    }, undefined);
    return model;
  }

  /** A file that is no longer as it was when the model was opened, its sidecar and what that names among them; null: all are. */
  async changed(): Promise<string | null> {
    const { generation, sidecar } = this.opened;
    const beside = await sidecarOf(this.path);
    return generation.changed() ?? (beside === sidecar ? null : (beside ?? sidecar));
  }
  /** Equal for two openings of the same network, by another process too; what its sidecar says is no part of that. */
  get filesKey(): string {
    const { sidecar, named, generation } = this.opened;
    const said = [...(sidecar === null ? [] : [sidecar]), ...named];
    return generation.key([sidecarPath(this.path), ...said]);
  }

  get summary(): ModelSummary {
    return {
      ...this.opened.summary,
      outputs: this.read.summaries,
      besides: besidesOf(this.graph, this.opened.inputs),
      classes: this.classes,
      camLayer: this.camLayerOf({}),
      attentionLayer: this.camLayerOf({ method: "attention-rollout" }),
      structure: this.structure,
      preprocessing: this.preprocessing,
      labels: this.labels,
      warnings: this.opened.warnings,
    };
  }
  /** Where the network of a file of weights comes from; null where the file has it. */
  get structure(): StructureUse | null {
    return this.checked ?? this.graph.structure ?? null;
  }
  /** What pictures told of the structure. */
  setStructure(checked: StructureUse): void {
    this.checked = checked;
  }
  get preprocessing(): Preprocessing {
    const size = freeSizeOf(this.graph);
    return { ...(this.chosen ?? this.opened.preprocessing), ...(size && { size }) };
  }
  /** null returns to what the file or the sidecar says. */
  setPreprocessing(preprocessing: Preprocessing | null): void {
    this.chosen = preprocessing;
  }
  get labels(): readonly string[] | null {
    return this.ownLabels;
  }
  /** Throws a ConvLensError of kind `input` when their number is not the number of classes. */
  setLabels(labels: readonly string[], source: string): void {
    const read = new Outputs(this.graph, labels.length);
    this.ownLabels = checkLabels(labels, classesOf(read), source);
    this.read = read;
    this.automatic = new Automatic(this.graph, this.opened.summary.layers, read, this.none);
  }

  get outputs(): Outputs {
    return this.read;
  }
  /** How many classes the first output has; null: none. */
  private get classes(): number | null {
    return classesOf(this.read);
  }

  /** Class scores of the picture as a whole. Throws a ConvLensError where the first output has none. */
  get scores(): Scores {
    return this.outputs.classes(this.outputs.find(null));
  }

  /** For what looks at layers: where the model has no class scores, there are none, and no class can be asked for. */
  get scoresOrNone(): Scores {
    const [first] = this.read.all;
    return (first && this.read.classesOrNull(first)) ?? this.none;
  }
  private readonly none: Scores;

  /** The layers that a method explains something at by itself, and why; null: there is none. */
  camLayerOf(of: MapOf): AutoLayer | null {
    return this.automatic.of(of);
  }

  /** What the sidecar says that an input is, with a batch axis of 1; null where it says nothing. */
  statedInput(spec: TensorSpec): Promise<FloatTensor | null> {
    return statedInput(this.path, this.opened.inputs.get(spec.name), spec, this.preprocessing);
  }

  /** By its name or an alias. Throws a ConvLensError of kind `input` that lists the nearest names. */
  layer(name: string): Layer {
    const { layers } = this.graph;
    const layer =
      layers.find((candidate) => candidate.name === name) ??
      layers.find(({ aliases }) => aliases?.includes(name));
    if (layer) return layer;
    const names = nearest(
      name,
      layers.map((candidate) => candidate.name),
    );
    throw inputError(
      `${this.opened.summary.name} has no layer '${name}'; the nearest names are ${names.map((n) => `'${n}'`).join(", ")}.`,
    );
  }

  close(): void {
    this.graph.weights.close();
  }
}

function classesOf({ all: [first] }: Outputs): number | null {
  return first ? classCount(first) : null;
}

/** Rows and columns of the pictures, where the file leaves them open; series and volumes take the size of their array. */
function freeSizeOf(graph: ModelGraph): Pair | null {
  const free = pictureInputs(graph).find((spec) => spec.freeSize && isPicture(spec));
  const [, rows, columns] = free?.shape ?? [];
  return rows && columns ? [rows, columns] : null;
}

function sizeFrom(entry: unknown): Pair | null {
  if (entry === undefined) return null;
  if (Array.isArray(entry) && isInputSize(entry)) return entry;
  throw inputError(
    "The sidecar's inputSize must be two whole numbers up to 8192: rows and columns.",
  );
}
