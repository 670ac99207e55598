/** An ONNX model -> the graph: its nodes in order, each lowered to operations or shown as opaque. */
import { isPossible, type ModelGraph, type TensorSpec } from "../../graph/index.ts";
import {
  channelsAtEnd,
  BATCH,
  binary,
  channelsLast,
  freed,
  ints,
  isPlain,
  Lowering,
  Network,
  picturesAmong,
  type Parameter,
  type Tensor,
  type Value,
} from "../lower/index.ts";
import { freeSize } from "../input-size.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { Call } from "./call.ts";
import { Environment, type Entry } from "./environment.ts";
import { fileShapeOf, Layers } from "./layers.ts";
import { inputOrder, type Sizes } from "./input-order.ts";
import { checkExtent } from "./limits.ts";
import { OPERATORS, readsOf } from "./operators/index.ts";
import { resolved, type Place } from "./place.ts";
import {
  functionKey,
  type Attribute,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type ValueInfo,
} from "./proto.ts";
import { dtypeOf, isReadable, storedName, type StoredTensor } from "./tensor.ts";

type Read = (tensor: StoredTensor) => ReturnType<Parameter["read"]>;

/** Constants up to this many numbers stay out of the graph. */
const SMALL = 64;
const UNSEEN: readonly string[] = ["Identity", "Dropout"];

export class Assembly {
  readonly network = new Network();
  readonly layers = new Layers(({ parameter }) => this.stored.get(parameter.name) ?? "float32");
  /** How many nodes of each kind are not executed. */
  readonly missing = new Map<string, number>();
  private readonly stored = new Map<string, string>();
  private readonly shapes = new Map<string, ValueInfo>();

  constructor(
    private readonly file: string,
    private readonly model: OnnxModel,
    private readonly sizes: Sizes,
    private readonly read: Read,
  ) {}

  /** Throws a ConvLensError of kind `input` when the file contradicts itself. */
  graph(): Pick<ModelGraph, "inputs" | "outputs"> {
    checkExtent(this.model, this.file);
    const { graph, opsets } = this.model;
    const names = new Environment(this.file);
    for (const value of [...graph.values, ...graph.outputs]) this.shapes.set(value.name, value);
    this.define(graph, names);
    const inputs = this.inputs(graph, names);
    this.run(graph.nodes, { names, prefix: "", opsets, attributes: new Map(), depth: 0 });
    const outputs = graph.outputs.flatMap(({ name }) => this.output(name, names.get(name)));
    return { inputs, outputs };
  }

  private define({ initializers, sparse }: OnnxGraph, names: Environment): void {
    for (const tensor of initializers)
      names.set(tensor.name, {
        value: this.parameter(tensor, tensor.name),
        layer: null,
        unknown: null,
      });
    for (const name of sparse)
      names.set(name, { value: null, layer: null, unknown: `sparse parameter ${name}` });
  }
  private parameter(tensor: StoredTensor, name: string): Parameter {
    this.stored.set(name, storedName(tensor.type));
    const { shape } = tensor;
    return {
      kind: "parameter",
      name,
      ref: name,
      shape,
      fileShape: shape,
      dtype: dtypeOf(tensor.type),
      read: () => this.read(tensor),
    };
  }

  private inputs({ inputs, nodes }: OnnxGraph, names: Environment): TensorSpec[] {
    const seen = new Map(
      nodes.map((node) => [node.inputs[0] ?? "", node]).reverse() as [string, OnnxNode][],
    );
    return inputs.flatMap((input): TensorSpec[] => {
      if (names.find(input.name)) return []; // an initialiser with a default
      const fileShape = this.sizes.shapeOf(input);
      const order = inputOrder(fileShape, seen.get(input.name));
      const shape = order.map((axis) => fileShape[axis] ?? null);
      const dtype = dtypeOf(input.type);
      const node = this.network.builder.input(input.name, shape, dtype);
      const value: Tensor = {
        kind: "tensor",
        node,
        shape: fileShape.map((n) => n ?? BATCH),
        order,
      };
      this.layers.addInput(input.name, value);
      names.set(input.name, { value, layer: input.name, unknown: null });
      const told = (input.shape ?? []).map((size) => (typeof size === "number" ? size : null));
      return [{ name: input.name, node, shape, dtype, ...fileShapeOf(value), ...freeSize(told) }];
    });
  }

