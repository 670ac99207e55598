/** The graph while it grows, one call of one layer at a time. */
import type { InputSize } from "../../base/preprocessing.ts";
import {
  dependsOn,
  isPossible,
  type Layer,
  type NodeId,
  type TensorSpec,
  type WeightInfo,
} from "../../graph/index.ts";
import { at } from "../../base/at.ts";
import type { Shape } from "../../base/tensor.ts";
import { concreteShape, freeSize } from "../input-size.ts";
import {
  BATCH,
  channelsLast,
  fileShapeOf,
  isFree,
  isPlain,
  Lowering,
  Network,
  range,
  type Tensor,
  type Use,
  type Value,
} from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Call } from "./calls.ts";
import { LayerCall, type Lowered } from "./layer-call.ts";
import { specOf } from "./layers/index.ts";
import type { KerasLayer } from "./model.ts";
import { opaqueReason } from "./opaque.ts";
import type { KerasStore } from "./store.ts";
import type { StoredWeights } from "./stored.ts";
import { LayerWeights } from "./weights.ts";

/** A value on its way, the layer that made it, and who is to blame when its shape is not known. */
export interface Flow {
  readonly value: Value;
  readonly layer: string | null;
  readonly unknown: string | null;
}

/**
 * Lowers one file, layer by layer in the order of execution: one that is not known or does not fit
 * its tensors becomes an opaque layer, with the reason.
 */
export class Assembly {
  readonly inputs: TensorSpec[] = [];
  readonly layers: Layer[] = [];
  readonly notes = new Set<string>();
  readonly network = new Network();
  private readonly names = new Map<string, number>();

  constructor(
    private readonly stored: StoredWeights,
    private readonly store: KerasStore,
    private readonly version: number,
    /** For what the file leaves free. */
    private readonly inputSize: InputSize | undefined,
    /** Whether the file's pictures are [N, C, H, W]. */
    readonly channelsFirst: boolean,
  ) {}

  /** The file's name, for messages. */
  get file(): string {
    return this.store.name;
  }
  /** Throws `Impossible` where the layer has more of them than it is told to. */
  weightsOf(layer: KerasLayer): LayerWeights {
    const weights = new LayerWeights(layer, this.stored.get(layer) ?? [], this.store);
    weights.refuseSpare();
    return weights;
  }
  /** An output of the whole model. */
  output(name: string, value: Value): TensorSpec {
    return this.spec(name, this.kept(new Lowering(this.network, name), value));
  }
  private spec(name: string, value: Tensor): TensorSpec {
    const { shape, dtype } = this.network.builder.get(value.node);
    return { name, node: value.node, shape, dtype, ...fileShapeOf(value) };
  }

  /** An input of the whole model; `asLayer` when the file lists it among its layers. */
  input(name: string, free: Shape, asLayer: boolean): Flow {
    const shape = concreteShape(free, this.inputSize, name, this.notes);
    const order = this.orderOf(shape.length);
    const node = this.network.builder.input(name, order.map((axis) => at(shape, axis))); // prettier-ignore
    const value: Tensor = { kind: "tensor", node, shape: shape.map((n) => n ?? BATCH), order };
    this.inputs.push({ ...this.spec(name, value), ...freeSize(free) });
    const facts = { nodes: [node], output: node, inputs: [], weights: [], ...fileShapeOf(value) };
    if (asLayer) this.addLayer(name, "InputLayer", facts);
    return { value, layer: asLayer ? name : null, unknown: null };
  }

  /** One call of one layer that is no model; `known` tells the shape of output i where the file does. */
  layer(
    layer: KerasLayer,
    path: string,
    inputs: readonly Flow[],
    call: Call,
    known: (index: number) => Shape | null,
  ): Flow[] {
    const { builder } = this.network;
    const from = builder.nodes.length;
    const l = new Lowering(this.network, path);
    const weights = this.weightsOf(layer);
    const lowered = this.tryLower(l, layer, inputs, call, weights);
    const opaque = lowered instanceof Unsupported ? lowered.message : null;
    const { outputs, before = null } =
      lowered instanceof Unsupported
        ? this.opaque(path, inputs, lowered.message, known(0))
        : lowered;
    const [output] = outputs;
    const made = [...new Set(inputs.flatMap((input) => input.layer ?? []))];
    // sizes that the network's shapes tell are no layer
    if (output && outputs.every(({ kind }) => kind !== "tensor"))
      return outputs.map((value) => ({ value, layer: made[0] ?? null, unknown: null }));
    const kept = output?.kind === "tensor" ? output : null;
    const name = this.addLayer(path, layer.className, {
      nodes: builder.nodes
        .slice(from)
        .filter(({ op }) => op !== "weight" && op !== "constant")
        .map(({ id }) => id),
      output: kept?.node ?? null,
      preActivation: before?.kind === "tensor" ? before.node : null,
      inputs: made,
      weights: this.weightInfos(weights, [...l.uses.values()]),
      opaque,
      ...(kept && fileShapeOf(kept)),
    });
    const unknown = opaque !== null && !known(0) ? (blame(inputs) ?? name) : null;
    return outputs.map((value) => ({ value, layer: name, unknown }));
  }

