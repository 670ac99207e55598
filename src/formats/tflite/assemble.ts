/** Operators in the file's order -> the graph and its layers. */
import { inputError } from "../../base/errors.ts";
import {
  GraphBuilder,
  type GraphNode,
  type Layer,
  type NodeId,
  type Pair,
  type TensorSpec,
} from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import { freeSize } from "../input-size.ts";
import { tryFold, tryLower } from "./lowering.ts";
import { aliasesOf, foldsBatchNorm, LayerNames, withKerasNames } from "./names.ts";
import {
  FixedBatch,
  OpScope,
  Unsupported,
  type Lowered,
  type Output,
  type Value,
} from "./scope.ts";
import type { TfliteModel, TfliteOperator } from "./types.ts";
import { Values } from "./values.ts";

export interface Assembled {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly nodes: readonly GraphNode[];
  readonly layers: readonly Layer[];
  readonly notes: readonly string[];
  /** Operators that could not be lowered only because the batch is free. */
  readonly needFixedBatch: number;
}

const DEFAULT_SIZE = 224;

/** `free`: any number of pictures at once, whatever the file says. */
export function assemble(
  model: TfliteModel,
  source: ByteSource,
  free: boolean,
  inputSize: Pair | undefined,
): Assembled {
  const assembly = new Assembly(model, source, free);
  model.inputs.forEach(({ name, tensor }) => {
    assembly.input(name, tensor, inputSize);
  });
  for (const operator of model.operators) assembly.operator(operator);
  return assembly.result();
}

class Assembly {
  private readonly builder = new GraphBuilder();
  private readonly values: Values;
  private readonly inputs: TensorSpec[] = [];
  private readonly layers: Layer[] = [];
  private readonly names = new LayerNames();
  /** Which layer made a tensor. */
  private readonly makers = new Map<number, string>();
  private readonly weightNodes = new Map<string, NodeId>();
  private readonly lengths = new Map<NodeId, number>();
  private readonly notes = new Set<string>();
  private readonly batch: number;
  private needFixedBatch = 0;

  constructor(
    private readonly model: TfliteModel,
    private readonly source: ByteSource,
    private readonly free: boolean,
  ) {
    this.values = new Values(model.tensors, source);
    const first = model.tensors[model.inputs[0]?.tensor ?? -1];
    this.batch = Math.max(1, first?.shape[0] ?? 1);
  }

  input(name: string, index: number, inputSize: Pair | undefined): void {
    const { shape, type } = this.values.tensor(index);
    const [batch = null, ...rest] = shape;
    const free = this.free && rest.length > 0;
    const given = [inputSize?.[0] ?? DEFAULT_SIZE, inputSize?.[1] ?? DEFAULT_SIZE];
    const filled = rest.map((axis, i) => (axis === -1 ? (given[i] ?? 3) : axis));
    if (rest.includes(-1))
      this.notes.add(
        `The file leaves the size of its input '${name}' free; ${filled.join(" x ")} is used (${inputSize ? "as given" : "the usual size"}).`,
      );
    const whole = type === "bool" ? "bool" : "float32";
    const leading = batch === null ? [] : [free ? null : Math.max(1, batch)];
    const node = this.builder.input(name, [...leading, ...filled], whole);
    this.inputs.push({
      ...this.spec(name, node),
      ...freeSize(shape.map((axis) => (axis === -1 ? null : axis))),
    });
    this.values.set(index, { kind: "node", node });
    const layer = this.names.unique(name);
    this.makers.set(index, layer);
    const own = this.values.tensor(index).name;
    this.layers.push({
      ...{ name: layer, className: "Input", nodes: [node], output: node, preActivation: null },
      ...{ inputs: [], weights: [], opaque: null },
      ...(own !== layer && { aliases: [own] }),
    });
  }

