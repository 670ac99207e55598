import type { EngineName } from "../../shared/engines.ts";
import type { Made, NodeId, NodeOf } from "../../graph/index.ts";
import type { Backward, Replacement } from "./compose.ts";
import type { Operand } from "../native/operand.ts";
import type { TensorFlowWriter } from "../native/writer.ts";
import type { Kernels, Tensor } from "../wasm/kernels.ts";

/**
 * What an operation passes back to one of its inputs: a node (made only when it is wanted), `zero` where the derivative
 * vanishes almost everywhere, or `none` where there is no rule (a parameter is frozen; a second derivative is not known).
 */
export type Contribution = (() => NodeId) | "zero" | "none";
/** One contribution per input, given the ids of the inputs. */
export type GradientRule<K extends Made> = (
  g: Backward<K>,
  ...inputs: NodeId[]
) => readonly Contribution[];

/** Writes the operation in simpler ones where `engine` lacks it (or has it wrong); null: it has a kernel for this node. */
export type Lowering<K extends Made> = (
  c: Replacement,
  node: NodeOf<K>,
  engine: EngineName,
) => NodeId | null;

/** Writes TensorFlow nodes and returns the name of the one that holds the result. */
export type TensorFlowRule<K extends Made> = (
  w: TensorFlowWriter,
  node: NodeOf<K>,
  ...inputs: Operand[]
) => string;

/** Computes on tensors in the WebAssembly heap. Intermediates made through `k` are freed by the caller. */
export type WasmRule<K extends Made> = (k: Kernels, node: NodeOf<K>, ...inputs: Tensor[]) => Tensor;

/** All that the engines know of one operation; what it means is in `graph/ops`. */
export interface OpRules<K extends Made> {
  readonly gradient: GradientRule<K>;
  readonly lower?: Lowering<K>;
  /** `lowered`: never reached, because `lower` always replaces the operation. */
  readonly tensorflow: TensorFlowRule<K> | "lowered";
  readonly wasm: WasmRule<K> | "lowered";
}
/** Rules of every operation: forgetting one is a compile error where the families are put together. */
export type Operations = { readonly [P in Made]: OpRules<P> };
/** Some of them that have to do with one another. */
export type Family = Partial<Operations>;
