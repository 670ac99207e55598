import { GraphBuilder, type NodeId, prune } from "../../graph/index.ts";
import { differentiate } from "../gradient.ts";
import { Composer } from "../ops/compose.ts";
import { atInput, boundsAt, firstSums } from "./first.ts";
import { rulesOf } from "./rules.ts";
import { boxed } from "./shares.ts";
import { sumsOf } from "./sums.ts";
import type { Relevance } from "../types.ts";

/** Relevance that the z-box rule gave to what the first sum reads of an input. */
interface Boxed {
  readonly input: NodeId;
  readonly x: NodeId;
  readonly relevance: NodeId;
}

/**
 * Layer-wise relevance propagation (Bach et al. 2015) as other rules of differentiation. What flows is relevance over value, so that
 * nothing is divided by a cell that is zero; at the end it is multiplied with the input. Batch normalization and biases behind a sum are
 * part of it, as zennit's canonizers have it.
 */
export const relevance: Relevance = (rules) => (graph, of, wrt, seed) => {
  const builder = new GraphBuilder(graph.nodes);
  const sums = sumsOf(builder, prune(graph.nodes, new Set(), [of]));
  const first = firstSums(builder, sums, rules.box ? wrt : []);
  const boxes: Boxed[] = [];
  const overrides = rulesOf(sums, rules, (sum, g) => {
    const input = first.get(sum.node.id);
    if (input === undefined || !rules.box) return false;
    const bounds = boundsAt(g, input, sum.x, rules.box);
    boxes.push({ input, x: sum.x, relevance: boxed(g, sum, g.dy, bounds) });
    return true;
  });
  const flowed = differentiate({ ...graph, nodes: builder.nodes }, of, wrt, seed, overrides);
  let whole = flowed.graph;
  const grads = wrt.map((input, i) => {
    const parts = boxes
      .filter((box) => box.input === input)
      .map(({ x, relevance: given }) => {
        const back = atInput(whole, x, input, given);
        whole = back.graph;
        return back.relevance;
      });
    const c = new Composer(new GraphBuilder(whole.nodes), `relevance/${input}`);
    const share = flowed.grads[i] ?? null;
    if (share !== null) parts.push(c.mul(input, share));
    const sum = parts.length === 0 ? null : parts.reduce((a, b) => c.add(a, b));
    whole = { ...whole, nodes: c.builder.nodes };
    return sum;
  });
  return { graph: whole, grads };
};
