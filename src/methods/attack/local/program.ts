/** The followed part of a network as graphs on patches instead of whole maps, one after the other. */
import {
  GraphBuilder,
  prune,
  type AttrsOf,
  type GraphNode,
  type Made,
  type ModelGraph,
  type NodeId,
  type NodeOf,
} from "../../../graph/index.ts";
import type { Shape } from "../../../base/tensor.ts";
import { type Box, type Followed, regionOf } from "./cut.ts";

/** What is fed to a stage: the patches of a node, with `region` around each where that is read too. */
export interface Feed {
  readonly id: NodeId;
  readonly of: NodeId;
  readonly region: Box | null;
  /** What stands outside the map. */
  readonly outside: number;
}
/** Makes the patches of `of`. */
export interface Stage {
  readonly of: NodeId;
  readonly feeds: readonly Feed[];
  /** The node that is fetched. */
  readonly result: NodeId;
}

/** The last stage makes the patches of the cut. */
export function stages(
  graph: ModelGraph,
  followed: Followed,
): { readonly graph: ModelGraph; readonly stages: readonly Stage[] } {
  const { input, cut, nodes } = followed;
  const boxOf = (id: NodeId): Box => {
    const box = followed.boxes.get(id);
    if (!box) throw new RangeError(`'${id}' is not followed`);
    return box;
  };
  const live = new Set([input, ...nodes.map(({ node }) => node.id)]);
  const reads = nodes.map(({ node, window }) => {
    const box = boxOf(node.id);
    const region = regionOf(box, window);
    const around = node.inputs.filter(
      (id) => live.has(id) && !(window.outside === null && same(boxOf(id), region)),
    );
    return { node, region, around, outside: window.outside ?? 0 };
  });
  const made = new Set([cut, ...reads.flatMap(({ around }) => around)]);

  const builder = new GraphBuilder(graph.nodes.filter(({ id }) => !live.has(id)));
  const channels = (id: NodeId): number =>
    Number(graph.nodes.find((node) => node.id === id)?.shape[3]);
  const feeds = new Map<NodeId, Feed>();
  const feed = (of: NodeId, region: Box | null, outside: number): NodeId => {
    const [rows, columns] = region ?? boxOf(of);
    const shape: Shape = [null, rows.size, columns.size, channels(of)];
    const id = builder.input(`${of}/patch`, shape);
    feeds.set(id, { id, of, region, outside });
    return id;
  };
  const patches = new Map<NodeId, NodeId>();
  for (const { node, region, around, outside } of reads) {
    const inputs = node.inputs.map((id) => {
      if (!live.has(id)) return id;
      if (around.includes(id)) return feed(id, region, outside);
      const direct = made.has(id) || id === input ? null : patches.get(id);
      return direct ?? feed(id, null, 0);
    });
    patches.set(node.id, onPatch(builder, node, inputs));
  }
  const all = [...made].filter((id) => id !== input);
  const order = nodes.map(({ node }) => node.id);
  all.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return {
    graph: { ...graph, nodes: builder.nodes },
    stages: all.map((of) => {
      const result = patches.get(of) ?? of;
      const needed = prune(builder.nodes, new Set(), [result]);
      return { of, result, feeds: needed.flatMap(({ id }) => feeds.get(id) ?? []) };
    }),
  };
}

const same = (a: Box, b: Box): boolean =>
  ([0, 1] as const).every(
    (axis) =>
      a[axis].size === b[axis].size &&
      a[axis].starts.every((start, i) => start === b[axis].starts[i]),
  );

/** The operation on a patch that has all that it reads: nothing is padded any more. */
function onPatch(builder: GraphBuilder, node: GraphNode, inputs: readonly NodeId[]): NodeId {
  switch (node.op) {
    case "pad":
      return inputs[0] ?? node.id;
    case "conv2d":
    case "depthwiseConv2d":
    case "maxPool":
    case "avgPool":
      return copy(
        builder,
        { ...node, attrs: { ...node.attrs, padding: "valid" } } as GraphNode,
        inputs,
      );
    default:
      return copy(builder, node, inputs);
  }
}

function copy(builder: GraphBuilder, node: GraphNode, inputs: readonly NodeId[]): NodeId {
  const add = <K extends Made>({ op, attrs }: NodeOf<K>): NodeId =>
    builder.add(op, `${node.id}/of_patch`, inputs, ...([attrs] as unknown as AttrsOf<K>));
  return add(node as { [K in Made]: NodeOf<K> }[Made]);
}
