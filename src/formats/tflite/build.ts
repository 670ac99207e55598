/** Operators in the file's order -> the graph and its layers. */
import type { InputSize } from "../../base/preprocessing.ts";
import { inputError } from "../../base/errors.ts";
import type { Layer, ModelGraph, NodeId, TensorSpec } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import { concreteShape, freeSize } from "../input-size.ts";
import { Lowering, Network, opaqueAs, type Value } from "../lower/index.ts";
import { Impossible, Unsupported } from "../lower/unsupported.ts";
import { Call, type Lowered } from "./call.ts";
import { Constants } from "./constants.ts";
import { dtypeOf } from "./elements.ts";
import { layerOf } from "./layers.ts";
import { lowered } from "./lowered.ts";
import { isCall, LayerNames, withKerasNames } from "./names.ts";
import { quantizedInput } from "./scaling.ts";
import type { Port, TfliteModel, TfliteOperator, TfliteTensor } from "./types.ts";

/** The index of an input that is left out. */
const NONE = -1;

/** What stands for a tensor while the graph is built. */
interface Entry {
  /** Null for a constant that is not made of numbers. */
  readonly value: Value | null;
  /** The layer that made it; null for constants, and what follows from them. */
  readonly layer: string | null;
  /** The layer to blame for a shape that nobody knows. */
  readonly unknown: string | null;
}

/** A file's network while it is put together; `graph` is asked for once. */
export class Assembly {
  readonly network = new Network();
  private readonly constants: Constants;
  private readonly entries = new Map<number, Entry>();
  private readonly names = new LayerNames();
  private readonly layers: Layer[] = [];
  private readonly notes = new Set<string>();
  private readonly batch: number;

  /** `free`: any number of pictures at once, whatever the file says. */
  constructor(
    private readonly model: TfliteModel,
    private readonly source: ByteSource,
    private readonly free: boolean,
  ) {
    this.constants = new Constants(model.tensors, source);
    const [first] = model.inputs;
    const [batch = 1] = first ? this.constants.tensor(first.tensor).shape : [];
    this.batch = Math.max(1, batch);
  }

  /** How many operators are not executed. */
  get opaque(): number {
    return this.layers.filter(({ opaque }) => opaque !== null).length;
  }

  /**
   * Throws a ConvLensError of kind `input` when the file contradicts itself, and `Unsupported` when an output does not keep the
   * pictures of a batch apart.
   */
  graph(
    inputSize: InputSize | undefined,
  ): Pick<ModelGraph, "inputs" | "outputs" | "nodes" | "layers" | "notes"> {
    const inputs = this.model.inputs.map((port) => this.input(port, inputSize));
    for (const operator of this.model.operators) this.operator(operator);
    const outputs = this.model.outputs.map((port) => this.output(port));
    const { nodes } = this.network.builder;
    return { inputs, outputs, nodes, layers: withKerasNames(this.layers), notes: [...this.notes] };
  }

  private input({ name, tensor: index }: Port, inputSize: InputSize | undefined): TensorSpec {
    this.checkFree(index);
    const tensor = this.constants.tensor(index);
    const told = tensor.shape.map((axis) => (axis === -1 ? null : axis));
    const [, ...rest] = concreteShape(told, inputSize, name, this.notes);
    const free = this.free && rest.length > 0;
    const batch = tensor.shape.slice(0, 1).map((size) => (free ? null : Math.max(1, size)));
    const { fed, node } = this.network.input(name, [...batch, ...rest], dtypeOf(tensor));
    const layer = this.names.unique(name);
    const value = new Lowering(this.network, layer).tensor(node);
    this.entries.set(index, { value, layer, unknown: null });
    this.layers.push({
      ...{ name: layer, className: "Input", nodes: [fed], output: fed, preActivation: null },
      ...{ inputs: [], weights: [], opaque: null },
      ...(tensor.name !== layer && { aliases: [tensor.name] }),
    });
    const quantized = quantizedInput(tensor);
    return {
      ...this.spec(name, fed),
      ...(quantized && { quantized }),
      ...freeSize(told),
    };
  }

