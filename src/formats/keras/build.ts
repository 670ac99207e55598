/** A Keras model -> the graph: layers in execution order, each lowered to operations or shown as opaque. */
import { inputError } from "../../shared/errors.ts";
import {
  GraphBuilder,
  type Layer,
  type ModelGraph,
  type NodeId,
  type TensorSpec,
} from "../../shared/graph/index.ts";
import type { Shape } from "../../shared/tensor.ts";
import type { ReadOptions } from "../format.ts";
import type { Hdf5File } from "../hdf5/file.ts";
import { tensorsOf, type Call, type TensorRef } from "./calls.ts";
import { concreteShape, inputShapeOf, sequentialShape } from "./inputs.ts";
import { specOf } from "./layers/index.ts";
import type { KerasLayer, KerasModel } from "./model.ts";
import { opaqueReason } from "./opaque.ts";
import { Scope, Unsupported, type Lowered } from "./scope.ts";
import type { StoredWeights } from "./stored.ts";
import { LayerWeights } from "./weights.ts";

export interface Origin {
  readonly format: string;
  readonly producer: string | null;
  /** Major version of Keras. */
  readonly version: number;
  readonly options: ReadOptions;
}

/** A tensor on its way: its node, the layer that made it, and who is to blame when its shape is not known. */
interface Value {
  readonly node: NodeId;
  readonly layer: string | null;
  readonly unknown: string | null;
}

export function buildGraph(
  model: KerasModel,
  stored: StoredWeights,
  file: Hdf5File,
  origin: Origin,
): ModelGraph {
  return new Assembly(stored, file, origin).graph(model);
}

class Assembly {
  private readonly builder = new GraphBuilder();
  private readonly layers: Layer[] = [];
  private readonly names = new Map<string, number>();
  private readonly notes = new Set<string>();
  private readonly weightNodes = new Map<string, NodeId>();

  constructor(
    private readonly stored: StoredWeights,
    private readonly file: Hdf5File,
    private readonly origin: Origin,
  ) {}

  graph(model: KerasModel): ModelGraph {
    const inputs: TensorSpec[] = [];
    const outputs = this.lowerModel(model, "", null, inputs);
    return {
      format: this.origin.format,
      producer: this.origin.producer,
      inputs,
      outputs: outputs.map(({ node, layer }) => this.spec(layer ?? node, node)),
      nodes: this.builder.nodes,
      layers: this.layers,
      weights: {
        read: (ref) => Promise.resolve().then(() => this.file.read(ref)),
        close: () => {
          this.file.close();
        },
      },
      notes: [...this.notes],
    };
  }

  private spec(name: string, node: NodeId): TensorSpec {
    const { shape, dtype } = this.builder.get(node);
    return { name, node, shape, dtype };
  }

  /** `given` are the tensors that a nested model is called with; null at the top, where inputs are made. */
  private lowerModel(
    model: KerasModel,
    prefix: string,
    given: readonly Value[] | null,
    specs: TensorSpec[],
  ): Value[] {
    return model.kind === "sequential"
      ? this.lowerSequential(model, prefix, given, specs)
      : this.lowerFunctional(model, prefix, given, specs);
  }

  private lowerSequential(
    model: KerasModel,
    prefix: string,
    given: readonly Value[] | null,
    specs: TensorSpec[],
  ): Value[] {
    let values = given ?? [this.sequentialInput(model, specs)];
    model.layers.forEach((layer, i) => {
      if (layer.className === "InputLayer") return;
      const shape = model.layers[i + 1]?.buildShape ?? null;
      values = this.lowerLayer(layer, prefix, values, sequentialCall(values), () => shape);
    });
    return [...values];
  }

  private sequentialInput(model: KerasModel, specs: TensorSpec[]): Value {
    const [first] = model.layers;
    const shape = sequentialShape(model, (layer) => this.weightsOf(layer), this.notes);
    if (!first || !shape)
      throw inputError(
        `'${this.file.name}' does not tell the shape of its input; call the model once, or give it an Input layer, before saving.`,
      );
    const isInput = first.className === "InputLayer";
    return this.makeInput(isInput ? first.name : `${first.name}_input`, shape, isInput, specs);
  }

