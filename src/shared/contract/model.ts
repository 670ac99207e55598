import type { ReceptiveField, SourceLine, StructureUse } from "../../graph/types.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import type { Stated } from "../sidecar.ts";
import type { OutputSummary } from "./outputs.ts";
import type { Shape } from "../../base/tensor.ts";

/** What a lens can do with a layer, by its main operation. */
export type LayerOp =
  | "input"
  | "conv"
  | "depthwise-conv"
  | "transposed-conv"
  | "dense"
  | "norm"
  | "activation"
  | "pool"
  | "merge"
  | "reshape"
  | "preprocess"
  | "opaque"
  | "other";

/** One parameter array of a layer, by the name and type it has in the file. */
export interface WeightSummary {
  readonly name: string;
  /** In the file's own order of axes. */
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** What is known of a layer without running anything; part of the answer to `summary`. */
export interface LayerSummary {
  readonly name: string;
  /** The file's own class: `Conv2D`. */
  readonly className: string;
  readonly op: LayerOp;
  /** In the file's own order of axes; null where it is not known. */
  readonly outputShape: Shape | null;
  /** The same with channels last, as feature maps are delivered. */
  readonly mapShape: Shape | null;
  /** Over a volume: how many slices its maps have, one below another. */
  readonly slices?: number;
  readonly params: number;
  /** Multiply-adds for one picture. */
  readonly macs: number;
  /** null: its output does not depend on the picture, or is not in the graph. */
  readonly receptiveField: ReceptiveField | null;
  readonly inputs: readonly string[];
  readonly weights: readonly WeightSummary[];
  /** The Filters lens can draw it. */
  readonly hasKernel: boolean;
  /** Names of the picture inputs that its cells are positions of: its maps lie over these. Empty behind opaque layers. */
  readonly pictures: readonly string[];
  /** The Activations and Grad-CAM lenses can draw it: there are pictures that its maps lie over. */
  readonly spatial: boolean;
  /** Its output comes out of an activation function. */
  readonly activated: boolean;
  /** One that lets next to nothing through below 0 (ReLU, SiLU, ...): maps that are nowhere above 0 are dead. */
  readonly rectified: boolean;
  /** Why it is not executed; null when understood. */
  readonly opaque: string | null;
  /** Names of opaque layers it depends on: what cannot be computed, and why. */
  readonly blockedBy: readonly string[];
  /** Other names it can be asked for by. */
  readonly aliases: readonly string[];
  /** The line of training code that made it, where the file tells. */
  readonly source: SourceLine | null;
  /** What an exporter made of it: batch norm folded into the kernel, a fused activation. */
  readonly note: string | null;
}

/** An input that is fed beside the picture that is looked at. */
export interface Beside {
  readonly name: string;
  /** In the file's own order of axes. */
  readonly shape: Shape;
  /** Numbers of one row. */
  readonly cells: number;
  /** Whether it is a picture as well: the other view, depth. */
  readonly picture: boolean;
  /** What the sidecar says that it is; null: nothing yet. */
  readonly stated: Stated | null;
}

/** Everything about a model that needs no engine. */
export interface ModelSummary {
  readonly path: string;
  readonly name: string;
  readonly format: string;
  /** The library that wrote the file, with its version; null where the file does not tell. */
  readonly producer: string | null;
  readonly bytes: number;
  /** Shapes in the file's own order of axes. */
  readonly inputs: readonly { readonly name: string; readonly shape: Shape }[];
  readonly outputs: readonly OutputSummary[];
  /** Names of the inputs that are pictures; what a person looks at is fed to the first. */
  readonly pictures: readonly string[];
  /** The inputs beside that picture; empty where there is none. */
  readonly besides: readonly Beside[];
  readonly layers: readonly LayerSummary[];
  readonly totals: { readonly params: number; readonly trainable: number; readonly macs: number };
  readonly notes: readonly string[];
  /** Names of the layers that hold code, which the file's own library runs where it loads it; nothing here does. */
  readonly pythonCode: readonly string[];
  /** Why nothing can be run (weights only, ...); null when it can. */
  readonly notRunnable: string | null;
  /** Where the network of a file of weights comes from; null where the file has it, or it has none. */
  readonly structure: StructureUse | null;
  readonly preprocessing: Preprocessing;
  /** Number of classes at each place of the first output (null: its numbers are none), and their labels where known (same length). */
  readonly classes: number | null;
  readonly labels: readonly string[] | null;
  /** A wrong labels file or sidecar is said, and does not stop anything. */
  readonly warnings: readonly string[];
  /** What Grad-CAM takes on its own of the first output as a whole: of one of a detector's boxes it is what that box comes from. */
  readonly camLayer: AutoLayer | null;
  /** The same for attention rollout: the last layer of attention over a picture; null: there is none. */
  readonly attentionLayer: AutoLayer | null;
  /** Layer for a first look at filters: the first convolution. */
  readonly firstKernel: string | null;
}

/** A layer that a method takes by itself, others whose maps are merged with its own (a detector's scales), and why. */
export interface AutoLayer {
  readonly name: string;
  readonly merged: readonly string[];
  readonly why: string;
}

/** Networks for a file of weights, by name. */
export interface StructureChoices {
  /** Those that the weights fit where no weight tells which one it is, the one that is taken first. */
  readonly fitting: readonly string[];
  /** All others that ConvLens knows. */
  readonly known: readonly string[];
}

/** Names of classes that a person gives: a labels file (what is in it, or where it is), or ImageNet's 1,000 classes in their usual order. */
export type LabelsGiven =
  { readonly text: string; readonly name: string } | { readonly file: string } | "imagenet";

/** Where they stand from now on, and how many there are. */
export interface LabelsKept {
  readonly sidecar: string;
  readonly count: number;
}
