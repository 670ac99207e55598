import { createHash } from "node:crypto";
import { computeError } from "../base/errors.ts";
import type { EngineName } from "../shared/engines.ts";
import {
  type AttrsOf,
  fixedBatch,
  GraphBuilder,
  type GraphNode,
  isOpaque,
  type Made,
  type ModelGraph,
  type NodeId,
  type NodeOf,
  notRun,
  prune,
  type WeightStore,
} from "../graph/index.ts";
import { Replacement } from "./ops/compose.ts";
import { operations } from "./ops/index.ts";

/** What an engine executes: the pruned graph, in operations that the engine has. Feeds are `input` nodes in it. */
export interface Plan {
  readonly nodes: readonly GraphNode[];
  readonly feeds: readonly NodeId[];
  readonly fetches: readonly NodeId[];
  readonly weights: WeightStore;
  /** How many rows the file fixes; null where its batch is free. */
  readonly batch: number | null;
  /** The node of the user's graph that a node of the plan belongs to. */
  readonly origin: ReadonlyMap<NodeId, NodeId>;
  /** Equal for plans that compute the same from the same weights. */
  readonly key: string;
}

/**
 * Prunes `graph` to what `fetches` need below `feeds` and replaces operations that `engine` lacks.
 * Throws a ConvLensError of kind `input` naming the opaque layers in the way.
 */
export function plan(
  graph: ModelGraph,
  feeds: readonly NodeId[],
  fetches: readonly NodeId[],
  engine: EngineName,
): Plan {
  const known = new Set(graph.nodes.map(({ id }) => id));
  for (const id of [...feeds, ...fetches])
    if (!known.has(id)) throw computeError(`The graph has no node '${id}'.`);
  const fed = new Set(feeds);
  const needed = prune(graph.nodes, fed, fetches);
  refuse(graph, needed, fed);

  const builder = new GraphBuilder();
  const idOf = new Map<NodeId, NodeId>();
  const origin = new Map<NodeId, NodeId>();
  const users = countUsers(needed, fetches);
  /** Those of the value that a placed node stands for. */
  const usersOf = new Map<NodeId, number>();
  const alone = (id: NodeId): boolean => usersOf.get(id) === 1;
  for (const node of needed) {
    const first = builder.nodes.length;
    const id = fed.has(node.id)
      ? builder.input(node.id, node.shape, node.dtype)
      : place(
          builder,
          { ...node, inputs: node.inputs.map((input) => idOf.get(input) ?? input) },
          engine,
          alone,
        );
    idOf.set(node.id, id);
    usersOf.set(id, (usersOf.get(id) ?? 0) + (users.get(node.id) ?? 0));
    for (const made of builder.nodes.slice(first)) origin.set(made.id, node.id);
  }
  // a feed that no fetch needs is still taken, and not used
  for (const id of feeds)
    if (!idOf.has(id)) {
      const node = graph.nodes.find((candidate) => candidate.id === id);
      if (node) idOf.set(id, builder.input(id, node.shape, node.dtype));
    }
  const placed = (ids: readonly NodeId[]): NodeId[] => ids.map((id) => idOf.get(id) ?? id);
  const [inputs, outputs] = [placed(feeds), placed(fetches)];
  const nodes = prune(builder.nodes, new Set(inputs), [...inputs, ...outputs]);
  const key = digest(nodes, inputs, outputs);
  const batch = fixedBatch(graph);
  return { nodes, feeds: inputs, fetches: outputs, weights: graph.weights, batch, origin, key };
}

/** How many nodes and fetches need the value of each node. */
function countUsers(
  nodes: readonly GraphNode[],
  fetches: readonly NodeId[],
): ReadonlyMap<NodeId, number> {
  const users = new Map<NodeId, number>();
  for (const id of [...nodes.flatMap(({ inputs }) => inputs), ...fetches])
    users.set(id, (users.get(id) ?? 0) + 1);
  return users;
}

function refuse(graph: ModelGraph, needed: readonly GraphNode[], fed: ReadonlySet<NodeId>): void {
  const opaque = needed.filter(isOpaque).filter(({ id }) => !fed.has(id));
  if (opaque.length > 0) throw notRun(opaque, graph);
  const open = needed.find((node) => node.op === "input" && !fed.has(node.id));
  if (open) throw computeError(`The input '${open.id}' is needed, and nothing is fed to it.`);
}

/** Copies one node into the plan, or what it is lowered to. */
function place(
  builder: GraphBuilder,
  node: GraphNode,
  engine: EngineName,
  alone: (id: NodeId) => boolean,
): NodeId {
  switch (node.op) {
    case "constant":
      if (!node.value) throw computeError(`The constant '${node.id}' has no value.`);
      return builder.constant(node.value, node.id);
    case "weight":
      return builder.weight(node.attrs.ref, node.shape, node.dtype);
    case "input":
    case "opaque":
      return builder.input(node.id, node.shape, node.dtype);
    default:
      return new Lowered(builder, node.id, engine, alone).copy(node);
  }
}
/** Makes nodes that the engine has: what it lacks is replaced, as often as it takes. */
class Lowered extends Replacement {
  constructor(
    builder: GraphBuilder,
    private readonly id: NodeId,
    private readonly engine: EngineName,
    alone: (id: NodeId) => boolean,
  ) {
    super(builder, id, alone);
  }
  override op<K extends Made>(op: K, inputs: readonly NodeId[], ...attrs: AttrsOf<K>): NodeId {
    const added = this.builder.add(op, this.id, inputs, ...attrs);
    const lowered = lower(this, this.builder.get(added) as Computed, this.engine);
    // the node that was replaced stays behind unused, and is pruned
    return lowered ?? added;
  }
  copy<K extends Made>({ op, inputs, attrs }: NodeOf<K>): NodeId {
    return this.op(op, inputs, ...([attrs] as unknown as AttrsOf<K>));
  }
}
type Computed = { [K in Made]: NodeOf<K> }[Made];

function lower<K extends Made>(c: Replacement, node: NodeOf<K>, engine: EngineName): NodeId | null {
  return operations[node.op].lower?.(c, node, engine) ?? null;
}

/** Identity by structure: ids do not count, constants do. */
function digest(
  nodes: readonly GraphNode[],
  feeds: readonly NodeId[],
  fetches: readonly NodeId[],
): string {
  const index = new Map(nodes.map(({ id }, i) => [id, i]));
  const hash = createHash("sha1");
  for (const node of nodes) {
    const attrs = node.op === "input" ? null : node.attrs;
    const inputs = node.inputs.map((id) => index.get(id));
    hash.update(JSON.stringify([node.op, attrs, inputs, node.shape, node.dtype], spell));
    if (node.value) hash.update(node.value.data);
  }
  hash.update(JSON.stringify([feeds, fetches].map((ids) => ids.map((id) => index.get(id)))));
  return hash.digest("base64");
}

/** JSON has no infinities. */
const spell = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
