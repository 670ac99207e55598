/** Class scores before their softmax or sigmoid, wherever what only rearranges numbers was put behind it. */
import { at } from "../../base/at.ts";
import type { GraphBuilder, GraphNode, NodeId, NodeOf } from "../../graph/index.ts";
import { axisBefore } from "./pieces.ts";

/** Cells of one axis of a node, [from, to). */
interface Part {
  readonly node: NodeId;
  readonly axis: number;
  readonly from: number;
  readonly to: number;
}
/** The same cells before an activation. */
export interface Before {
  readonly node: NodeId;
  readonly activation: "softmax" | "sigmoid";
  /** The file's own numbers are the logarithms of a softmax. */
  readonly log: boolean;
}

/** The same of another part. */
type Look = (part: Part) => Before | null;

/**
 * The numbers of a part as they were before their activation, in the part's own shape; null where there is none. Nodes are appended
 * only for what stands behind the activation.
 */
export function beforeActivation(builder: GraphBuilder, part: Part): Before | null {
  // parts that were joined may be the same ones, again and again
  const known = new Map<string, Before | null>();
  const look: Look = (own) => {
    const key = JSON.stringify([own.node, own.axis, own.from, own.to]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const found = behind(builder, own, look);
    known.set(key, found);
    return found;
  };
  return look(part);
}

function behind(builder: GraphBuilder, part: Part, look: Look): Before | null {
  const node = builder.get(part.node);
  const [input] = node.inputs;
  if (input === undefined) return null;
  const whole = (id: NodeId): NodeId => sliced(builder, { ...part, node: id });
  switch (node.op) {
    case "sigmoid":
      return { node: whole(input), activation: "sigmoid", log: false };
    case "softmax":
    case "logSoftmax":
      return isWhole(builder, part) && part.axis === node.shape.length - 1
        ? { node: input, activation: "softmax", log: node.op === "logSoftmax" }
        : null;
    case "cast":
      return look({ ...part, node: input });
    case "div":
      return byHand(builder, node, part);
    case "transpose": {
      const { perm } = node.attrs;
      const found = look({ ...part, node: input, axis: at(perm, part.axis) });
      return found && again(found, (id) => builder.add("transpose", ID, [id], { perm }));
    }
    case "reshape":
      return reshaped(builder, node, part, look);
    case "slice":
      return cut(builder, node, part, look);
    case "concat":
      return joined(builder, node, part, look);
    default:
      return null;
  }
}

const ID = "before_activation";

const again = (before: Before, make: (id: NodeId) => NodeId): Before => ({
  ...before,
  node: make(before.node),
});

const isWhole = (builder: GraphBuilder, { node, axis, from, to }: Part): boolean =>
  from === 0 && to === builder.shape(node)[axis];

/** The cells of a part. */
export function sliced(builder: GraphBuilder, part: Part): NodeId {
  if (isWhole(builder, part)) return part.node;
  const shape = builder.shape(part.node);
  const begin = shape.map((_, axis) => (axis === part.axis ? part.from : 0));
  const size = shape.map((_, axis) => (axis === part.axis ? part.to - part.from : null));
  return builder.add("slice", ID, [part.node], { begin, size });
}

/** exp(x) / sum(exp(x)), over all cells of the part. */
function byHand(builder: GraphBuilder, { inputs }: GraphNode, part: Part): Before | null {
  const [top, bottom] = inputs.map((id) => builder.get(id));
  const summed = bottom?.op === "sum" && bottom.inputs[0] === top?.id;
  if (top?.op !== "exp" || !summed || !isWhole(builder, part)) return null;
  const x = builder.get(at(top.inputs, 0));
  const [shifted, by] = x.inputs;
  const largest = x.op === "sub" && by !== undefined && builder.get(by).op === "max";
  return {
    node: largest && shifted !== undefined ? shifted : x.id,
    activation: "softmax",
    log: false,
  };
}

/** The axis has to come through whole. */
function reshaped(
  builder: GraphBuilder,
  node: NodeOf<"reshape">,
  part: Part,
  look: Look,
): Before | null {
  const input = at(node.inputs, 0);
  const axis = axisBefore(builder.shape(input), node.shape, part.axis);
  if (axis === null) return null;
  const found = look({ ...part, node: input, axis });
  const shape = node.shape.map((own, index) => (index === part.axis ? part.to - part.from : own));
  return found && again(found, (id) => builder.add("reshape", ID, [id], { shape }));
}
function cut(builder: GraphBuilder, node: NodeOf<"slice">, part: Part, look: Look): Before | null {
  const { begin, size } = node.attrs;
  const first = at(begin, part.axis);
  const found = look({
    ...part,
    node: at(node.inputs, 0),
    from: part.from + first,
    to: part.to + first,
  });
  const along = <T>(list: readonly T[], own: T): T[] =>
    list.map((value, axis) => (axis === part.axis ? own : value));
  const attrs = { begin: along(begin, 0), size: along<number | null>(size, null) };
  return found && again(found, (id) => builder.add("slice", ID, [id], attrs));
}

/** Along the part's axis the one piece that holds it; along another all pieces, which have to end alike. */
function joined(
  builder: GraphBuilder,
  node: NodeOf<"concat">,
  part: Part,
  look: Look,
): Before | null {
  const { axis } = node.attrs;
  if (axis === part.axis) {
    let first = 0;
    for (const input of node.inputs) {
      const end = first + (builder.shape(input)[axis] ?? 0);
      if (part.from >= first && part.to <= end)
        return look({ node: input, axis, from: part.from - first, to: part.to - first });
      first = end;
    }
    return null;
  }
  const found = node.inputs.flatMap((id) => look({ ...part, node: id }) ?? []);
  const [one] = found;
  const alike =
    found.length === node.inputs.length &&
    found.every(({ activation }) => activation === one?.activation);
  if (!one || !alike) return null;
  const nodes = found.map((own) => own.node);
  return { ...one, node: builder.add("concat", ID, nodes, { axis }) };
}
