/** TensorFlow operations -> the graph: bodies of functions one inside the other, each pruned to what is asked of it. */
import { inputError } from "../../base/errors.ts";
import { GraphBuilder, type NodeId } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import { plain } from "./fold.ts";
import { Operation, results, type Use } from "./operation.ts";
import { ruleOf, worksOnPhases } from "./ops/index.ts";
import { ordered, outputOf } from "./order.ts";
import { Rearranged } from "./rearranged.ts";
import type { Parameter, TfGraph, TfNode } from "./types.ts";
import { node as nodeValue, Unsupported, type Value } from "./values.ts";

const MAX_CALLS = 100;
/** Functions that call each other can multiply; no network comes near. */
const MAX_OPERATIONS = 50_000;

/** What one TensorFlow operation became. */
export interface Made {
  /** With the scopes of the functions around it. */
  readonly name: string;
  readonly op: string;
  /** Without parameters and constants. */
  readonly nodes: readonly NodeId[];
  /** Null where it was worked out when the file was read. */
  readonly output: NodeId | null;
  /** The output's shape in the file, where that has channels first and `output` has them last. */
  readonly fileShape: Shape | null;
  readonly uses: readonly Use[];
  readonly opaque: string | null;
  readonly note: string | null;
}

/** Phases of a dilated convolution between SpaceToBatchND and BatchToSpaceND. */
export interface Phases {
  readonly block: readonly [number, number];
  readonly paddings: readonly (readonly [number, number])[];
  /** The tensor before it was split; after the convolution the result itself. */
  readonly source: NodeId;
  readonly convolved: boolean;
}

export class Lowering {
  readonly builder = new GraphBuilder();
  readonly rearranged = new Rearranged(this.builder);
  readonly made: Made[] = [];
  readonly parameters = new Map<string, Parameter>();
  readonly rows = new Map<NodeId, number>();
  readonly phases = new Map<NodeId, Phases>();
  /** Operations that are not understood, with how often they come. */
  readonly missing = new Map<string, number>();
  private readonly weights = new Map<string, NodeId>();
  /** Tensors whose shape is not known, with the operation that is to blame. */
  private readonly unknown = new Map<NodeId, string>();
  private readonly calling: string[] = [];
  private operations = 0;

  constructor(
    private readonly graph: TfGraph,
    private readonly file: string,
    /** What a variable of the main graph, or a constant, stands for; undefined where it is an ordinary operation. */
    private readonly parameterOf: (node: TfNode, name: string) => Value | undefined,
  ) {}

  /** Values of `wanted` (`node:0`) of the main graph; `given` are known tensors. */
  main(wanted: readonly string[], given: ReadonlyMap<string, Value>): Value[] {
    return this.body(this.graph.nodes, given, wanted, "", 0);
  }

  /** Throws `Unsupported` for a function that is not there, or calls itself. */
  call(name: string | undefined, args: readonly Value[], caller: string, depth: number): Value[] {
    const body = name === undefined ? undefined : this.graph.fn(name);
    if (!body || name === undefined)
      throw new Unsupported(`it calls the function '${name ?? ""}', which is not in the file`);
    if (this.calling.includes(name))
      throw new Unsupported(`it calls '${name}', which calls itself`);
    if (depth >= MAX_CALLS) throw new Unsupported(`it is inside more than ${MAX_CALLS} functions`);
    const given = new Map(body.args.flatMap((arg, i) => (args[i] ? [[arg, args[i]]] : [])));
    const scope = caller.replace(/(^|\/)(Stateful)?PartitionedCall(_\d+)?$/, "$1");
    this.calling.push(name);
    try {
      const prefix = scope === "" || scope.endsWith("/") ? scope : `${scope}/`;
      return this.body(body.nodes, given, body.returns, prefix, depth + 1);
    } finally {
      this.calling.pop();
    }
  }

  private body(
    nodes: readonly TfNode[],
    given: ReadonlyMap<string, Value>,
    wanted: readonly string[],
    prefix: string,
    depth: number,
  ): Value[] {
    const values = new Map<string, readonly Value[]>();
    for (const [name, value] of given) values.set(name, [value]);
    const byName = new Map(nodes.map((node) => [node.name, node]));
    const find = (ref: string): Value | undefined => {
      const { name, index } = outputOf(ref, byName);
      const found = values.get(name);
      return found?.[index] ?? (found?.length === 1 ? found[0] : undefined);
    };
    for (const node of ordered(nodes, byName, wanted, new Set(given.keys()))) {
      if (++this.operations > MAX_OPERATIONS)
        throw inputError(
          `'${this.file}' unfolds to more than ${MAX_OPERATIONS} operations, which no network does.`,
        );
      const inputs = node.inputs.filter((ref) => !ref.startsWith("^"));
      values.set(node.name, this.lower(node, prefix + node.name, inputs.map(find), depth));
    }
    return wanted.map((ref) => {
      const value = find(ref);
      if (!value)
        throw inputError(
          `'${this.file}' does not describe its tensor '${ref.slice(0, 200)}'; save the model again.`,
        );
      return value;
    });
  }

