/** What the compute process answers. One file, both sides: opening it shows the whole conversation. */
import type { EngineChoice, EngineInfo, EngineReport } from "../engines.ts";
import type * as code from "./code.ts";
import type * as compare from "./compare.ts";
import type { ExportChoices, ExportTools, ScriptText } from "./export.ts";
import type * as experiment from "./experiments.ts";
import type { Flow, FlowRequest, NetworkGraph } from "./graph.ts";
import type { Rect } from "./lenses.ts";
import type * as lens from "./lenses.ts";
import type { Stated } from "../sidecar.ts";
import type { LabelsGiven, LabelsKept, ModelSummary, StructureChoices } from "./model.ts";
import type * as training from "./training.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import type * as trust from "./trust.ts";
import type { AttackQuestion, MaximizeQuestion, ReportQuestion } from "../question.ts";
import type { ExportRequest } from "../export-request.ts";

/** Every call about a model names it by path; the process loads it on first use and keeps it within its budget. */
interface OfModel {
  readonly model: string;
}
/** A is `model`, B is `other`: the same, where two pictures are compared. */
interface OfTwo extends OfModel {
  readonly other: string;
}

/** What the process holds: after the last panel of a model has closed, what it held before the first. */
export interface Held {
  readonly models: number;
  /** Values of forward passes that are kept. */
  readonly values: number;
  readonly programs: number;
  readonly tensors: number;
  /** Timers, files and sockets that keep the process alive. */
  readonly handles: number;
  readonly residentBytes: number;
}

/**
 * What the host asks the compute process, one function a call. A panel's calls (`PanelContract`)
 * come through the host, which adds the models. A call that fails rejects with a RemoteError that
 * has the kind of the ConvLensError thrown, or `internal`.
 */
export interface ComputeContract {
  /** Applies to later calls. */
  configure(params: { engine: EngineChoice; memoryBudgetBytes: number }): void;
  engine(params: Record<string, never>): EngineInfo;
  doctor(params: Record<string, never>): EngineReport;
  held(params: Record<string, never>): Held;
  /**
   * Gets or repairs the native engine; progress carries plain words. Ask for consent before calling. Nothing is run from the folders
   * `opened`, paths of the workspace's.
   */
  installNative(params: { opened: readonly string[] }): EngineReport;

  summary(params: OfModel): ModelSummary;
  /** How the layers of the summary feed each other, and which belong together. */
  graph(params: OfModel): NetworkGraph;
  /** Forgets what is loaded of a model (the file changed, the last panel closed). */
  release(params: OfModel): void;
  /**
   * Sets how pictures become inputs of this model; null returns to what the file or the sidecar says. With `labels` it is a checkpoint, and
   * both are its model's: labels hold where it has none of its own and as many classes.
   */
  setPreprocessing(
    params: OfModel & {
      preprocessing: Preprocessing | null;
      labels?: readonly string[] | null;
    },
  ): ModelSummary;
  /** The usual ways to make the input of a picture, the surest first: a hint, no proof. */
  inputCandidates(params: OfModel & { image: string }): lens.InputCandidates;
  /**
   * Writes the sidecar: the model's current preprocessing or, where `inputs` is given, what inputs beside the picture are (null: nothing is
   * said any more), once they fit. Returns its path.
   */
  saveSidecar(params: OfModel & { inputs?: Readonly<Record<string, Stated | null>> }): string;
  /**
   * Writes names of classes into the sidecar, once there is one for each class: those of a labels file (its text and its name), or those
   * that many networks were trained for.
   */
  keepLabels(params: OfModel & { labels: LabelsGiven }): LabelsKept;
  /** The networks that may be chosen for a file of weights. */
  structureChoices(params: OfModel): StructureChoices;
  /** Takes a network (of a .pt2 or ONNX file, or by its name) for a file of weights, and remembers it in the sidecar. */
  chooseStructure(params: OfModel & { structure: string }): void;
  /** What of the scripts may make the network of a file of weights, and with what; none of it is run. */
  exportChoices(params: OfModel & { scripts: readonly ScriptText[] }): ExportChoices;
  /** The helper, and the interpreters of environments in `folders` and of this process' own environment; none is started. */
  exportTools(params: { folders: readonly string[] }): ExportTools;
  /** Has the person's own Python write the network of a file of weights. Ask for consent before calling; progress' `partial` is its output. */
  exportStructure(params: OfModel & { request: ExportRequest }): void;

  /** One checkpoint of a training: pinned pictures, dead filters over them, how weights moved. */
  epoch(params: OfModel & training.EpochRequest): training.EpochFacts;

