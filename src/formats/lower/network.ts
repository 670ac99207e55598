import {
  type AttrsOf,
  GraphBuilder,
  type KernelLayout,
  type NodeId,
  type NodeOf,
  type Op,
  type WeightStore,
  type WeightInfo,
} from "../../graph/index.ts";
import { sizeOf, type DType, type Shape, type TensorData } from "../../base/tensor.ts";
import { Unsupported } from "./unsupported.ts";
import { BATCH, timesAfter } from "./batch.ts";
import { arrangedParameter } from "./arrange.ts";
import { mixesRows } from "./rows.ts";
import type { Arrangement, Numbers, Parameter } from "./value.ts";

/** What a lowering may add to the graph: operations that compute, not those that carry a value. */
export type Computed = Exclude<Op, "input" | "constant" | "weight" | "opaque">;

/** A parameter as it is used by a layer; what `WeightInfo` needs. */
export interface Use {
  /** As the file has it. */
  readonly parameter: Parameter;
  readonly ref: string;
  readonly shape: readonly number[];
  readonly kernel: KernelLayout | null;
}
/** What a layer tells of a parameter that is used so: its address and shape, and the file's own where that differs. */
export const seenAs = ({
  parameter: { fileShape },
  ref,
  shape,
  kernel,
}: Use): Pick<WeightInfo, "ref" | "shape" | "kernel" | "fileShape"> => ({
  ...{ ref, shape, kernel },
  ...(shape.join() !== fileShape.join() && { fileShape }),
});

interface Kept extends Omit<Use, "kernel"> {
  kernel: KernelLayout | null;
  /** In another shape or order than the file's, where it is used so. */
  readonly seen: Parameter;
  node: NodeId | null;
}

/** What is shared by all layers of a file while it is lowered: the nodes, and the parameters by their `ref`. */
export class Network {
  readonly builder = new GraphBuilder();
  private readonly uses = new Map<string, Kept>();
  private readonly moved = new Map<string, NodeId>();

  private readonly fedAs = new Map<NodeId, NodeId>();
  private readonly kept = new WeakMap<Numbers, Parameter>();

  /** How many times the batch a node's free first axis counts, where that is not once. */
  private readonly multiples = new Map<NodeId, number>();
  /** Nodes whose rows are the steps of one picture after the other, where the file has all pictures' first steps first; and how many steps. */
  private readonly steps = new Map<NodeId, number>();

  /** Appends an operation; throws a RangeError when its inputs do not fit. */
  add<K extends Computed>(
    op: K,
    hint: string,
    inputs: readonly NodeId[],
    ...attrs: AttrsOf<K>
  ): NodeId {
    const node = this.builder.add(op, hint, inputs, ...attrs);
    const shape = this.builder.shape(node);
    const shapes = inputs.map((id) => this.builder.shape(id));
    if (mixesRows(this.builder.get(node) as NodeOf<Computed>, shapes))
      throw new Unsupported("it mixes the pictures of a batch");
    const from = inputs.filter((_, i) => shapes[i]?.[0] === null);
    if (shape[0] !== null || from.length === 0) return node;
    const rest = (id: NodeId): number => sizeOf(this.builder.shape(id).map((size) => size ?? 1));
    const times = from.map((id) => {
      const own = this.multiples.get(id) ?? 1;
      return op === "reshape" ? timesAfter(own, rest(id), rest(node)) : own;
    });
    const [multiple = 1] = times;
    if (new Set(times).size > 1)
      throw new Unsupported("it mixes tensors that hold the batch a different number of times");
    const steps = from.map((id) => this.steps.get(id) ?? 0);
    const [own = 0] = steps;
    if (new Set(steps).size > 1 || (own > 0 && multiple !== own))
      throw new Unsupported("it mixes the steps of a sequence with the pictures of a batch");
    if (own > 0) this.steps.set(node, own);
    if (multiple !== 1) this.multiples.set(node, multiple);
    return node;
  }
  /** How many steps the rows of a node are, where they are those of `stepsFirst`; 0 for all others. */
  stepsOf(node: NodeId): number {
    return this.steps.get(node) ?? 0;
  }
  /** [N, T, ...rest] seen as rows [N T, ...rest], which the file has as [T N, ...rest]: each row's own work is the same. */
  stepsFirst(node: NodeId, hint: string): NodeId {
    const [, count = null, ...rest] = this.builder.shape(node);
    const rows = this.add("reshape", `${hint}/rows`, [node], { shape: [null, ...rest] });
    if (count !== null && count > 1) this.steps.set(rows, count);
    return rows;
  }
  /** Those rows as [N, T, ...rest] again. */
  picturesFirst(node: NodeId, rest: Shape, hint: string): NodeId {
    const shape = [null, this.stepsOf(node), ...rest];
    return this.builder.add("reshape", `${hint}/steps`, [node], { shape });
  }
  /** The shape of a node; a free axis as its multiple of BATCH. */
  sizes(node: NodeId): number[] {
    const free = BATCH * (this.multiples.get(node) ?? 1);
    return this.builder.shape(node).map((size) => size ?? free);
  }

