/** What makes the numbers of an output: looked at from the output back, through what rearranges or scales them. */
import type { GraphNode, NodeId, Op } from "../../graph/index.ts";
import { activationOf } from "../inspect/activation-function.ts";
import type { End, Maker } from "./types.ts";

/** Each number stays itself. */
export const REARRANGES: ReadonlySet<Op> = new Set([
  ...(["reshape", "transpose", "cast", "slice", "stridedSlice", "reverse"] as const),
]);
const ENLARGES: ReadonlySet<Op> = new Set(["resizeBilinear", "resizeNearest"] as const);
const SCALES: ReadonlySet<Op> = new Set(["add", "sub", "mul", "div"] as const);
/** Layers of kernels. */
export const CONVOLVES: ReadonlySet<Op> = new Set([
  ...(["conv2d", "depthwiseConv2d", "conv2dInputGrad", "depthwiseConv2dInputGrad"] as const),
]);
const POOLS: ReadonlySet<Op> = new Set(["mean", "max", "avgPool", "maxPool"] as const);

type Nodes = ReadonlyMap<NodeId, GraphNode>;

const known = new WeakMap<Nodes, ReadonlySet<NodeId>>();

/** Numbers of the file's own, and what is made of them alone: no picture changes them. Worked out once for a map of nodes. */
function parametersOf(byId: Nodes): ReadonlySet<NodeId> {
  const before = known.get(byId);
  if (before) return before;
  const found = new Set<NodeId>();
  // in topological order: a walk back from each node would take every way that leads to it
  for (const { id, op, inputs } of byId.values())
    if (op !== "input" && op !== "opaque" && inputs.every((input) => found.has(input)))
      found.add(id);
  known.set(byId, found);
  return found;
}

/** The inputs of a node that depend on the picture. */
export const ownInputs = (byId: Nodes, { inputs }: GraphNode): NodeId[] =>
  inputs.filter((id) => !parametersOf(byId).has(id));

/** What the values of `from` come from. */
export function endOf(byId: Nodes, from: NodeId): End {
  let end: Omit<End, "maker"> = {
    ...{ activation: null, scaled: false, enlarged: false, separable: false },
  };
  const done = (maker: Maker): End => ({ ...end, maker });
  for (let node = byId.get(from); node;) {
    const { op } = node;
    const own = ownInputs(byId, node);
    const [next] = own;
    const inner = squashes(op) ?? (activationOf(node, byId) ? "relu" : null);
    if (op === "opaque") return done("not run");
    if (CONVOLVES.has(op)) {
      if (!isPointwise(byId, node)) return done("conv");
      end = { ...end, separable: byId.get(next ?? "")?.op === "depthwiseConv2d" };
      return done("pointwise");
    }
    if (op === "matMul") return done(own.length === 1 ? "dense" : "other");
    if (op === "batchNorm") return done("norm");
    if (op === "concat") return done("joined");
    if (POOLS.has(op) && end.activation === null) return done("pooled");
    if (inner === null && SCALES.has(op) && own.length > 1)
      return byLength(byId, node) ?? done("other");
    if (inner !== null) end = end.activation === null ? { ...end, activation: inner } : end;
    else if (ENLARGES.has(op)) end = { ...end, enlarged: true };
    else if (SCALES.has(op)) {
      // what was scaled before its activation is as good as any
      const scaled = end.activation === null && !isBias(byId, node, own);
      end = { ...end, scaled: end.scaled || scaled };
    } else if (!REARRANGES.has(op) && op !== "biasAdd") return done("other");
    node = next === undefined ? undefined : byId.get(next);
  }
  return done("other");

  /** x / |x|, or what was centred before: a normalisation. A product of a softmax' parts is looked through by its name. */
  function byLength(nodes: Nodes, node: GraphNode): End | null {
    if (node.op !== "div" && node.op !== "mul") return null;
    const [x, by] = ownInputs(nodes, node).map((id) => nodes.get(id));
    if (!x || !by || !isLength(nodes, by)) return null;
    const centred = x.op === "sub" && ownInputs(nodes, x).length > 1;
    return done(centred ? "norm" : "length");
  }
}

const squashes = (op: Op): "softmax" | "sigmoid" | "tanh" | null =>
  op === "softmax" || op === "logSoftmax"
    ? "softmax"
    : op === "sigmoid" || op === "tanh"
      ? op
      : null;

/** Weights of one number a channel behind a layer are its bias, those of one number in all a scale. */
function isBias(byId: Nodes, node: GraphNode, own: readonly NodeId[]): boolean {
  if (node.op !== "add") return false;
  const other = node.inputs.find((id) => !own.includes(id));
  const sizes = other === undefined ? [] : (byId.get(other)?.shape ?? []);
  return sizes.some((size) => (size ?? 0) > 1);
}

function isPointwise(byId: Nodes, { op, inputs }: GraphNode): boolean {
  const [height, width] = byId.get(inputs[1] ?? "")?.shape ?? [];
  return op === "conv2d" && height === 1 && width === 1;
}

/** A root of a sum or mean of squares, a few steps on. */
function isLength(byId: Nodes, from: GraphNode): boolean {
  let [root, squared] = [false, false];
  let nodes: GraphNode[] = [from];
  for (let depth = 0; depth < 8 && nodes.length > 0 && !squared; depth++) {
    const behind = root;
    root ||= nodes.some(({ op }) => op === "sqrt" || op === "rsqrt" || op === "pow");
    squared = nodes.some(
      ({ op, inputs }) =>
        op === "square" || (op === "mul" && inputs[0] === inputs[1]) || (behind && op === "pow"),
    );
    const before = new Set(nodes.flatMap((node) => ownInputs(byId, node)));
    nodes = [...before].flatMap((id) => byId.get(id) ?? []);
  }
  return root && squared;
}