  private lowerFunctional(
    model: KerasModel,
    prefix: string,
    given: readonly Value[] | null,
    specs: TensorSpec[],
  ): Value[] {
    const values = new Map<string, Value>();
    const inner = new Map(model.layers.map((layer) => [layer.name, layer]));
    const refs = [
      ...model.layers.flatMap(({ calls }) => calls.flatMap(tensorsOf)),
      ...model.outputs,
    ];
    const keyOf = keys(inner, refs);
    const shapes = new Map(refs.flatMap((ref) => (ref.shape ? [[keyOf(ref), ref.shape]] : [])));
    model.inputs.forEach((ref, i) => {
      const value = given ? given[i] : this.makeInputLayer(inner.get(ref.layer), specs);
      if (value) values.set(keyOf(ref), value);
    });
    let pending = model.layers.flatMap((layer) =>
      layer.calls.map((call, n) => ({ layer, call, n, needs: tensorsOf(call).map(keyOf) })),
    );
    while (pending.length > 0) {
      const waiting = pending.filter(({ layer, call, n, needs }) => {
        const inputs = needs.flatMap((key) => values.get(key) ?? []);
        if (inputs.length !== needs.length) return true;
        if (n === 0 && needs.length === 0 && layer.className === "InputLayer") return false;
        const known = (i: number): Shape | null => shapes.get(`${layer.name}|${n}|${i}`) ?? null;
        this.lowerLayer(layer, prefix, inputs, call, known).forEach((value, i) =>
          values.set(`${layer.name}|${n}|${i}`, value),
        );
        return false;
      });
      if (waiting.length === pending.length) throw this.disconnected(waiting[0]?.layer.name ?? "");
      pending = waiting;
    }
    return model.outputs.map((ref) => {
      const value = values.get(keyOf(ref));
      if (!value) throw this.disconnected(ref.layer);
      return value;
    });
  }

  private disconnected(layer: string): Error {
    return inputError(
      `'${this.file.name}' connects its layer '${layer}' to tensors that it does not describe; save the model again.`,
    );
  }

  private makeInputLayer(layer: KerasLayer | undefined, specs: TensorSpec[]): Value | null {
    if (!layer) return null;
    const shape = inputShapeOf(layer);
    if (!shape)
      throw inputError(
        `'${this.file.name}' does not tell the shape of its input '${layer.name}'; save the model again.`,
      );
    return this.makeInput(layer.name, shape, true, specs);
  }

  private makeInput(name: string, free: Shape, asLayer: boolean, specs: TensorSpec[]): Value {
    const shape = concreteShape(free, this.origin.options.inputSize, name, this.notes);
    const node = this.builder.input(name, shape);
    specs.push(this.spec(name, node));
    if (asLayer)
      this.addLayer(name, "InputLayer", { nodes: [node], output: node, inputs: [], weights: [] });
    return { node, layer: asLayer ? name : null, unknown: null };
  }

  private addLayer(
    wanted: string,
    className: string,
    facts: Pick<Layer, "nodes" | "output" | "inputs" | "weights"> & Partial<Layer>,
  ): string {
    const uses = this.names.get(wanted) ?? 0;
    this.names.set(wanted, uses + 1);
    const name = uses === 0 ? wanted : `${wanted}:${uses}`;
    this.layers.push({ name, className, preActivation: null, opaque: null, ...facts });
    return name;
  }

  private weightsOf(layer: KerasLayer): LayerWeights {
    return new LayerWeights(layer, this.stored.get(layer) ?? [], this.file);
  }

