import { at } from "../../base/at.ts";
import type { Made, NodeId } from "../../graph/index.ts";
import type { Backward } from "../ops/compose.ts";
import { isParameterOnly } from "../ops/parameter-only.ts";
import type { Contribution } from "../ops/types.ts";
import { gradientOf } from "./gradient-of.ts";
import type { Passes } from "./kinds.ts";
import { stabilized } from "./shares.ts";
import { isGate } from "./signs.ts";

/** What tells 0 / 0 from a number in a function of one cell: nothing else may change by it. */
const TINY = 1e-9;

type Pass = (g: Backward<Made>, ...inputs: NodeId[]) => readonly Contribution[];

/** How each kind of operation passes relevance over value. `exact`: no denominator is stabilized. */
export const passes = (exact: boolean): Readonly<Record<Passes, Pass>> => ({
  gradient: (g) => own(g, g.dy),
  linear: (g) => own(g, exact ? g.dy : shared(g)),
  activation: (g, ...inputs) => [ratio(g, at(inputs, 0)), ...inputs.slice(1).map(() => "none" as const)], // prettier-ignore
  product: (g, a = "", b = "") => product(g, a, b, exact),
  quotient: (g, a = "", b = "") =>
    isParameterOnly(g.builder, a)
      ? ["none", ratio(g, b)]
      : [at(own(g, g.dy), 0), isParameterOnly(g.builder, b) ? "none" : "zero"],
});

/** What the operation's gradient passes for another `dy`. */
const own = (g: Backward<Made>, dy: NodeId): readonly Contribution[] =>
  gradientOf(g.builder, g.node, dy);

/** dy * y / y, where the lower y is kept from zero. */
const shared = (g: Backward<Made>): NodeId => g.mul(g.dy, g.op("div", [g.y, stabilized(g, g.y)]));

/** All of the output's relevance to `x`: f(x) / x times what flows. */
const ratio =
  (g: Backward<Made>, x: NodeId): Contribution =>
  () =>
    g.mul(g.dy, g.op("div", [g.y, stabilized(g, x, TINY)]));

/** A gate lets relevance through and gets none (Arras et al. 2017); two signals have half each (Achtibat et al. 2024). */
function product(g: Backward<Made>, a: NodeId, b: NodeId, exact: boolean): readonly Contribution[] {
  const contributions = own(g, g.dy);
  const fixed = [a, b].map((id) => isParameterOnly(g.builder, id));
  if (fixed.includes(true)) return contributions;
  const gates = [a, b].map((id) => isGate(g.builder, id));
  if (gates[0] !== gates[1]) return contributions.map((one, i) => (gates[i] ? "zero" : one));
  return halves(g, exact);
}

/** Half of it to each factor of a product, of a matrix product too. */
export const halves = (g: Backward<Made>, exact: boolean): readonly Contribution[] =>
  own(g, g.times(exact ? g.dy : shared(g), 0.5));
