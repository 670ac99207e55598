/** Bodies of functions one inside the other, each pruned to what is asked of it. */
import { inputError } from "../../base/errors.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { picturesAmong } from "../lower/index.ts";
import type { Edge } from "./edges.ts";
import { readsOf } from "./ops/views.ts";
import { byNames, ordered } from "./order.ts";
import {
  checkCount,
  checkReferences,
  nodeOf,
  outputCount,
  outputOf,
  takerOf,
  valuesOf,
} from "./references.ts";
import type { TfGraph, TfNode } from "./types.ts";

const MAX_CALLS = 100;
/** Functions that call each other can multiply; no network comes near. */
const MAX_OPERATIONS = 50_000;

/** Where an operation stands. */
export interface Place {
  /** Scopes of the functions around it: empty, or ending in a slash. */
  readonly prefix: string;
  readonly depth: number;
  /** Operations around it that give pictures with channels in axis 1. */
  readonly pictures: ReadonlySet<string>;
}
/** What an operation gives. */
export interface Given {
  readonly outputs: readonly Edge[];
  /** What stands for outputs that are not among them; null: the operation has no others, or they are not computed. */
  readonly others: Edge | null;
}
/** How operations are lowered. */
export interface Lower {
  /** One operation; an input that is undefined has no value yet: it is part of a loop. */
  operation(node: TfNode, inputs: readonly (Edge | undefined)[], place: Place): Given;
  /** What stands for an output that the operation has and that is not computed. */
  lacking(node: TfNode, index: number, place: Place): Edge;
}

/** Walks a graph and the functions that it calls. */
export class Functions {
  private readonly calling: string[] = [];
  private operations = 0;

  constructor(
    private readonly graph: TfGraph,
    /** The model's name in messages. */
    private readonly file: string,
    private readonly lower: Lower,
  ) {}

  /** Values of `wanted` (`node:0`) of the main graph; `given` are known. */
  main(wanted: readonly string[], given: ReadonlyMap<string, Edge>): Edge[] {
    const names = new Set(given.keys());
    return this.body(this.graph.nodes, names, given, wanted, { prefix: "", depth: 0 });
  }

  has(name: string): boolean {
    return this.graph.fn(name) !== undefined;
  }

  /** Throws `Unsupported` for a function that is not there, or calls itself. */
  call(
    name: string | undefined,
    args: readonly Edge[],
    caller: string,
    { depth }: Pick<Place, "depth">,
  ): Edge[] {
    const body = name === undefined ? undefined : this.graph.fn(name);
    if (!body || name === undefined)
      throw new Unsupported(`it calls the function '${name ?? ""}', which is not in the file`);
    if (this.calling.includes(name))
      throw new Unsupported(`it calls '${name}', which calls itself`);
    if (depth >= MAX_CALLS) throw new Unsupported(`it is inside more than ${MAX_CALLS} functions`);
    const given = new Map(body.args.flatMap((arg, i) => (args[i] ? [[arg, args[i]]] : [])));
    const scope = caller.replace(/(^|\/)(Stateful)?PartitionedCall(_\d+)?$/, "$1");
    const prefix = scope === "" || scope.endsWith("/") ? scope : `${scope}/`;
    this.calling.push(name);
    try {
      const around = { prefix, depth: depth + 1 };
      return this.body(body.nodes, new Set(body.args), given, body.returns, around);
    } finally {
      this.calling.pop();
    }
  }

  /** Values of `wanted` in a body that takes `args`, of which `given` are known. */
  private body(
    nodes: readonly TfNode[],
    args: ReadonlySet<string>,
    given: ReadonlyMap<string, Edge>,
    wanted: readonly string[],
    around: Omit<Place, "pictures">,
  ): Edge[] {
    const known = new Map<string, Given>();
    for (const [name, edge] of given) known.set(name, { outputs: [edge], others: null });
    const byName = byNames(nodes);
    checkReferences(nodes, byName, args, around.prefix);
    const needed = ordered(nodes, byName, wanted, new Set(given.keys()));
    const readings = needed.map((node) => ({
      inputs: node.inputs.map(nodeOf),
      outputs: [node.name],
      reads: readsOf(node),
    }));
    const place: Place = { ...around, pictures: picturesAmong(readings) };
    const find = (ref: string, taker: string): Edge | undefined => {
      const output = outputOf(ref, byName, taker);
      const node = byName.get(output.name);
      const found = known.get(output.name);
      if (!found) return undefined;
      const edge = found.outputs[output.index] ?? found.others;
      if (edge) return edge;
      const count = (node && outputCount(node)) ?? found.outputs.length;
      checkCount(output, count, ref, taker);
      return node && this.lower.lacking(node, output.index, place);
    };
    for (const node of needed) {
      if (++this.operations > MAX_OPERATIONS)
        throw inputError(
          `'${this.file}' unfolds to more than ${MAX_OPERATIONS} operations, which no network does.`,
        );
      const taker = takerOf(around.prefix + node.name);
      const inputs = valuesOf(node).map((ref) => find(ref, taker));
      known.set(node.name, this.lower.operation(node, inputs, place));
    }
    return wanted.map((ref) => {
      const edge = find(ref, "its output is");
      if (!edge)
        throw inputError(
          `'${this.file}' does not describe its tensor '${ref.slice(0, 200)}'; save the model again.`,
        );
      return edge;
    });
  }
}
