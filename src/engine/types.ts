import type { ModelGraph, NodeId } from "../graph/index.ts";
import type { EngineInfo } from "../shared/engines.ts";
import type { TensorData } from "../base/tensor.ts";

/** A compiled part of a graph. Feeds and results are in the order given to `compile`. */
export interface Program {
  /**
   * All feeds with a free batch axis must agree on it. Where the file fixes its batch, other numbers of rows are run in as many
   * parts as it takes, with equal numbers. Throws a ConvLensError of kind `compute`.
   */
  run(feeds: readonly TensorData[]): Promise<TensorData[]>;
  /** What each row of the free batch axis takes while it runs, in bytes, by estimate (see `memory.ts`). */
  readonly rowBytes: number;
  /** How many rows one part takes where the file fixes its batch; null: as many as there are. */
  readonly batch: number | null;
  dispose(): void;
}

/** Compiles and runs graphs, on libtensorflow (native) or TensorFlow.js in WebAssembly (wasm). */
export interface Engine {
  readonly info: EngineInfo;
  /** What the values of one run may take, in bytes: whoever has many rows to run sizes batches by it. No limit until it is set. */
  runBytes: number;
  /**
   * Prunes `graph` to what `fetches` need below `feeds` (any node may be fed, any fetched) and prepares it.
   * Programs are cached per (graph, feeds, fetches). Throws a ConvLensError of kind `input` naming the opaque
   * layers in the way, if there are any.
   */
  compile(
    graph: ModelGraph,
    feeds: readonly NodeId[],
    fetches: readonly NodeId[],
  ): Promise<Program>;
  /** What it holds between runs: compiled programs, and tensors (the parameters of models). */
  readonly held: { readonly programs: number; readonly tensors: number };
  /** Frees the programs and parameters of `graph` and of the graphs derived from it (those that share its `weights`). */
  release(graph: ModelGraph): void;
  dispose(): void;
}

/**
 * Differentiation as a transformation of graphs: `graph` with backward nodes appended, weights frozen.
 * `grads[i]` is the id of d(sum(of * seed))/d(wrt[i]), a node of the shape of `wrt[i]`; `seed` is a node of the
 * shape of `of`, ones when it is left out. A `wrt` that `of` does not depend on gets null.
 */
export type Differentiate = (
  graph: ModelGraph,
  of: NodeId,
  wrt: readonly NodeId[],
  seed?: NodeId,
) => { readonly graph: ModelGraph; readonly grads: readonly (NodeId | null)[] };

/**
 * How the relevance of a weighted sum z = sum(x w) + b is shared out among what is summed:
 * `0` in the shares x w / z; `epsilon` the same, where z + sign(z) epsilon takes z's place, and what is missing stays behind (Bach et al.
 * 2015); `gamma` with w + gamma w+ for w (Montavon et al. 2019; for negative x and z as Andeol et al. 2021 have it); `z+` with what
 * raises z alone (Montavon et al. 2017).
 */
export type SumRule =
  | { readonly rule: "0" }
  | { readonly rule: "epsilon"; readonly epsilon: number }
  | { readonly rule: "gamma"; readonly gamma: number }
  | { readonly rule: "z+" };

/** Smallest and largest value that a pixel can have in the model's own input, per channel. */
export interface InputRange {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Which rule holds where: a composite. */
export interface RelevanceRules {
  readonly convolution: SumRule;
  readonly dense: SumRule;
  /** The z-box rule for convolutions of the input itself, whose values lie between these bounds (Montavon et al. 2017). */
  readonly box?: InputRange;
}

/**
 * Layer-wise relevance propagation as a transformation of graphs. `grads` of what it gives are the relevances of `wrt`, one of its
 * shape; that of `of` is `of` * `seed`.
 */
export type Relevance = (rules: RelevanceRules) => Differentiate;
