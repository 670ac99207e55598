/** A graph as it is for one picture: every size a number. */
import { at } from "../base/at.ts";
import { type Box, readBox } from "./boxes.ts";
import type { Made } from "./ops/attributes.ts";
import type { Call, Definition, Reads, Sized } from "./ops/definition.ts";
import { definitions } from "./ops/index.ts";
import { count } from "./ops/shaping.ts";
import type { GraphNode, NodeId, NodeOf } from "./types.ts";

/** A node that computes. */
export type MadeNode = { [K in Made]: NodeOf<K> }[Made];
/** Whether a node computes, instead of carrying a value; narrows its type. */
export const isMade = (node: GraphNode): node is MadeNode => Object.hasOwn(definitions, node.op);

/** Sizes of a graph's tensors for a batch of 1. Throws a RangeError for an unknown node. */
export interface OnePicture {
  /** The shape of a node; where a free axis took others in, as long as it is for one picture. */
  shape(id: NodeId): readonly number[];
  /** What the operation of a node is called with. */
  call<K extends Made>(node: NodeOf<K>): Call<K>;
}
const known = new WeakMap<readonly GraphNode[], OnePicture & { readonly count: number }>();

/** Worked out once for a list of nodes, which is in topological order. */
export function onePicture(nodes: readonly GraphNode[]): OnePicture {
  const before = known.get(nodes);
  // the nodes of a builder grow
  if (before?.count === nodes.length) return before;
  const tensors = new Map<NodeId, Sized>();
  const sized = (id: NodeId): Sized => {
    const tensor = tensors.get(id);
    if (!tensor) throw new RangeError(`nothing makes '${id}'`);
    return tensor;
  };
  for (const node of nodes) {
    const shape = isMade(node) ? madeShape(node, node.inputs.map(sized)) : sizes(node.shape, 1);
    tensors.set(node.id, node.value ? { shape, data: node.value.data } : { shape });
  }
  const result = {
    count: nodes.length,
    shape: (id: NodeId) => sized(id).shape,
    call: <K extends Made>({ id, attrs, inputs }: NodeOf<K>): Call<K> => ({
      attrs,
      inputs: inputs.map(sized),
      shape: sized(id).shape,
    }),
  };
  known.set(nodes, result);
  return result;
}

function madeShape<K extends Made>(node: NodeOf<K>, inputs: readonly Sized[]): readonly number[] {
  const { shape }: Definition<K> = definitions[node.op];
  const typed = inputs.map((input) => ({ shape: input.shape, dtype: node.dtype }));
  return sizes(shape(typed, node.attrs).shape, count(at(inputs, 0).shape));
}
/** A free axis takes what the others leave of `cells`, one at the least. */
const sizes = (shape: GraphNode["shape"], cells: number): number[] =>
  shape.map((size) => size ?? Math.max(1, Math.ceil(cells / count(shape))));

/** What a cell of a node reads of its input `index`. */
export function readsOf<K extends Made>(one: OnePicture, node: NodeOf<K>, index: number): Reads {
  const { reads }: Definition<K> = definitions[node.op];
  return reads(one.call(node), index);
}
/** The part of input `index` that the cells of `box` read; null: none of its numbers. */
export function boxRead<K extends Made>(
  one: OnePicture,
  node: NodeOf<K>,
  index: number,
  box: Box,
): Box | null {
  return readBox(node.op, one.call(node), index, box);
}
/** Multiply-adds of a node for one picture; 0 where it is no operation. */
export function macsOf(one: OnePicture, node: GraphNode): number {
  return isMade(node) ? madeMacs(one, node) : 0;
}
const madeMacs = <K extends Made>(one: OnePicture, node: NodeOf<K>): number => {
  const { inputs, shape } = one.call(node);
  return macsOfCall(node, inputs, shape);
};
/** Multiply-adds of an operation on inputs of these sizes. */
export function macsOfCall<K extends Made>(
  { op, attrs }: NodeOf<K>,
  inputs: readonly Sized[],
  shape: readonly number[],
): number {
  const { macs }: Definition<K> = definitions[op];
  return macs({ attrs, inputs, shape });
}
