import type {
  BoxChoice,
  BoxCorners,
  GraphNode,
  ModelGraph,
  NodeId,
  Pair,
  TensorSpec,
} from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { Choice, OutputKind, TokenGrid } from "../../shared/contract/outputs.ts";

/** What is known of an output before it is told what it is. */
export interface Facts {
  readonly graph: ModelGraph;
  readonly spec: TensorSpec;
  readonly byId: ReadonlyMap<NodeId, GraphNode>;
  /** Axes of the node with more than one cell, the batch's left out, in its order. */
  readonly axes: readonly Axis[];
  /** What its values come from. */
  readonly end: End;
  /** Rows and columns of the network's picture; null: it takes none. */
  readonly picture: Pair | null;
  /** The file names the largest of its numbers, see `asRead`: these are class scores, whatever they come from. */
  readonly ranked: boolean;
  /** How many class names are known; null: none. */
  readonly labels: number | null;
}

/** One axis of an output's node. */
export interface Axis {
  readonly index: number;
  readonly size: number;
  /** How cells of it are at home along the picture: `grid` is row-major over rows and columns; `channels` lie at one place. */
  readonly along: "rows" | "columns" | "grid" | "channels";
  /** Of a `grid`. */
  readonly grid: Pair | null;
}

/** What makes the numbers, looked at from the output back through what only rearranges them. */
export interface End {
  readonly activation: "softmax" | "sigmoid" | "relu" | "tanh" | null;
  /** Multiplied, or moved, by constants behind the activation. */
  readonly scaled: boolean;
  /** Rows and columns were enlarged. */
  readonly enlarged: boolean;
  readonly maker: Maker;
  /** What makes them is pointwise, right behind a depthwise layer. */
  readonly separable: boolean;
}
/** A layer that is not run, a layer with weights, a division by the vector's length, a normalisation, a mean over positions, several things joined, others. */
export type Maker =
  "not run" | "dense" | "pointwise" | "conv" | "length" | "norm" | "pooled" | "joined" | "other";

/**
 * How the axes of an output's node are read: as [N, places, numbers]. A channel axis that holds several places side by side is split
 * first.
 */
export interface Layout {
  /** Axes that count places, in order. */
  readonly places: readonly number[];
  /** The axis with the numbers of a place; null: one number. */
  readonly numbers: number | null;
  /** How many places the axis of numbers holds (anchors of a cell). */
  readonly split: number;
}

/** Which of a place's numbers are what, in a detector's boxes. */
export interface Boxes {
  /** The output that has coordinates, by its index, and their first column; null: they are not told apart. */
  readonly coordinates: {
    readonly output: number;
    readonly from: number;
    readonly form: BoxForm;
  } | null;
  readonly objectness: number | null;
  /** The column of the class that stands for no object, where that is known. */
  readonly none?: number;
  /** The output that has class scores, by its index. */
  readonly scores: number;
  /** Column with a class' number, where a row names its class and has one score; or the output that has those numbers. */
  readonly named: number | null;
  readonly ids: number | null;
  readonly suppression: Suppression;
  /** What was taken for granted about the numbers, or why boxes are not decoded, in a sentence; null: what the form says. */
  readonly read: string | null;
  /** Coordinates are pixels; otherwise shares of the picture where all of them are small. */
  readonly pixels: boolean;
  /** Rows and columns of the places, where a box has to be the highest of its neighbours. */
  readonly peaks: Pair | null;
  /** What the file's own suppression is told, where it has one. */
  readonly chosen?: BoxChoice;
}
/**
 * Which boxes of the same object are left: the surest of those that overlap, the peaks of a map, or all (each object is found
 * once: DETR, or the file itself has suppressed the others).
 */
export type Suppression = "overlap" | "peaks" | "none";
/** Centre and size; two corners, x first or y first; what a decoder outside the file turns into boxes. */
export type BoxForm = BoxCorners | "not decoded";

/** An output as it is read. */
export interface Output {
  readonly spec: TensorSpec;
  readonly kind: OutputKind;
  readonly why: string;
  readonly guessed: boolean;
  readonly layout: Layout;
  readonly places: number;
  readonly grid: Pair | null;
  readonly numbers: number;
  /** Which of the numbers are class scores, [from, to); null: none. */
  readonly classes: readonly [from: number, to: number] | null;
  readonly choice: Choice | null;
  readonly boxes: Boxes | null;
  /** Where tokens lie on the picture; null: places are none, or in no plain order. */
  readonly tokens?: TokenGrid | null;
  /** The shape in the file, where something else is read in its place. */
  readonly ownShape?: Shape;
}

/** What an output is in a detector of several. */
export interface Part {
  readonly why: string;
  readonly guessed: boolean;
  readonly layout: Layout;
  readonly places: number;
  readonly numbers: number;
  readonly classes: readonly [from: number, to: number] | null;
  readonly boxes: Boxes;
}
