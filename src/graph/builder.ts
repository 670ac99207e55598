import { inputError } from "../base/errors.ts";
import type { TensorData, Shape, DType } from "../base/tensor.ts";
import type { Made, Op, OpAttrs } from "./ops/attributes.ts";
import type { Definition, Typed } from "./ops/definition.ts";
import { definitions } from "./ops/index.ts";
import type { GraphNode, NodeId } from "./types.ts";

/** Attributes may be left out where an operation has none. */
export type AttrsOf<K extends Made> =
  OpAttrs[K] extends Readonly<Record<string, never>> ? [attrs?: OpAttrs[K]] : [attrs: OpAttrs[K]];

/**
 * Appends nodes in topological order and infers their shapes. Start empty (formats) or from a graph's nodes
 * (gradients, methods). Ids stay those of the graph; new ones are made unique from a hint.
 */
export class GraphBuilder {
  readonly nodes: GraphNode[];
  private readonly byId: Map<NodeId, GraphNode>;
  /** The next number to try for a hint. */
  private readonly counts = new Map<string, number>();

  constructor(nodes: readonly GraphNode[] = []) {
    this.nodes = [...nodes];
    this.byId = new Map(nodes.map((node) => [node.id, node]));
  }

  get(id: NodeId): GraphNode {
    const node = this.byId.get(id);
    if (!node) throw new RangeError(`the graph has no node '${id}'`);
    return node;
  }
  has(id: NodeId): boolean {
    return this.byId.has(id);
  }
  shape(id: NodeId): Shape {
    return this.get(id).shape;
  }

  /** Throws a ConvLensError of kind `input` when no tensor can have the shape: only a file can want that. */
  input(name: string, shape: Shape, dtype: DType = "float32"): NodeId {
    if (!isPossible(shape))
      throw inputError(
        `The model's input '${name}' is declared as [${shapeWords(shape)}], which cannot be; save the model again.`,
      );
    return this.append("input", name, [], { name }, { shape, dtype });
  }
  weight(ref: string, shape: Shape, dtype: DType = "float32"): NodeId {
    return this.append("weight", ref, [], { ref }, { shape, dtype });
  }
  constant(value: TensorData, hint = "constant"): NodeId {
    return this.append("constant", hint, [], {}, value, value);
  }
  scalar(value: number, hint = "scalar"): NodeId {
    return this.constant({ dtype: "float32", shape: [], data: Float32Array.of(value) }, hint);
  }
  opaque(
    hint: string,
    inputs: readonly NodeId[],
    why: string | OpAttrs["opaque"],
    shape: Shape,
  ): NodeId {
    const attrs = typeof why === "string" ? { reason: why } : why;
    return this.append("opaque", hint, inputs, attrs, { shape, dtype: "float32" });
  }

  /** Appends `op`; throws a RangeError with a plain reason when the inputs do not fit. */
  add<K extends Made>(op: K, hint: string, inputs: readonly NodeId[], ...rest: AttrsOf<K>): NodeId {
    const attrs = (rest[0] ?? {}) as OpAttrs[K];
    const { shape }: Definition<K> = definitions[op];
    const typed = shape(
      inputs.map((id) => this.get(id)),
      attrs,
    );
    return this.append(op, hint, inputs, attrs, typed);
  }

  private append<K extends Op>(
    op: K,
    hint: string,
    inputs: readonly NodeId[],
    attrs: OpAttrs[K],
    { shape, dtype }: Typed,
    value?: TensorData,
  ): NodeId {
    if (!isPossible(shape)) throw new RangeError(`a shape of [${shapeWords(shape)}] cannot be`);
    let id = hint;
    // counted on, so that a thousand nodes of one hint are not tried again for each
    let count = this.counts.get(hint) ?? 1;
    for (; this.byId.has(id); count++) id = `${hint}_${count}`;
    this.counts.set(hint, count);
    const node = {
      id,
      op,
      attrs,
      inputs,
      shape,
      dtype,
      ...(value && { value }),
    } as unknown as GraphNode;
    this.nodes.push(node);
    this.byId.set(id, node);
    return id;
  }
}

/** More elements than this no engine holds; a file that wants them lies. */
const MAX_ELEMENTS = 2 ** 31;

/** Whether a shape that a file led to could be one: whole numbers, and not too many elements. */
export const isPossible = (shape: Shape): boolean =>
  shape.every((axis) => axis === null || (Number.isSafeInteger(axis) && axis >= 0)) &&
  shape.reduce<number>((product, axis) => product * (axis ?? 1), 1) <= MAX_ELEMENTS;
const shapeWords = (shape: Shape): string => shape.map((axis) => axis ?? "N").join(", ");
