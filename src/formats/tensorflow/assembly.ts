/** TensorFlow operations -> the graph, one after the other; what is not understood becomes opaque. */
import { channelsAtEnd, Lowering, Network } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Edge } from "./edges.ts";
import { Functions, type Given, type Place } from "./functions.ts";
import { Operation } from "./operation.ts";
import { ruleOf } from "./ops/index.ts";
import { opaqueOutputs, reasonOf } from "./opaque.ts";
import { asPhases, phasesFor } from "./phases.ts";
import { Recording } from "./recording.ts";
import type { StoredParameter, TfGraph, TfNode } from "./types.ts";

/** A whole file while it is lowered. */
export class Assembly {
  readonly network = new Network();
  readonly recording = new Recording(this.network);
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
    this.functions = new Functions(graph, file, {
      operation: (node, inputs, place) => this.lower(node, inputs, place),
      lacking: (node, index, { prefix }) =>
        this.opaque(`${prefix}${node.name}:${index}`, node.op, "this output is not computed"),
    });
  }

  private lower(tf: TfNode, given: readonly (Edge | undefined)[], place: Place): Given {
    const name = place.prefix + tf.name;
    const stored = this.stored(tf, name);
    if (stored) return { outputs: [stored], others: null };
    const inputs = given.filter((edge) => edge !== undefined);
    if (tf.op !== "Merge" && tf.op !== "RefMerge" && inputs.some(({ kind }) => kind === "dead"))
      return { outputs: [], others: { kind: "dead" } };
    const from = this.network.builder.nodes.length;
    const l = new Lowering(this.network, name);
    const phases = phasesFor(tf.op, inputs);
    const taken = phases ? [phases.source, ...inputs.slice(1)] : inputs;
    const op = new Operation(l, tf, taken, (fn, args) =>
      this.functions.call(fn, args, name, place),
    );
    try {
      const before = this.recording.made.length;
      const own = this.applied(op, given.length);
      const out = phases ? asPhases(phases, own) : this.straightened(op, own, place, tf);
      // operations inside a called function stand for themselves
      if (this.recording.made.length === before) this.recording.add(op, from, out[0], null);
      return { outputs: out, others: null };
    } catch (error) {
      const reason = reasonOf(error);
      const { outputs, others } = opaqueOutputs(op, tf, reason);
      this.recording.add(op, from, outputs[0] ?? others, reason.message);
      return { outputs, others };
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

  /** A tensor that is fed but cannot be: text, for instance; or one that is not computed. */
  opaque(name: string, op: string, reason: string): Edge {
    const node = this.network.builder.opaque(name, [], reason, [null]);
    this.recording.addOpaque(name, op, node, reason);
    return { kind: "unknown", node, blame: name };
  }
}