  /** An input with a free batch; null where there is none. */
  freeInput(): NodeId | null {
    return (
      this.builder.nodes.find(({ op, shape }) => op === "input" && shape[0] === null)?.id ?? null
    );
  }

  /** `parameter` arranged, under a `ref` of its own. */
  use(parameter: Parameter, arrangement?: Arrangement, kernel: KernelLayout | null = null): Use {
    const seen = arrangement ? arrangedParameter(parameter, arrangement) : parameter;
    const { ref, shape } = seen;
    const known = this.uses.get(ref);
    if (known) {
      known.kernel ??= kernel;
      return known;
    }
    const stored = seen.arranged?.stored ?? seen;
    const use = { parameter: stored, ref, shape, kernel, seen, node: null };
    this.uses.set(ref, use);
    return use;
  }
  /** The node of a parameter; one per `ref`. */
  weight({ ref, shape, parameter }: Use): NodeId {
    const use = this.uses.get(ref);
    if (!use) throw new RangeError(`no parameter '${ref}'`);
    use.node ??= this.builder.weight(ref, shape, parameter.dtype);
    return use.node;
  }

  /** A node with its axes moved; asked for twice, it is made once. Where only axes of length 1 move, a reshape does. */
  transposed(node: NodeId, perm: readonly number[], hint: string): NodeId {
    if (perm.every((axis, i) => axis === i)) return node;
    const key = `${perm.join()} ${node}`;
    const known = this.moved.get(key);
    if (known !== undefined) return known;
    const shape = this.builder.shape(node);
    if (shape[0] === null && perm[0] !== 0) throw new Unsupported("it moves the batch axis");
    const long = perm.filter((axis) => shape[axis] !== 1);
    const result = long.every((axis, i) => i === 0 || axis > (long[i - 1] ?? 0))
      ? this.add("reshape", `${hint}/reshape`, [node], {
          shape: perm.map((axis) => shape[axis] ?? null),
        })
      : this.add("transpose", `${hint}/transpose`, [node], { perm });
    this.moved.set(key, result);
    return result;
  }

  /**
   * An input of the network. Pictures of whole numbers are fed as floats, which hold them exactly: what computes with whole
   * numbers gets them converted, what converts them to floats first (nearly every network) gets what is fed.
   */
  input(name: string, shape: Shape, dtype: DType): { readonly fed: NodeId; readonly node: NodeId } {
    if (dtype === "float32" || shape.length !== 4) {
      const fed = this.builder.input(name, shape, dtype);
      return { fed, node: fed };
    }
    const fed = this.builder.input(name, shape);
    const node = this.builder.add("cast", `${name}/whole`, [fed], { dtype });
    this.fedAs.set(node, fed);
    return { fed, node };
  }
  /** Whether a picture of whole numbers is among the inputs. */
  get wholePictures(): boolean {
    return this.fedAs.size > 0;
  }
  /** The float that an input of whole numbers is fed as; null for every other node. */
  floatOf(node: NodeId): NodeId | null {
    return this.fedAs.get(node) ?? null;
  }

  /** `numbers` are a small tensor that the file stores: a parameter, where a layer computes with them as they are. */
  keep(numbers: Numbers, parameter: Parameter): Numbers {
    this.kept.set(numbers, parameter);
    return numbers;
  }
  keptAs(numbers: Numbers): Parameter | null {
    return this.kept.get(numbers) ?? null;
  }

  /** Reads parameters by `ref`; `close` releases the file. */
  store(close: () => void): WeightStore {
    const { uses } = this;
    return {
      read: (ref) =>
        Promise.resolve().then((): TensorData => {
          const use = uses.get(ref);
          if (!use) throw new RangeError(`no parameter '${ref}'`);
          const value = use.seen.read();
          if (sizeOf(use.shape) !== value.data.length)
            throw new RangeError(`parameter '${ref}' has not the size it declares`);
          return value;
        }),
      close,
    };
  }
}