  /** One call of one layer; `known` tells the shape of output i where the file does. */
  private lowerLayer(
    layer: KerasLayer,
    prefix: string,
    inputs: readonly Value[],
    call: Call,
    known: (index: number) => Shape | null,
  ): Value[] {
    const path = prefix + layer.name;
    if (layer.model) return this.lowerModel(layer.model, `${path}/`, inputs, []);
    const from = this.builder.nodes.length;
    const weights = this.weightsOf(layer);
    const lowered = this.tryLower(layer, path, inputs, call, weights);
    const { outputs, opaque } =
      lowered instanceof Unsupported
        ? this.opaqueNode(path, inputs, lowered.message, known(0))
        : { outputs: lowered.outputs, opaque: null };
    const nodes = this.builder.nodes
      .slice(from)
      .filter(({ op }) => op !== "weight" && op !== "constant")
      .map(({ id }) => id);
    const name = this.addLayer(path, layer.className, {
      nodes,
      output: outputs[0] ?? null,
      preActivation: lowered instanceof Unsupported ? null : (lowered.preActivation ?? null),
      inputs: [...new Set(inputs.flatMap((value) => value.layer ?? []))],
      weights: weights.infos(),
      opaque,
    });
    const unknown = opaque !== null && !known(0) ? (this.blame(inputs) ?? name) : null;
    return outputs.map((node) => ({ node, layer: name, unknown }));
  }

  private blame(inputs: readonly Value[]): string | null {
    return inputs.find(({ unknown }) => unknown !== null)?.unknown ?? null;
  }

  private tryLower(
    layer: KerasLayer,
    path: string,
    inputs: readonly Value[],
    call: Call,
    weights: LayerWeights,
  ): Lowered | Unsupported {
    const blocked = this.blame(inputs);
    const spec = specOf(layer);
    if (!spec) return new Unsupported(opaqueReason(layer));
    if (blocked !== null)
      return new Unsupported(`depends on '${blocked}', whose output the file does not describe`);
    const scope = new Scope(
      path,
      layer.className,
      layer.config,
      inputs.map(({ node }) => node),
      call,
      this.origin.version,
      this.builder,
      (name, shape) => this.weightNode(weights, name, shape),
    );
    try {
      const out = spec.lower(scope);
      return typeof out === "string" ? { outputs: [out] } : out;
    } catch (error) {
      if (error instanceof Unsupported) return error;
      if (error instanceof RangeError)
        return new Unsupported(`its tensors do not fit (${error.message})`);
      throw error;
    }
  }

  private weightNode(weights: LayerWeights, name: string, shape: readonly number[] | null): NodeId {
    const { ref, shape: stored } = weights.require(name, shape);
    const known = this.weightNodes.get(ref);
    if (known !== undefined) return known;
    const node = this.builder.weight(ref, stored);
    this.weightNodes.set(ref, node);
    return node;
  }

  private opaqueNode(
    path: string,
    inputs: readonly Value[],
    reason: string,
    known: Shape | null,
  ): { outputs: NodeId[]; opaque: string } {
    const ids = inputs.map(({ node }) => node);
    const shape: Shape = known ? [null, ...known.slice(1)] : [null];
    return { outputs: [this.builder.opaque(path, ids, reason, shape)], opaque: reason };
  }
}

const sequentialCall = (values: readonly Value[]): Call => ({
  args: values.map(() => ({
    kind: "tensor",
    ref: { layer: "", call: 0, index: 0, shape: null },
  })),
  kwargs: new Map(),
});

/** `layer|call|output`; calls of nested models are counted from 1 in most files, from 0 in some. */
function keys(
  layers: ReadonlyMap<string, KerasLayer>,
  refs: readonly TensorRef[],
): (ref: TensorRef) => string {
  const fromZero = new Set(refs.filter(({ call }) => call === 0).map(({ layer }) => layer));
  return ({ layer, call, index }) => {
    const nested = layers.get(layer)?.model !== null && layers.has(layer);
    const n = nested && !fromZero.has(layer) ? call - 1 : call;
    return `${layer}|${n}|${index}`;
  };
}
