/** An ONNX model -> the graph: its nodes in order, each lowered to operations or shown as opaque. */
import { dependsOn, isOpaque, type ModelGraph, type TensorSpec } from "../../graph/index.ts";
import * as lower from "../lower/index.ts";
import { freeSize } from "../input-size.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { Call } from "./call.ts";
import { Constants } from "./constants.ts";
import { Environment, type Entry } from "./environment.ts";
import { inPlaceOf, nameOf } from "./functions.ts";
import { Layers } from "./layers.ts";
import { inputOrder, type Sizes } from "./input-order.ts";
import { checkExtent } from "./limits.ts";
import { describedShape, opaqueOutputs, opaqueUses } from "./opaque.ts";
import { comparedWith } from "./settings.ts";
import { checkArity } from "./operators/arity.ts";
import { MICROSOFT, OPERATORS, readsOf } from "./operators/index.ts";
import { resolved, type Place } from "./place.ts";
import { functionKey, type OnnxGraph, type OnnxModel, type OnnxNode, type ValueInfo } from "./proto.ts"; // prettier-ignore
import { dtypeOf, type StoredTensor } from "./tensor.ts";
import type { TensorData } from "../../base/tensor.ts";

const UNSEEN: readonly string[] = ["Identity", "Dropout"];

/** Throws `Impossible` where an input is declared with another shape than the numbers that stand for it. */
function checkDefault({ name, shape }: ValueInfo, { value }: Entry): void {
  const own = value?.shape ?? [];
  const fits = shape?.length === own.length && shape.every((n, i) => typeof n !== "number" || n === own[i]); // prettier-ignore
  if (value && shape && !fits)
    throw new lower.Impossible(
      `'${name}' is declared as [${shape.map((n) => n ?? "?").join(", ")}], and stored as [${own.join(", ")}]`,
    );
}

/** A value with its axes in the file's order; null where the batch would not be the first of them. */
function inFileOrder(l: lower.Lowering, value: lower.Tensor): lower.Tensor | null {
  try {
    return l.tensor(l.node(value));
  } catch (error) {
    if (error instanceof Unsupported) return null;
    throw error;
  }
}

/**
 * Lowers one model, once: an operation that is not known or does not fit its tensors becomes an
 * opaque layer, with the reason.
 */
export class Assembly {
  readonly network = new lower.Network();
  readonly layers: Layers;
  /** How many nodes of each kind are not executed. */
  readonly missing = new Map<string, number>();
  /** What was assumed, in words. */
  readonly notes = new Set<string>();
  private readonly constants: Constants;
  private readonly shapes = new Map<string, ValueInfo>();

  constructor(
    private readonly file: string,
    private readonly model: OnnxModel,
    private readonly sizes: Sizes,
    private readonly read: (tensor: StoredTensor) => TensorData,
  ) {
    this.constants = new Constants(this.network, read);
    this.layers = new Layers(({ parameter }) => this.constants.storedType(parameter.name));
  }

  /** Throws a ConvLensError of kind `input` when the file contradicts itself. */
  graph(): Pick<ModelGraph, "inputs" | "outputs"> {
    checkExtent(this.model, this.file);
    const { graph, opsets } = this.model;
    const names = new Environment(this.file);
    for (const value of [...graph.values, ...graph.outputs]) this.shapes.set(value.name, value);
    this.constants.define(graph, names);
    const inputs = this.inputs(graph, names);
    this.run(graph.nodes, { names, prefix: "", opsets, attributes: new Map(), depth: 0 });
    const outputs = graph.outputs.flatMap(({ name }) => this.output(name, names.get(name)));
    return { inputs: this.taken(inputs, outputs), outputs };
  }

  /** Those that something takes: limits of a suppression are fed to what computes no boxes, and settings may have been for branches that are gone. */
  private taken(
    inputs: readonly TensorSpec[],
    outputs: readonly TensorSpec[],
  ): readonly TensorSpec[] {
    const { nodes } = this.network.builder;
    const used = new Set([
      ...nodes.flatMap((node) => node.inputs),
      ...outputs.map(({ node }) => node),
    ]);
    const idle = inputs.filter(({ node }) => !used.has(node));
    if (idle.length === 0 || idle.length === inputs.length) return inputs;
    const names = idle.map(({ name }) => `'${name}'`).join(", ");
    this.notes.add(
      nodes.some((node) => isOpaque(node) && node.attrs.chooses)
        ? `${names}: fed to the suppression alone, whose limits --score and --iou set.`
        : `${names}: nothing in the network depends on it, and it is not asked for.`,
    );
    return inputs.filter((input) => !idle.includes(input));
  }