  private output(name: string, { value, unknown }: Entry): TensorSpec[] {
    if (!value || unknown !== null) return [];
    const l = new Lowering(this.network, name);
    const last = channelsLast(value.shape.length);
    const straight = value.kind === "tensor" && isPlain(value.order);
    const kept = value.kind === "tensor" && value.order.join() === last.join();
    const tensor = straight || kept ? value : l.tensor(l.node(value));
    const { shape, dtype } = this.network.builder.get(tensor.node);
    return [{ name, node: tensor.node, shape, dtype, ...fileShapeOf(tensor) }];
  }

  private run(nodes: readonly OnnxNode[], around: Omit<Place, "pictures">): void {
    const readings = nodes.map(({ inputs, outputs, op }) => ({
      inputs,
      outputs,
      reads: readsOf(op),
    }));
    const place: Place = { ...around, pictures: picturesAmong(readings) };
    for (const node of nodes) this.lower(node, place);
  }

  private lower(node: OnnxNode, place: Place): void {
    const { names } = place;
    const entries = node.inputs.map((name) => (name === "" ? null : names.get(name)));
    const body = this.model.functions.get(functionKey(node.domain, node.op, node.overload));
    if (body && !(node.domain === "" && OPERATORS.has(node.op))) {
      this.call(node, body, entries, place);
      return;
    }
    const from = this.network.builder.nodes.length;
    const l = new Lowering(this.network, place.prefix + (node.name || node.outputs[0] || node.op));
    const result = this.attempt(node, entries, place, l);
    if (!(result instanceof Unsupported)) {
      const values = result.map((value, i) =>
        value.kind === "tensor" && place.pictures.has(node.outputs[i] ?? "")
          ? channelsAtEnd(l, value)
          : value,
      );
      this.record(node, entries, place, values, l, from);
    } else this.opaque(node, entries, place, result.message);
  }

  /** What the node gives, or why it is not executed. */
  private attempt(
    node: OnnxNode,
    entries: readonly (Entry | null)[],
    place: Place,
    l: Lowering,
  ): readonly Value[] | Unsupported {
    const blocked = entries.find((entry) => entry?.unknown)?.unknown;
    if (blocked !== undefined && blocked !== null)
      return new Unsupported(`depends on '${blocked}', whose output the file does not describe`);
    const attributes = resolved(node.attributes, place.attributes);
    const constant = (attribute: Attribute): Value => this.constant(attribute, l.name);
    const inputs = entries.map((entry) => entry?.value ?? null);
    const known = node.domain === "" || node.domain === "ai.onnx";
    const opset = place.opsets.get(known ? "" : node.domain) ?? 1;
    const call = new Call(l, node, inputs, opset, this.sizes.batch, attributes, constant);
    try {
      if (known && node.op === "Constant") return [this.constantNode(attributes, l.name)];
      // the mask of a Dropout lets everything through
      if (known && UNSEEN.includes(node.op))
        return node.outputs.length > 1 ? [call.x, binary(l, "equal", call.x, call.x)] : [call.x];
      if (known && node.op === "If") return this.branch(call, place);
      const operator = known ? OPERATORS.get(node.op) : undefined;
      if (!operator) {
        const name = known ? node.op : `${node.domain}.${node.op}`;
        this.missing.set(name, (this.missing.get(name) ?? 0) + 1);
        throw new Unsupported(`the operation '${name}' is not supported`);
      }
      const out = operator(call);
      return Array.isArray(out) ? (out as readonly Value[]) : [out as Value];
    } catch (error) {
      if (error instanceof Unsupported) return error;
      if (error instanceof RangeError)
        return new Unsupported(`its tensors do not fit (${error.message})`);
      throw error;
    }
  }

  private constantNode(attributes: ReadonlyMap<string, Attribute>, name: string): Value {
    const [attribute] = attributes.values();
    if (!attribute) throw new Unsupported("it has no value");
    return this.constant(attribute, name);
  }
  private constant({ tensor, float, int, floats, ints: whole }: Attribute, name: string): Value {
    if (tensor) {
      if (!isReadable(tensor)) throw new Unsupported(`it is stored as ${storedName(tensor.type)}`);
      const parameter = this.parameter(tensor, tensor.name || name);
      if (tensor.shape.reduce((n, size) => n * size, 1) > SMALL) return { ...parameter, ref: name };
      const { shape, data, dtype } = parameter.read();
      const type = dtype === "float32" ? "float" : dtype === "bool" ? "bool" : "int";
      return { kind: "numbers", shape, data: Array.from(data), type };
    }
    if (float !== undefined) return { kind: "numbers", shape: [], data: [float], type: "float" };
    if (int !== undefined) return ints([int], []);
    if (floats.length > 0)
      return { kind: "numbers", shape: [floats.length], data: floats, type: "float" };
    if (whole.length > 0) return ints(whole);
    throw new Unsupported("its constant is not a tensor of numbers");
  }

