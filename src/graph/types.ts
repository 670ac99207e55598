import type { PixelScaling, Resizing } from "../base/preprocessing.ts";
import type { DType, Shape, TensorData } from "../base/tensor.ts";
import type { Op, OpAttrs, Pair } from "./ops/attributes.ts";

/** Unique among the nodes of its graph. */
export type NodeId = string;

/** One operation. `shape` is known when the graph is built; only its batch axis may be `null`. */
export type GraphNode = { [K in Op]: NodeOf<K> }[Op];
/** A node whose operation is one of `K`; `inputs` are in the order that the operation defines. */
export interface NodeOf<K extends Op> {
  readonly id: NodeId;
  readonly op: K;
  readonly attrs: OpAttrs[K];
  readonly inputs: readonly NodeId[];
  readonly shape: Shape;
  readonly dtype: DType;
  /** Only on a `constant`. */
  readonly value?: TensorData;
}

/** An input or an output of the model, by the name that the file has for it. */
export interface TensorSpec {
  readonly name: string;
  readonly node: NodeId;
  readonly shape: Shape;
  readonly dtype: DType;
  /** The shape as the file has it, where its axes are in another order (NCHW). */
  readonly fileShape?: Shape;
  /** On a series, a volume, or a picture without channels, as the file has it: the axes of `fileShape` that are positions. */
  readonly along?: readonly number[];
  /** On a volume, which stands as a picture: how many slices it has, one below another. */
  readonly slices?: number;
  /** The file leaves sizes of an input open behind its batch; `shape` has those that were asked for, or assumed. */
  readonly freeSize?: true;
  /** On an input for which the file takes whole numbers q from `least` to `most`: the graph takes (q - zero) * scale. */
  readonly quantized?: InputQuantization;
}
/** Affine quantization: the integer q, from `least` to `most`, stands for (q - zero) * scale. */
export interface InputQuantization {
  readonly least: number;
  readonly most: number;
  readonly scale: number;
  readonly zero: number;
}

/**
 * How the axes of a kernel are laid out, as `WeightStore.read` gives it: rows, columns, inputs and outputs of a convolution;
 * rows, columns, channels and multiplier of a depthwise one; outputs before inputs in a transposed one.
 */
export type KernelLayout = "hwio" | "hwcm" | "hwoi";

/** A parameter as stored in the file. */
export interface WeightInfo {
  /** Its short name in the layer: `kernel`, `bias`, `gamma`, ... */
  readonly name: string;
  /** Its address in the `WeightStore`; unique in the model. */
  readonly ref: string;
  readonly shape: readonly number[];
  /** The shape as the file has it, where that differs (OIHW kernels). */
  readonly fileShape?: readonly number[];
  /** As stored: `float32`, `float16`, `int8`, ... */
  readonly storedDType: string;
  readonly trainable: boolean;
  /** A counter of training steps: it is in the file, and is no parameter. */
  readonly counter?: true;
  /** On a convolution's kernel of rank 4; null: it is none. Formats that leave it out are read by Keras' names and classes. */
  readonly kernel?: KernelLayout | null;
}

/** The user's view: one layer as the file names it, with the nodes it became. */
export interface Layer {
  /** Unique; nested models: `outer/inner`. */
  readonly name: string;
  /** The file's own class: `Conv2D`, `BatchNormalization`, ... */
  readonly className: string;
  /** In execution order; empty for a layer that could not be placed in the graph (a weights-only file). */
  readonly nodes: readonly NodeId[];
  /** The node whose value is the layer's output; null where there is none. */
  readonly output: NodeId | null;
  /** Output before the layer's own activation, where it has one. */
  readonly preActivation: NodeId | null;
  /** Names of the layers that feed it. */
  readonly inputs: readonly string[];
  readonly weights: readonly WeightInfo[];
  /** Why the layer is not executed (custom class, Lambda, ...); null when it is understood. */
  readonly opaque: string | null;
  /** The output's shape as the file has it, where its axes are in another order (NCHW). */
  readonly fileShape?: Shape;
  /** Its output as maps, where its cells are positions of pictures in another order: tokens, windows. */
  readonly maps?: readonly LayerMaps[];
  /** Other names that it can be asked for by: an ONNX node's outputs, a torch module's path. */
  readonly aliases?: readonly string[];
  /** The line of training code that made it, where the file tells. */
  readonly source?: SourceLine;
  /** What an exporter made of it, in words: batch norm folded into the kernel, a fused activation. */
  readonly note?: string;
}

