import {
  GraphBuilder,
  type GraphNode,
  isPossible,
  type Layer,
  type NodeId,
  type Pair,
  type TensorSpec,
} from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import type { Call } from "./calls.ts";
import { concreteShape, freeSize } from "../input-size.ts";
import { specOf } from "./layers/index.ts";
import type { KerasLayer } from "./model.ts";
import { opaqueReason } from "./opaque.ts";
import { Scope, Unsupported, type Lowered } from "./scope.ts";
import type { KerasStore } from "./store.ts";
import type { StoredWeights } from "./stored.ts";
import { LayerWeights } from "./weights.ts";

/** A tensor on its way: its node, the layer that made it, and who is to blame when its shape is not known. */
export interface Value {
  readonly node: NodeId;
  readonly layer: string | null;
  readonly unknown: string | null;
}

/** The graph while it grows, one call of one layer at a time. */
export class Lowering {
  readonly inputs: TensorSpec[] = [];
  readonly layers: Layer[] = [];
  readonly notes = new Set<string>();
  private readonly builder = new GraphBuilder();
  private readonly names = new Map<string, number>();
  private readonly weightNodes = new Map<string, NodeId>();

  constructor(
    private readonly stored: StoredWeights,
    private readonly store: KerasStore,
    private readonly version: number,
    /** For what the file leaves free. */
    private readonly inputSize: Pair | undefined,
  ) {}

  /** For messages. */
  get file(): string {
    return this.store.name;
  }
  get nodes(): readonly GraphNode[] {
    return this.builder.nodes;
  }
  spec(name: string, node: NodeId): TensorSpec {
    const { shape, dtype } = this.builder.get(node);
    return { name, node, shape, dtype };
  }
  weightsOf(layer: KerasLayer): LayerWeights {
    return new LayerWeights(layer, this.stored.get(layer) ?? [], this.store);
  }

  /** An input of the whole model; `asLayer` when the file lists it among its layers. */
  input(name: string, free: Shape, asLayer: boolean): Value {
    const shape = concreteShape(free, this.inputSize, name, this.notes);
    const node = this.builder.input(name, shape);
    this.inputs.push({ ...this.spec(name, node), ...freeSize(free) });
    if (asLayer)
      this.addLayer(name, "InputLayer", { nodes: [node], output: node, inputs: [], weights: [] });
    return { node, layer: asLayer ? name : null, unknown: null };
  }

  /** One call of one layer that is no model; `known` tells the shape of output i where the file does. */
  layer(
    layer: KerasLayer,
    path: string,
    inputs: readonly Value[],
    call: Call,
    known: (index: number) => Shape | null,
  ): Value[] {
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
    const unknown = opaque !== null && !known(0) ? (blame(inputs) ?? name) : null;
    return outputs.map((node) => ({ node, layer: name, unknown }));
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
    layer: KerasLayer,
    path: string,
    inputs: readonly Value[],
    call: Call,
    weights: LayerWeights,
  ): Lowered | Unsupported {
    const blocked = blame(inputs);
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
      this.version,
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
    const told: Shape = known ? [null, ...known.slice(1)] : [null];
    const shape: Shape = isPossible(told) ? told : [null];
    return { outputs: [this.builder.opaque(path, ids, reason, shape)], opaque: reason };
  }
}

function blame(inputs: readonly Value[]): string | null {
  return inputs.find(({ unknown }) => unknown !== null)?.unknown ?? null;
}