  private lower(
    tf: TfNode,
    name: string,
    given: readonly (Value | undefined)[],
    depth: number,
  ): readonly Value[] {
    const parameter = this.parameterOf(tf, name);
    if (parameter) return [parameter];
    const inputs = given.filter((value) => value !== undefined);
    if (tf.op !== "Merge" && tf.op !== "RefMerge" && inputs.some(({ kind }) => kind === "dead"))
      return [{ kind: "dead" }];
    const from = this.builder.nodes.length;
    const op = new Operation(this, tf, name, inputs, depth);
    try {
      const rule = ruleOf(tf.op) ?? (this.graph.fn(tf.op) && ((o) => o.call(tf.op, o.inputs)));
      if (!rule) {
        this.missing.set(tf.op, (this.missing.get(tf.op) ?? 0) + 1);
        throw new Unsupported(`the operation ${tf.op} is not supported`);
      }
      if (inputs.length !== given.length) throw new Unsupported("it is part of a loop");
      this.refuse(tf.op, inputs);
      const before = this.made.length;
      const out = results(rule(op));
      // operations inside a called function stand for themselves
      if (this.made.length === before) this.record(op, from, out[0], null);
      return out;
    } catch (error) {
      return [this.opaque(op, tf, from, reasonOf(error))];
    }
  }

  private refuse(op: string, inputs: readonly Value[]): void {
    for (const value of inputs) {
      if (value.kind !== "node") continue;
      const blamed = this.unknown.get(value.id);
      if (blamed !== undefined)
        throw new Unsupported(`depends on '${blamed}', whose output the file does not describe`);
      const phases = this.phases.get(value.id);
      if (phases && !worksOnPhases(op, phases.convolved))
        throw new Unsupported("it works on the phases of a picture in a way that is not known");
    }
  }

  /** A tensor that is fed but cannot be: text, for instance. */
  opaqueInput(name: string, reason: string): Value {
    const id = this.builder.opaque(name, [], reason, [null]);
    this.unknown.set(id, name);
    this.made.push({
      name,
      op: "Placeholder",
      nodes: [id],
      output: id,
      fileShape: null,
      uses: [],
      opaque: reason,
      note: null,
    });
    return nodeValue(id);
  }

  private record(op: Operation, from: number, out: Value | undefined, opaque: string | null): void {
    const nodes = this.builder.nodes
      .slice(from)
      .flatMap(({ op: kind, id }) => (kind === "weight" || kind === "constant" ? [] : [id]));
    if (nodes.length === 0 && op.uses.length === 0 && opaque === null) return;
    const end = out?.kind === "node" && nodes.length > 0 ? out.id : null;
    const last = end === null ? null : this.rearranged.channelsLast(end);
    this.made.push({
      name: op.name,
      op: op.op,
      nodes,
      output: last ?? end,
      fileShape: end === null || last === null ? null : this.builder.shape(end),
      uses: op.uses,
      opaque,
      note: op.note,
    });
  }

  private opaque(op: Operation, tf: TfNode, from: number, reason: string): Value {
    const inputs = op.inputs.flatMap((value) => (value.kind === "node" ? [value.id] : []));
    const told = tf.attributes.get("_output_shapes")?.shapes?.[0] ?? null;
    const rest = told?.slice(1) ?? [null];
    const isKnown = told !== null && told.length > 0 && !rest.includes(null);
    const shape: Shape = isKnown ? [null, ...rest] : [null];
    const id = this.builder.opaque(op.name, inputs, reason, shape);
    const blamed = inputs.map((input) => this.unknown.get(input)).find((who) => who !== undefined);
    if (!isKnown) this.unknown.set(id, blamed ?? op.name);
    const out = nodeValue(id);
    this.record(op, from, out, reason);
    return out;
  }

  /** A value as a node of the graph. */
  materialise(value: Value, hint: string): NodeId {
    switch (value.kind) {
      case "node":
        return value.id;
      case "parameter": {
        const { parameter, shape } = value;
        const id = this.weights.get(parameter.ref) ?? this.weight(parameter);
        return this.rearranged.reshape(id, shape, hint);
      }
      case "host": {
        const numbers = value.data.map(plain);
        const { dtype, shape } = value;
        const data =
          dtype === "float32"
            ? Float32Array.from(numbers)
            : dtype === "int32"
              ? Int32Array.from(numbers)
              : Uint8Array.from(numbers);
        return this.builder.constant({ dtype, shape, data }, `${hint}/constant`);
      }
      case "variable":
        throw new Unsupported("it takes a variable itself, not its value");
      case "dead":
        throw new Unsupported("it is on a branch that is never taken");
    }
  }

  private weight(parameter: Parameter): NodeId {
    this.parameters.set(parameter.ref, parameter);
    const id = this.builder.weight(parameter.ref, parameter.shape, parameter.dtype);
    this.weights.set(parameter.ref, id);
    return id;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Unsupported) return error.message;
  // a shape rule of the graph
  if (error instanceof RangeError) return `its tensors do not fit (${error.message})`;
  throw error;
}