  /** Layers that are called more than once get `:1`, `:2`, ... behind their name. */
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

  private tryLower(
    l: Lowering,
    layer: KerasLayer,
    inputs: readonly Flow[],
    call: Call,
    weights: LayerWeights,
  ): Lowered | Unsupported {
    const blocked = blame(inputs);
    const spec = specOf(layer);
    if (!spec) return new Unsupported(opaqueReason(layer));
    if (blocked !== null) return new Unsupported(dependsOn(blocked));
    const values = inputs.map(({ value }) => value);
    const weight: LayerCall["weight"] = (name, shape) => weights.parameter(name, shape);
    try {
      const out = spec.lower(new LayerCall(l, layer.config, values, call, this.version, weight));
      const { outputs, before } = "outputs" in out ? out : { outputs: [out] };
      const settled = outputs.map((value) => this.settled(l, value));
      const own = before && before !== outputs[0] ? this.settled(l, before) : undefined;
      return { outputs: settled, before: own };
    } catch (error) {
      if (error instanceof Unsupported) return error;
      if (error instanceof RangeError)
        return new Unsupported(`its tensors do not fit (${error.message})`);
      throw error;
    }
  }

  /** Pictures and sequences are kept channels-last, whatever the file's order. */
  private orderOf(rank: number): number[] {
    return this.channelsFirst && (rank === 3 || rank === 4) ? channelsLast(rank) : range(rank);
  }
  /** In the file's own order, or channels-last: a layer's values are what lenses show. */
  private settled(l: Lowering, value: Value): Value {
    return value.kind === "tensor" ? this.kept(l, value) : value;
  }
  private kept(l: Lowering, value: Value): Tensor {
    if (value.kind !== "tensor") return l.tensor(l.node(value));
    const { order, shape } = value;
    const wanted = this.orderOf(shape.length);
    const batchElsewhere = order[0] !== 0 && isFree(at(shape, at(order, 0)));
    if (isPlain(order) || batchElsewhere || order.every((axis, i) => axis === wanted[i]))
      return value;
    return l.tensor(l.node(value));
  }

  /** As the graph's nodes take them: those that are used in another shape, under that address. */
  private weightInfos(weights: LayerWeights, uses: readonly Use[]): WeightInfo[] {
    return weights.infos().map((info) => {
      const used = uses.find(({ parameter }) => parameter.ref === info.ref);
      const { ref, shape, kernel } = used ?? this.network.use(weights.parameter(info.name, null));
      const moved = ref !== info.ref && { ref, shape, fileShape: info.shape };
      return { ...info, ...moved, ...(kernel && { kernel }) };
    });
  }

  private opaque(
    path: string,
    inputs: readonly Flow[],
    reason: string,
    known: Shape | null,
  ): { outputs: Tensor[]; before?: undefined } {
    const ids = inputs.flatMap(({ value }): NodeId[] =>
      value.kind === "tensor" ? [value.node] : [],
    );
    const told: Shape = known ? [null, ...known.slice(1)] : [null];
    const shape: Shape = isPossible(told) && !told.slice(1).includes(null) ? told : [null];
    const order = this.orderOf(shape.length);
    const own = order.map((axis) => at(shape, axis));
    const node = this.network.builder.opaque(path, ids, reason, own);
    return {
      outputs: [{ kind: "tensor", node, shape: shape.map((n) => n ?? BATCH), order }],
    };
  }
}

const blame = (inputs: readonly Flow[]): string | null =>
  inputs.find(({ unknown }) => unknown !== null)?.unknown ?? null;