  /** The branch that a condition known from the file takes. */
  private branch(call: Call, place: Place): readonly Value[] {
    const taken = call.numbers(0, "condition")?.data[0];
    const body = call.attribute(taken ? "then_branch" : "else_branch")?.graph;
    if (!body) throw new Unsupported("it has no such branch");
    const names = new Environment(this.file, place.names);
    this.define(body, names);
    this.run(body.nodes, { ...place, names, prefix: `${call.l.name}/`, depth: place.depth + 1 });
    return body.outputs.map(({ name }) => {
      const { value, unknown } = names.get(name);
      if (!value || unknown !== null) throw new Unsupported(`depends on '${unknown ?? name}'`);
      return value;
    });
  }

  /** The body of a function in place of its call. */
  private call(
    node: OnnxNode,
    body: OnnxFunction,
    entries: readonly (Entry | null)[],
    place: Place,
  ): void {
    const names = new Environment(this.file);
    body.inputs.forEach((name, i) => {
      const entry = entries[i];
      if (entry) names.set(name, entry);
    });
    const given = resolved(node.attributes, place.attributes);
    this.run(
      body.nodes.map((inner) => ({
        ...inner,
        inputs: inner.inputs.map((name) =>
          names.find(name) || !body.inputs.includes(name) ? name : "",
        ),
        metadata: inner.metadata.size > 0 ? inner.metadata : node.metadata,
      })),
      {
        names,
        prefix: `${place.prefix}${node.name || (node.outputs[0] ?? node.op)}/`,
        opsets: body.opsets,
        attributes: new Map([...body.defaults, ...given]),
        depth: place.depth + 1,
      },
    );
    body.outputs.forEach((name, i) => {
      const output = node.outputs[i];
      const entry = names.find(name);
      if (output === undefined || !entry) return;
      place.names.set(output, entry);
      if (entry.layer !== null) this.layers.alias(entry.layer, place.prefix + output);
    });
  }

  private record(
    node: OnnxNode,
    entries: readonly (Entry | null)[],
    place: Place,
    values: readonly Value[],
    l: Lowering,
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
    reason: string,
  ): void {
    const l = new Lowering(this.network, place.prefix + (node.name || node.outputs[0] || node.op));
    const tensors = entries.flatMap((entry) =>
      entry?.value?.kind === "tensor" ? [entry.value.node] : [],
    );
    const parameters = entries.flatMap((entry) =>
      entry?.value?.kind === "parameter" ? [entry.value] : [],
    );
    const described = node.outputs.map((name) => (place.depth === 0 ? this.described(name) : null));
    const { builder } = this.network;
    const made = described.map((shape) => {
      const order = channelsLast(shape?.length ?? 1);
      const own = shape ? order.map((axis) => freed(shape[axis] ?? 1)) : [null];
      return { id: builder.opaque(l.name, tensors, reason, own), shape, order };
    });
    const layer = this.layers.add(
      { node, prefix: place.prefix },
      {
        nodes: made.map(({ id }) => builder.get(id)),
        output: null,
        opaqueOutput: made[0]?.id ?? null,
        inputs: [...new Set(entries.flatMap((entry) => entry?.layer ?? []))],
        uses: parameters.map((parameter) => this.network.use(parameter)),
        opaque: reason,
      },
    );
    const blame = entries.find((entry) => entry?.unknown)?.unknown ?? layer;
    node.outputs.forEach((name, i) => {
      const one = made[i];
      if (name === "" || !one) return;
      const value: Value | null = one.shape && {
        kind: "tensor",
        node: one.id,
        shape: one.shape,
        order: one.order,
      };
      place.names.set(name, { value, layer, unknown: value ? null : blame });
    });
  }
  /** The shape that the file tells for a value; null where it leaves more than the batch open. */
  private described(name: string): number[] | null {
    const shape = this.shapes.get(name)?.shape;
    if (!shape) return null;
    const { batch } = this.sizes;
    const sizes = shape.map((size, axis) => {
      const free = axis === 0 && batch !== null && (typeof size !== "number" || size === batch);
      return free ? BATCH : typeof size === "number" ? size : null;
    });
    const told = sizes.includes(null) ? null : sizes.map(Number);
    return told && isPossible(told.map(freed)) ? told : null;
  }
}