  private output({ name, tensor }: Port): TensorSpec {
    const { value } = this.entry(tensor, "the model's output");
    if (value?.kind === "tensor")
      return this.spec(name, new Lowering(this.network, name).node(value));
    throw inputError(
      `'${this.source.name}' has an output '${name}' that depends on no picture; convert the model again.`,
    );
  }

  private operator(operator: TfliteOperator): void {
    const { inputs, outputs, code } = operator;
    const entries = inputs.map((index) => (index === NONE ? null : this.entry(index, code.name)));
    const from = this.network.builder.nodes.length;
    const l = new Lowering(this.network, this.layerName(operator));
    const [first] = outputs;
    const output = first === undefined ? undefined : this.constants.tensor(first);
    const values = entries.map((entry) => entry?.value ?? null);
    const call = new Call(l, operator, output, values, this.free ? this.batch : null);
    const blamed = entries.find((entry) => entry?.unknown)?.unknown ?? undefined;
    const result = lowered(call, blamed);
    const opaque = result instanceof Unsupported ? result.message : null;
    const made = result instanceof Unsupported ? this.opaqueOf(call, entries, result) : result;
    const shown = made.outputs.some(({ kind }) => kind === "tensor");
    if (shown) {
      const own = this.network.builder.nodes.slice(from);
      const nodes = own.filter(({ op }) => op !== "weight" && op !== "constant");
      const facts = {
        ...{ call, lowered: made, opaque, nodes: nodes.map(({ id }) => id) },
        inputs: entries.flatMap((entry) => entry?.layer ?? []),
      };
      this.layers.push(layerOf(facts, this.model.tensors));
    } else this.names.release(l.name);
    outputs.forEach((index, i) => {
      this.checkFree(index);
      const value = made.outputs[i];
      if (!value) return;
      const told = opaque === null || isTold(this.constants.tensor(index));
      const layer = value.kind === "tensor" ? l.name : null;
      this.entries.set(index, { value, layer, unknown: told ? null : l.name });
    });
  }

  /** Throws `Impossible` for a tensor that is fed or computed, and is so already, or is a constant. */
  private checkFree(index: number): void {
    const { name, data } = this.constants.tensor(index);
    if (data || this.entries.has(index))
      throw new Impossible(`its tensor '${name}' (number ${index}) is computed or fed twice`);
  }
  private entry(index: number, user: string): Entry {
    const known = this.entries.get(index);
    if (known) return known;
    return { value: this.constants.parameter(index, user), layer: null, unknown: null };
  }
  private spec(name: string, node: NodeId): TensorSpec {
    const { shape, dtype } = this.network.builder.get(node);
    return { name, node, shape, dtype };
  }
  private layerName({ outputs: [first], code }: TfliteOperator): string {
    if (first === undefined) return this.names.unique(code.name);
    const { name } = this.constants.tensor(first);
    const port = this.model.outputs.find(({ tensor }) => tensor === first);
    return this.names.unique(port && isCall(name) ? port.name : name);
  }

  /** Nodes that are never executed; their shapes are the file's, where that tells them. */
  private opaqueOf(
    { l, operator }: Call,
    entries: readonly (Entry | null)[],
    why: Unsupported,
  ): Lowered {
    const taken = entries.flatMap((entry) =>
      entry?.value?.kind === "tensor" ? [entry.value.node] : [],
    );
    const { inputs, attrs } = opaqueAs(why, taken);
    const outputs = operator.outputs.map((index, i) => {
      const tensor = this.constants.tensor(index);
      const told = isTold(tensor) ? tensor.shape : [];
      const shape: Shape = this.free ? [null, ...told.slice(1)] : told;
      return l.tensor(this.network.builder.opaque(`${l.name}/${i}`, inputs, attrs, shape));
    });
    return { outputs };
  }
}

/** Whether the file tells the whole shape of what is computed. */
const isTold = ({ shape }: TfliteTensor): boolean => shape.length > 1 && !shape.includes(-1);
