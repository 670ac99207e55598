import { at } from "../../base/at.ts";
import type { GraphBuilder, Made, NodeId, NodeOf } from "../../graph/index.ts";
import type { Composer } from "../ops/compose.ts";
import { gradientOf } from "./gradient-of.ts";
import type { Sum } from "./sums.ts";
import type { SumRule } from "../types.ts";

/** What keeps denominators from zero, as zennit has it. */
export const STABILIZER = 1e-6;

/** A denominator, moved away from zero by `epsilon`. */
export const stabilized = (c: Composer, d: NodeId, epsilon = STABILIZER): NodeId =>
  c.op("select", [
    c.op("greaterEqual", [d, c.scalar(0)]),
    c.add(d, c.scalar(epsilon)),
    c.sub(d, c.scalar(epsilon)),
  ]);

/**
 * The relevance of x over x, where `dy` is that of the sum's z over z: so that nothing is divided by an x that is zero. What x has
 * above and below zero is told apart by the rules that ask for it; `positive`: x has nothing below.
 */
export function shares(
  c: Composer,
  sum: Sum,
  dy: NodeId,
  rule: SumRule,
  positive: boolean,
): NodeId {
  const { x, kernel, z } = sum;
  if (rule.rule === "0") return back(c.builder, sum, x, kernel, dy);
  const relevance = c.mul(z, dy);
  if (rule.rule === "epsilon") {
    const share = c.op("div", [relevance, stabilized(c, z, rule.epsilon)]);
    return back(c.builder, sum, x, kernel, share);
  }
  const [raises, lowers] = [c.op("relu", [kernel]), c.op("minimum", [kernel, c.scalar(0)])];
  if (rule.rule === "z+") return bySign(c, sum, relevance, raises, lowers, 0, positive);
  const more = (part: NodeId): NodeId => c.add(kernel, c.times(part, rule.gamma));
  const isAbove = c.op("greater", [z, c.scalar(0)]);
  const isBelow = c.op("less", [z, c.scalar(0)]);
  return c.add(
    bySign(c, sum, c.where(isAbove, relevance), more(raises), more(lowers), rule.gamma, positive),
    bySign(c, sum, c.where(isBelow, relevance), more(lowers), more(raises), -rule.gamma, positive),
  );
}

/**
 * Relevance in the shares of x+ `over` + x- `under`. `gamma`: how much more of the bias counts, of what it has above zero (or, negative,
 * below); 0: what it has above zero alone.
 */
function bySign(
  c: Composer,
  sum: Sum,
  relevance: NodeId,
  over: NodeId,
  under: NodeId,
  gamma: number,
  positive: boolean,
): NodeId {
  const { x, bias } = sum;
  const plus = positive ? x : c.op("relu", [x]);
  const minus = c.op("minimum", [x, c.scalar(0)]);
  const halves = [forward(c, sum, plus, over)];
  if (!positive) halves.push(forward(c, sum, minus, under));
  if (bias !== null) halves.push(biasPart(c, bias, gamma));
  const total = halves.reduce((a, b) => c.add(a, b));
  const share = c.op("div", [relevance, stabilized(c, total)]);
  const up = back(c.builder, sum, x, over, share);
  if (positive) return up;
  const down = back(c.builder, sum, x, under, share);
  return c.op("select", [c.op("greater", [x, c.scalar(0)]), up, down]);
}

function biasPart(c: Composer, bias: NodeId, gamma: number): NodeId {
  const above = c.op("relu", [bias]);
  if (gamma === 0) return above;
  const part = gamma > 0 ? above : c.op("minimum", [bias, c.scalar(0)]);
  return c.add(bias, c.times(part, Math.abs(gamma)));
}

/** The relevance of an input that lies between bounds: x w - low w+ - high w- shares it out (Montavon et al. 2017). */
export function boxed(
  c: Composer,
  sum: Sum,
  dy: NodeId,
  { low, high }: { readonly low: NodeId; readonly high: NodeId },
): NodeId {
  const { x, kernel, z } = sum;
  const [raises, lowers] = [c.op("relu", [kernel]), c.op("minimum", [kernel, c.scalar(0)])];
  const total = c.sub(
    c.sub(forward(c, sum, x, kernel), forward(c, sum, low, raises)),
    forward(c, sum, high, lowers),
  );
  const share = c.op("div", [c.mul(z, dy), stabilized(c, total)]);
  const part = (value: NodeId, weights: NodeId): NodeId =>
    c.mul(value, back(c.builder, sum, x, weights, share));
  return c.sub(c.sub(part(x, kernel), part(low, raises)), part(high, lowers));
}

/** The sum of `x` with other weights, without a bias. */
const forward = (c: Composer, { node }: Sum, x: NodeId, kernel: NodeId): NodeId =>
  c.builder.add(node.op, "sum/part", [x, kernel], node.attrs);

/** The gradient of the sum of `x` with `kernel` by `x`, where `dy` is the gradient of that sum. */
function back(builder: GraphBuilder, { node }: Sum, x: NodeId, kernel: NodeId, dy: NodeId): NodeId {
  const made = builder.add(node.op, "sum/part", [x, kernel], node.attrs);
  const contribution = at(gradientOf(builder, builder.get(made) as NodeOf<Made>, dy), 0);
  if (typeof contribution === "string") throw new RangeError(`${node.op} passes nothing back`);
  return contribution();
}