  private inputs({ inputs, nodes }: OnnxGraph, names: Environment): TensorSpec[] {
    const seen = new Map(
      nodes.map((node) => [node.inputs[0] ?? "", node]).reverse() as [string, OnnxNode][],
    );
    return inputs.flatMap((input): TensorSpec[] => {
      const stored = names.find(input.name);
      if (stored) {
        checkDefault(input, stored);
        return []; // an initialiser with a default
      }
      const setting = comparedWith(input, this.model.graph, this.read);
      if (setting !== null) {
        this.notes.add(
          `The setting '${input.name}' is taken to be ${setting}, which the network compares it with.`,
        );
        const value = lower.ints(
          [setting],
          input.shape?.map(() => 1),
        );
        names.set(input.name, { value, layer: null, unknown: null });
        return [];
      }
      const fileShape = this.sizes.shapeOf(input);
      const order = inputOrder(fileShape, seen.get(input.name));
      const shape = order.map((axis) => fileShape[axis] ?? null);
      const { fed, node } = this.network.input(input.name, shape, dtypeOf(input.type));
      const value: lower.Tensor = {
        kind: "tensor",
        node,
        shape: fileShape.map((n) => n ?? lower.BATCH),
        order,
      };
      this.layers.addInput(input.name, { ...value, node: fed });
      names.set(input.name, { value, layer: input.name, unknown: null });
      const told = (input.shape ?? []).map((size) => (typeof size === "number" ? size : null));
      const { dtype } = this.network.builder.get(fed);
      const own = { name: input.name, node: fed, shape, dtype };
      return [{ ...own, ...lower.fileShapeOf(value), ...freeSize(told) }];
    });
  }

  private output(name: string, { value, unknown }: Entry): TensorSpec[] {
    if (!value || unknown !== null) return [];
    const l = new lower.Lowering(this.network, name);
    const own = value.kind === "tensor" ? value : l.tensor(l.node(value));
    const last = lower.channelsLast(own.shape.length);
    const kept = lower.isPlain(own.order) || own.order.join() === last.join();
    const tensor = kept ? own : inFileOrder(l, own);
    const { shape, dtype } = this.network.builder.get((tensor ?? own).node);
    // steps come before the batch in the file: a row for each picture is what the node has
    const { node } = tensor ?? own;
    return [{ name, node, shape, dtype, ...lower.fileShapeOf(tensor ?? own) }];
  }

  private run(nodes: readonly OnnxNode[], around: Omit<Place, "pictures">): void {
    const readings = nodes.map(({ inputs, outputs, op }) => ({
      inputs,
      outputs,
      reads: readsOf(op),
    }));
    const place: Place = { ...around, pictures: lower.picturesAmong(readings) };
    for (const node of nodes) this.lower(node, place);
  }

  private lower(node: OnnxNode, place: Place): void {
    const { names } = place;
    const entries = node.inputs.map((name) => (name === "" ? null : names.get(name)));
    const body = this.model.functions.get(functionKey(node.domain, node.op, node.overload));
    if (body && !(node.domain === "" && OPERATORS.has(node.op))) {
      const inner = inPlaceOf(node, body, entries, place, this.file);
      this.run(inner.nodes, inner.around);
      body.outputs.forEach((name, i) => {
        const output = node.outputs[i];
        const entry = inner.around.names.find(name);
        if (output === undefined || !entry) return;
        names.set(output, entry);
        if (entry.layer !== null) this.layers.alias(entry.layer, place.prefix + output);
      });
      return;
    }
    const from = this.network.builder.nodes.length;
    const l = new lower.Lowering(this.network, place.prefix + nameOf(node));
    const result = this.attempt(node, entries, place, l);
    if (!(result instanceof Unsupported)) {
      const values = result.map((value, i) =>
        value.kind === "tensor" && place.pictures.has(node.outputs[i] ?? "")
          ? lower.channelsAtEnd(l, value)
          : value,
      );
      this.record(node, entries, place, values, l, from);
    } else this.opaque(node, entries, place, result);
  }

