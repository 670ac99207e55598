import type { GraphBuilder, Made, ModelGraph, NodeId } from "../../graph/index.ts";
import { floats } from "../../base/tensor.ts";
import { differentiate, type RuleOverrides } from "../gradient.ts";
import type { Backward, Composer } from "../ops/compose.ts";
import { isParameterOnly } from "../ops/parameter-only.ts";
import type { Contribution } from "../ops/types.ts";
import type { Sum } from "./sums.ts";
import type { InputRange } from "../types.ts";

/** What may stand between an input and the first sum: what moves its numbers, and what scales them. */
const MOVES: ReadonlySet<string> = new Set<Made>(["pad", "reshape", "transpose", "reverse", "cast"]); // prettier-ignore
const SCALES: ReadonlySet<string> = new Set<Made>(["add", "sub", "mul", "div", "biasAdd", "batchNorm"]); // prettier-ignore

/** The input that each convolution reads with no other sum before it. */
export function firstSums(
  builder: GraphBuilder,
  sums: ReadonlyMap<NodeId, Sum>,
  inputs: readonly NodeId[],
): ReadonlyMap<NodeId, NodeId> {
  const from = (id: NodeId): NodeId | null => {
    if (inputs.includes(id)) return id;
    const { op } = builder.get(id);
    const [value, ...rest] = changing(builder, id);
    const isStep = MOVES.has(op) || SCALES.has(op);
    return isStep && value !== undefined && rest.length === 0 ? from(value) : null;
  };
  return new Map(
    [...sums].flatMap(([id, { node, x }]): [NodeId, NodeId][] => {
      const input = node.op === "matMul" ? null : from(x);
      return input === null ? [] : [[id, input]];
    }),
  );
}

/** The inputs of a node that are no parameters. */
const changing = (builder: GraphBuilder, id: NodeId): readonly NodeId[] =>
  builder.get(id).inputs.filter((input) => !isParameterOnly(builder, input));

/** What the bounds of `input` become on the way to `x`. */
export function boundsAt(
  c: Composer,
  input: NodeId,
  x: NodeId,
  { min, max }: InputRange,
): { readonly low: NodeId; readonly high: NodeId } {
  const at = (id: NodeId, bound: NodeId): NodeId => {
    if (id === input) return bound;
    const node = c.builder.get(id);
    const [value] = changing(c.builder, id);
    const inputs = node.inputs.map((one) => (one === value ? at(one, bound) : one));
    return c.builder.add(node.op as Made, "bound", inputs, node.attrs as never);
  };
  const ends = [min, max].map((values) => {
    const bound = c.builder.constant(floats([values.length], Float32Array.from(values)), "bound");
    return at(x, c.op("broadcastLike", [bound, input]));
  });
  const [one = x, other = x] = ends;
  return { low: c.op("minimum", [one, other]), high: c.op("maximum", [one, other]) };
}

/** Relevance of the first sum's `x`, back at the input: it moves, and scaling changes nothing of it. */
export function atInput(
  graph: ModelGraph,
  x: NodeId,
  input: NodeId,
  relevance: NodeId,
): { readonly graph: ModelGraph; readonly relevance: NodeId } {
  const { graph: whole, grads } = differentiate(graph, x, [input], relevance, MOVED);
  return { graph: whole, relevance: grads[0] ?? relevance };
}
const toAll = (g: Backward<Made>, ...inputs: NodeId[]): readonly Contribution[] =>
  inputs.map(() => () => g.dy);
const MOVED: RuleOverrides = Object.fromEntries([...SCALES].map((op) => [op, toAll]));