/** In which place of a grid over a picture each cell of a tensor is at home (`homes.ts`). */
export interface Homes {
  /** Rows and columns of the grid. */
  readonly grid: Pair;
  /** The tensor's shape for one picture; axes along which homes do not change have length 1. */
  readonly shape: readonly number[];
  /** row * columns + column for each cell of `shape`, row-major; -1: it is at home nowhere. */
  readonly cells: Int32Array;
}

/** A layer's output laid out over a picture, where it is not so by itself (`laid-out.ts`). */
export interface LayerMaps {
  /** The picture: an input, by its name. */
  readonly input: string;
  /** The node [N, H, W, C], worked out of the layer's output. */
  readonly maps: NodeId;
  /** Where the cells of the layer's output are at home. */
  readonly homes: Homes;
  /** Over a volume: how many slices the maps have, one below another. */
  readonly slices?: number;
  /** On a matrix of attention: `maps` show what is attended to, one map for each head, and `homes` are those of the keys. */
  readonly attention?: Attention;
}

/** A matrix of attention over a picture's tokens: the softmax of each head, before it weighs the values. */
export interface Attention {
  readonly matrix: NodeId;
  readonly queries: Homes;
  readonly keys: Homes;
  /** The rows that are looked at, both included: the class token's, or those that the answer is made of; null: all. */
  readonly rows: Pair | null;
}

/** A line of code, counted from 1; the file's name as the exporter recorded it, so often not on this machine. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/**
 * Reads parameters one at a time, straight from the file. Values arrive as float32 (or int32 for integers), in the layout of the
 * graph's operations: a `ref` names a parameter together with what is done to it (an OIHW kernel read as HWIO).
 */
export interface WeightStore {
  read(ref: string): Promise<TensorData>;
  /** Releases the file. */
  close(): void;
}

/** Where the network of a file of weights comes from, which such a file does not hold. */
export interface StructureUse {
  /** In words: `resnet50.pt2, beside it`. */
  readonly source: string;
  /**
   * exact: a program with these very numbers says it. high: what pictures give agrees with what the file's batch normalizations saw in
   * training. low: every tensor has its place, and nothing more is known.
   */
  readonly confidence: "exact" | "high" | "low";
  /** What weights cannot tell, and was taken from there, in words; empty where nothing was. */
  readonly assumed: readonly string[];
  /**
   * All networks that these weights fit, this one first, by the names that the sidecar takes (`timm/resnet50`, a file of the folder); empty
   * where there is no other.
   */
  readonly candidates: readonly string[];
}

/** What every format reads into; no tensor library in sight. */
export interface ModelGraph {
  /** The name of the file that it was read from, for messages. */
  readonly file?: string;
  /** E.g. `Keras 3 .keras`. */
  readonly format: string;
  readonly producer: string | null;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  readonly layers: readonly Layer[];
  readonly weights: WeightStore;
  /** What was not understood or was assumed, in words. */
  readonly notes: readonly string[];
  /** Names of the layers that hold code, which the file's own library runs where it loads it; nothing here does. */
  readonly pythonCode?: readonly string[];
  /** Names of the classes, where the file has them. */
  readonly labels?: readonly string[];
  /** What the network is for, in the exporter's word (`detect`), where the file tells. */
  readonly task?: string;
  /** Widths and heights of a detector's anchors in pixels, fine grids first, where the file tells. */
  readonly anchors?: readonly number[];
  /** How pictures become the input, where the file tells; `why` says where. `guessed`: it says so of another file of the same network. */
  readonly scaling?: PixelScaling &
    Partial<Resizing> & { readonly why: string; readonly guessed?: boolean };
  /** Where the network comes from, where the file has only its weights. */
  readonly structure?: StructureUse;
  /** Why nothing of it can be run, with the cure, where the format knows better than "there is no network in it". */
  readonly notRunnable?: string;
}

/** The part of a picture that one cell of a map can see: it starts at `start + index * stride` and spans `size`, in input pixels. */
export interface ReceptiveField {
  readonly size: Pair;
  readonly stride: Pair;
  readonly start: Pair;
}