  operator(operator: TfliteOperator): void {
    const { outputs, code } = operator;
    const first = this.model.tensors[outputs[0] ?? -1];
    const values = operator.inputs.map((index) =>
      index < 0 ? null : this.values.get(index, code.name),
    );
    const stored = values.map((value) => (value?.kind === "stored" ? value.tensor : null));
    // constants that are only stored smaller (float16) stay where they are
    if (code.name === "DEQUANTIZE" && stored[0] && outputs[0] !== undefined) {
      this.values.set(outputs[0], { kind: "stored", tensor: stored[0] });
      return;
    }
    const from = this.builder.nodes.length;
    const name = this.layerName(operator);
    const scope = new OpScope(
      ...([name, operator, first, values, this.batch, this.builder] as const),
      (tensor) => this.values.host(tensor),
      this.weightNodes,
      this.lengths,
    );
    const folded = tryFold(scope);
    if (folded && outputs[0] !== undefined) {
      this.values.set(outputs[0], { kind: "host", host: folded });
      this.names.release(name);
      return;
    }
    const lowered = tryLower(scope, values);
    if (lowered instanceof FixedBatch) this.needFixedBatch++;
    const opaque = lowered instanceof Unsupported ? lowered.message : null;
    const result =
      lowered instanceof Unsupported ? this.opaque(scope, values, lowered.message) : lowered;
    this.layers.push(this.layer(scope, from, result, opaque));
    operator.outputs.forEach((index, i) => {
      const output = result.outputs[i];
      if (output === undefined) return;
      this.makers.set(index, name);
      this.values.set(index, this.valueFrom(output, index, name, opaque !== null));
    });
  }

  result(): Assembled {
    const outputs = this.model.outputs.map(({ name, tensor }) => {
      const value = this.values.get(tensor, "the model's output");
      if (value.kind === "node" || value.kind === "unknown") return this.spec(name, value.node);
      throw inputError(
        `'${this.source.name}' has an output '${name}' that depends on no picture; convert the model again.`,
      );
    });
    const { nodes } = this.builder;
    const { inputs, needFixedBatch } = this;
    const layers = withKerasNames(this.layers);
    return { inputs, outputs, nodes, layers, notes: [...this.notes], needFixedBatch };
  }

  private spec(name: string, node: NodeId): TensorSpec {
    const { shape, dtype } = this.builder.get(node);
    return { name, node, shape, dtype };
  }
  private layerName({ outputs, code }: TfliteOperator): string {
    const tensorName = this.model.tensors[outputs[0] ?? -1]?.name ?? code.name;
    const port = this.model.outputs.find(({ tensor }) => tensor === outputs[0]);
    return this.names.unique(port && isCall(tensorName) ? port.name : tensorName);
  }

  /** One node that is never executed; its shape is the file's, where that tells one. */
  private opaque(scope: OpScope, values: readonly (Value | null)[], reason: string): Lowered {
    const inputs = values.flatMap((value) =>
      value?.kind === "node" || value?.kind === "unknown" ? [value.node] : [],
    );
    const outputs = scope.operator.outputs.map((index, i) => {
      const { shape } = this.values.tensor(index);
      const told = shape.length > 1 && !shape.includes(-1) ? shape : [];
      const known: Shape = this.free ? [null, ...told.slice(1)] : told;
      return this.builder.opaque(`${scope.hint}/${i}`, inputs, reason, known);
    });
    return { outputs };
  }

  private layer(
    { operator, output, hint, weights }: OpScope,
    from: number,
    { outputs, preActivation, notes = [] }: Lowered,
    opaque: string | null,
  ): Layer {
    const nodes = this.builder.nodes
      .slice(from)
      .filter(({ op }) => op !== "weight" && op !== "constant")
      .map(({ id }) => id);
    const className = operator.code.name;
    const folded = /CONV/.test(className) && foldsBatchNorm(output?.name ?? "");
    const said = [...(folded ? ["batch norm is folded into the kernel"] : []), ...notes];
    const feeders = operator.inputs.flatMap((index) => this.makers.get(index) ?? []);
    const aliases = aliasesOf(operator, this.model.tensors, hint);
    const [main] = outputs;
    return {
      ...{ name: hint, className, nodes, weights, opaque },
      output: typeof main === "string" ? main : null,
      preActivation: preActivation ?? null,
      inputs: [...new Set(feeders)],
      ...(aliases.length > 0 && { aliases }),
      ...(said.length > 0 && { note: sentence(said) }),
    };
  }

  private valueFrom(output: Output, index: number, name: string, opaque: boolean): Value {
    if (typeof output !== "string") return { kind: "host", host: output };
    const { shape } = this.values.tensor(index);
    const told = !opaque || (shape.length > 1 && !shape.includes(-1));
    return told ? { kind: "node", node: output } : { kind: "unknown", node: output, blame: name };
  }
}

/** What the converter calls an output is no name of a layer. */
const isCall = (tensorName: string): boolean =>
  /^(Stateful)?PartitionedCall(_\d+)?:\d+$/.test(tensorName);

function sentence(parts: readonly string[]): string {
  const text = parts.join("; ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
