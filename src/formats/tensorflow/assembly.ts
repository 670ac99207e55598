/** TensorFlow operations -> the graph, one after the other; what is not understood becomes opaque. */
import type { NodeId } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";
import { channelsAtEnd, Lowering, Network, type Tensor, type Use } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Edge } from "./edges.ts";
import { Functions, type Place } from "./functions.ts";
import { Operation } from "./operation.ts";
import { ruleOf } from "./ops/index.ts";
import { asPhases, phasesFor } from "./phases.ts";
import type { StoredParameter, TfGraph, TfNode } from "./types.ts";

/** What one TensorFlow operation became. */
export interface Made {
  /** With the scopes of the functions around it. */
  readonly name: string;
  readonly op: string;
  /** Without parameters and constants. */
  readonly nodes: readonly NodeId[];
  /** Its first output; null where it was worked out while the file was read. */
  readonly output: NodeId | null;
  /** The output itself, where its shape is known. */
  readonly value: Tensor | null;
  readonly uses: readonly Use[];
  /** What its parameters are to it, by their `ref`. */
  readonly roles: ReadonlyMap<string, string>;
  readonly opaque: string | null;
  readonly note: string | null;
}

/** A whole file while it is lowered. */
export class Assembly {
  readonly network = new Network();
  readonly made: Made[] = [];
  /** Names of the operations that gave a tensor, also where nothing had to be made for it: they tell the scopes. */
  readonly names: string[] = [];
  /** Parameters of the file by their `ref`. */
  readonly parameters = new Map<string, StoredParameter>();
  /** Operations that are not understood, with how often they come. */
  readonly missing = new Map<string, number>();
  readonly functions: Functions;

  constructor(
    graph: TfGraph,
    file: string,
    /** What a variable of the main graph, or a constant, stands for; undefined where it is an ordinary operation. */
    private readonly storedAs: (node: TfNode, name: string) => Edge | undefined,
  ) {
    this.functions = new Functions(graph, file, (node, inputs, place) =>
      this.lower(node, inputs, place),
    );
  }

  private lower(tf: TfNode, given: readonly (Edge | undefined)[], place: Place): readonly Edge[] {
    const name = place.prefix + tf.name;
    const stored = this.stored(tf, name);
    if (stored) return [stored];
    const inputs = given.filter((edge) => edge !== undefined);
    if (tf.op !== "Merge" && tf.op !== "RefMerge" && inputs.some(({ kind }) => kind === "dead"))
      return [{ kind: "dead" }];
    const from = this.network.builder.nodes.length;
    const l = new Lowering(this.network, name);
    const phases = phasesFor(tf.op, inputs);
    const taken = phases ? [phases.source, ...inputs.slice(1)] : inputs;
    const op = new Operation(l, tf, taken, (fn, args) =>
      this.functions.call(fn, args, name, place),
    );
    try {
      const before = this.made.length;
      const own = this.applied(op, given.length);
      const out = phases ? asPhases(phases, own) : this.straightened(op, own, place, tf);
      // operations inside a called function stand for themselves
      if (this.made.length === before) this.record(op, from, out[0], null);
      return out;
    } catch (error) {
      return [this.opaque(op, tf, from, reasonOf(error))];
    }
  }

  /** A picture that was left in the file's order of axes is brought into the graph's: lenses look for channels at the end. */
  private straightened(
    { l }: Operation,
    edges: readonly Edge[],
    { pictures }: Place,
    { name }: TfNode,
  ): readonly Edge[] {
    if (!pictures.has(name)) return edges;
    return edges.map((edge) => (edge.kind === "tensor" ? channelsAtEnd(l, edge) : edge));
  }

  private stored(tf: TfNode, name: string): Edge | undefined {
    const edge = this.storedAs(tf, name);
    if (edge?.kind === "variable") this.parameters.set(edge.parameter.ref, edge.parameter);
    if (edge?.kind === "parameter") this.parameters.set(edge.ref, edge as StoredParameter);
    return edge;
  }

  private applied(op: Operation, wanted: number): readonly Edge[] {
    const rule =
      ruleOf(op.op) ?? (this.functions.has(op.op) ? () => op.call(op.op, op.edges) : undefined);
    if (!rule) {
      this.missing.set(op.op, (this.missing.get(op.op) ?? 0) + 1);
      throw new Unsupported(`the operation ${op.op} is not supported`);
    }
    if (op.edges.length !== wanted) throw new Unsupported("it is part of a loop");
    const out = rule(op);
    return "kind" in out ? [out] : out;
  }

  /** A tensor that is fed but cannot be: text, for instance. */
  opaqueInput(name: string, reason: string): Edge {
    const node = this.network.builder.opaque(name, [], reason, [null]);
    this.made.push({
      ...{ name, op: "Placeholder", nodes: [node], output: node, value: null },
      ...{ uses: [], roles: new Map(), opaque: reason, note: null },
    });
    return { kind: "unknown", node, blame: name };
  }

  private record(op: Operation, from: number, out: Edge | undefined, opaque: string | null): void {
    const passed = out === undefined || op.edges.includes(out);
    if (!passed && (out.kind === "tensor" || out.kind === "phases")) this.names.push(op.l.name);
    const nodes = this.network.builder.nodes
      .slice(from)
      .flatMap(({ op: kind, id }) => (kind === "weight" || kind === "constant" ? [] : [id]));
    for (const edge of opaque === null ? [] : op.edges)
      if (edge.kind === "parameter") op.l.use(edge);
    const uses = [...op.l.uses.values()];
    if (nodes.length === 0 && uses.length === 0 && opaque === null) return;
    const source = out?.kind === "phases" ? out.source : out;
    const value = source?.kind === "tensor" && nodes.length > 0 ? source : null;
    const output = source?.kind === "unknown" ? source.node : (value?.node ?? null);
    const { roles, note } = op;
    this.made.push({ name: op.l.name, op: op.op, nodes, output, value, uses, roles, opaque, note });
  }

  private opaque(op: Operation, tf: TfNode, from: number, reason: string): Edge {
    const inputs = op.edges.flatMap((edge) => {
      const taken = edge.kind === "phases" ? edge.source : edge;
      return taken.kind === "tensor" || taken.kind === "unknown" ? [taken.node] : [];
    });
    const told = tf.attributes.get("_output_shapes")?.shapes?.[0] ?? null;
    const rest = told?.slice(1) ?? [null];
    const isKnown = told !== null && told.length > 0 && !rest.includes(null);
    const shape: Shape = isKnown ? [null, ...rest] : [null];
    const node = this.network.builder.opaque(op.l.name, inputs, reason, shape);
    const blamed = op.edges.find((edge) => edge.kind === "unknown")?.blame;
    const out: Edge = isKnown
      ? op.l.tensor(node)
      : { kind: "unknown", node, blame: blamed ?? op.l.name };
    this.record(op, from, out, reason);
    return out;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Unsupported) return error.message;
  // a shape rule of the graph
  if (error instanceof RangeError) return `its tensors do not fit (${error.message})`;
  throw error;
}