  /** Code that reproduces what is shown. */
  reproduce(params: OfModel & { shown: code.Wanted }): code.ReproducedCode;
  /** How often a checkpoint is right over at most 256 pictures in the class folders of `folder`. */
  accuracy(params: OfModel & { folder: string }): training.Accuracy;
  /** An animated GIF over checkpoints. */
  animate(params: training.AnimateRequest): Uint8Array;
  /** An animated GIF of pictures that were made before. */
  gif(params: training.FramesRequest): Uint8Array;
  /** The page of `convlens report`; pictures are paths. */
  report(
    params: OfModel & {
      pictures: readonly string[];
      version: string;
      asked: ReportQuestion;
    },
  ): string;

  /** Progress' `partial` is a `ModelDiff` whose weights are not all read yet. */
  compare(params: OfTwo): compare.ModelDiff;
  compareFilters(params: OfTwo & compare.CompareFiltersRequest): compare.ComparedTiles;
  compareMaps(params: OfTwo & compare.CompareMapsRequest): compare.ComparedTiles;
  compareNumbers(params: OfTwo & compare.CompareNumbersRequest): compare.ComparedNumbers;
  compareCam(params: OfTwo & compare.CompareCamRequest): compare.ComparedCam;
  comparePredictions(
    params: OfTwo & compare.ComparePredictionsRequest,
  ): compare.ComparedPredictions;
  comparePictures(params: OfTwo & { image: string; otherImage: string }): compare.ComparedPictures;

  /** The layers that a Python script defines, and where it writes its models; nothing of it is run. */
  readScript(params: { code: string }): code.Script;
  /** Which layer each of its lines made; `file` is the script's name, as exporters record it. */
  linkScript(params: OfModel & { code: string; file: string }): code.CodeLinks;
  /** Of `models`, the one whose file recorded lines of this script (at the path `file`); null when none did. */
  recordedModel(params: { models: readonly string[]; code: string; file: string }): string | null;
  /** The kernels of a layer on one picture (PNG), small for hovers, or about `wide` pixels wide and numbered; null for a layer without. */
  kernelSheet(params: OfModel & { layer: string; wide?: number }): code.KernelSheet | null;

  /** What an assistant asks, who reads `roots` (files and folders) and what lies below; throws a sentence for it to read. */
  useTool(params: { name: string; args: unknown; roots: readonly string[] }): {
    text: string;
    png: Uint8Array | null;
  };

  image(params: { path: string }): lens.ImageInfo;
  /** The picture as the network sees it (resized, cropped), as displayable RGBA; `on`: what the input of this name gets beside it. */
  modelView(params: OfModel & { image: string; on?: string | null }): lens.Picture;

  filters(params: OfModel & lens.FiltersRequest): lens.FilterGrid;
  filterValues(params: OfModel & { layer: string; filter: number }): lens.FilterValues;
  /** All numbers of a layer: its kernel [h, w, in, out], or its maps of a picture [h, w, channels]. */
  layerNumbers(
    params: OfModel & { layer: string; image: string | null; preActivation: boolean },
  ): lens.LayerNumbers;
  predict(params: OfModel & lens.PredictRequest): lens.Prediction;
  activations(params: OfModel & lens.ActivationsRequest): lens.ActivationGrid;
  mapValues(
    params: OfModel &
      Pick<lens.ActivationsRequest, "layer" | "image" | "preActivation" | "slice"> & {
        channel: number;
      },
  ): lens.MapValues;
  /** Progress' `partial` is an `OverviewRow`. */
  overview(params: OfModel & lens.OverviewRequest): lens.Overview;
  flow(params: OfModel & FlowRequest): Flow;
  cellMaps(params: OfModel & lens.CellMapsRequest): lens.CellMaps;
  receptiveField(params: OfModel & { layer: string; y: number; x: number }): Rect;
  dotProduct(params: OfModel & lens.DotProductRequest): lens.DotProduct;
  /** Progress' `partial` is a `Cam` so far: of some channels, or not yet with all badges. */
  cam(params: OfModel & lens.CamRequest): lens.Cam;

  /** Progress' `partial` is `MaximizedPictures`. */
  maximize(params: OfModel & { question: MaximizeQuestion }): experiment.Maximized;
  /** Progress' `partial` is `AttackProgress`. */
  attack(params: OfModel & { question: AttackQuestion }): experiment.Attack;
  /** Progress' `partial` is an `Attribute` without its badge. */
  attribute(params: OfModel & experiment.AttributeRequest): experiment.Attribute;
  /** Progress' `partial` is the `SanityStage[]` so far. */
  sanity(params: OfModel & trust.SanityRequest): trust.Sanity;
  /** Progress' `partial` is a `Census` so far. */
  census(params: OfModel & experiment.CensusRequest): experiment.Census;
  /** Of the last census of this model; an error of kind `usage` when there was none. */
  filterProfile(params: OfModel & experiment.FilterProfileRequest): experiment.FilterProfile;
}