  /** What the node gives, or why it is not executed. */
  private attempt(
    node: OnnxNode,
    entries: readonly (Entry | null)[],
    place: Place,
    l: lower.Lowering,
  ): readonly lower.Value[] | Unsupported {
    const blocked = entries.find((entry) => entry?.unknown)?.unknown;
    if (blocked !== undefined && blocked !== null) return new Unsupported(dependsOn(blocked));
    const attributes = resolved(node.attributes, place.attributes);
    const inputs = entries.map((entry) => entry?.value ?? null);
    const known = node.domain === "" || node.domain === "ai.onnx";
    const opset = place.opsets.get(known ? "" : node.domain) ?? 1;
    const { constants, notes, sizes, model } = this;
    const context = { constants, notes, batch: sizes.batch, producer: model.producer };
    const call = new Call(l, node, inputs, opset, attributes, context);
    try {
      if (known && node.op === "Constant") return [this.constants.ofNode(attributes, l.name)];
      if (known && UNSEEN.includes(node.op)) {
        checkArity(node, l.name);
        // the mask of a Dropout lets everything through
        return node.outputs.length > 1
          ? [call.x, lower.binary(l, "equal", call.x, call.x)]
          : [call.x];
      }
      if (known && node.op === "If") return this.branch(call, place);
      const table = known ? OPERATORS : node.domain === "com.microsoft" ? MICROSOFT : null;
      const operator = table?.get(node.op);
      if (!operator) {
        const name = known ? node.op : `${node.domain}.${node.op}`;
        this.missing.set(name, (this.missing.get(name) ?? 0) + 1);
        throw new Unsupported(`the operation '${name}' is not supported`);
      }
      checkArity(node, l.name);
      const out = operator(call);
      return Array.isArray(out) ? (out as readonly lower.Value[]) : [out as lower.Value];
    } catch (error) {
      if (error instanceof Unsupported) return error;
      if (error instanceof RangeError)
        return new Unsupported(`its tensors do not fit (${error.message})`);
      throw error;
    }
  }

  /** The branch that a condition known from the file takes. */
  private branch(call: Call, place: Place): readonly lower.Value[] {
    const taken = call.numbers(0, "condition")?.data[0];
    const body = call.attribute(taken ? "then_branch" : "else_branch")?.graph;
    if (!body) throw new Unsupported("it has no such branch");
    const names = new Environment(this.file, place.names);
    this.constants.define(body, names);
    this.run(body.nodes, { ...place, names, prefix: `${call.l.name}/`, depth: place.depth + 1 });
    return body.outputs.map(({ name }) => {
      const { value, unknown } = names.get(name);
      if (!value || unknown !== null) throw new Unsupported(`depends on '${unknown ?? name}'`);
      return value;
    });
  }

  private record(
    node: OnnxNode,
    entries: readonly (Entry | null)[],
    place: Place,
    values: readonly lower.Value[],
    l: lower.Lowering,
    from: number,
  ): void {
    const { names } = place;
    const made = this.network.builder.nodes
      .slice(from)
      .filter(({ op }) => op !== "weight" && op !== "constant");
    const inputs = [...new Set(entries.flatMap((entry) => entry?.layer ?? []))];
    const [output = null] = values;
    const hidden =
      UNSEEN.includes(node.op) || node.op === "If" || (node.op === "Cast" && made.length === 0);
    const shown = !hidden && values.some(({ kind }) => kind === "tensor");
    const name = shown
      ? this.layers.add(
          { node, prefix: place.prefix },
          { nodes: made, output, opaqueOutput: null, inputs, uses: l.uses.values(), opaque: null },
        )
      : (inputs[0] ?? null);
    node.outputs.forEach((outputName, i) => {
      const value = values[i];
      if (outputName === "") return;
      if (!value) {
        // a second output that is not computed: the places of maxima, a mask
        names.set(outputName, { value: null, layer: name, unknown: name ?? outputName });
        return;
      }
      const layer = value.kind === "tensor" ? name : null;
      names.set(outputName, { value, layer, unknown: null });
      if (!shown && layer !== null) this.layers.alias(layer, place.prefix + outputName);
    });
  }

  private opaque(
    node: OnnxNode,
    entries: readonly (Entry | null)[],
    place: Place,
    why: Unsupported,
  ): void {
    const attributes = resolved(node.attributes, place.attributes);
    const described = node.outputs.map((name) => {
      const value = place.depth === 0 ? this.shapes.get(name) : undefined;
      return value ? describedShape(value, this.sizes.batch) : null;
    });
    const hint = place.prefix + nameOf(node);
    const made = opaqueOutputs(this.network, hint, entries, why, described);
    const layer = this.layers.add(
      { node, prefix: place.prefix },
      {
        nodes: made.map((one) => this.network.builder.get(one.node)),
        output: null,
        opaqueOutput: made[0]?.node ?? null,
        inputs: [...new Set(entries.flatMap((entry) => entry?.layer ?? []))],
        uses: opaqueUses(this.network, node, attributes, entries),
        opaque: why.message,
      },
    );
    const blame = entries.find((entry) => entry?.unknown)?.unknown ?? layer;
    node.outputs.forEach((name, i) => {
      const one = made[i];
      if (name === "" || !one) return;
      const { node: id, shape, order } = one;
      const value: lower.Value | null = shape && { kind: "tensor", node: id, shape, order };
      place.names.set(name, { value, layer, unknown: value ? null : blame });
    });
  }
}
