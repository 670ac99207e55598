import type { Made, NodeId } from "../../graph/index.ts";
import type { RuleOverrides } from "../gradient.ts";
import type { Backward } from "../ops/compose.ts";
import { isParameterOnly } from "../ops/parameter-only.ts";
import type { Contribution } from "../ops/types.ts";
import { PASSES } from "./kinds.ts";
import { halves, passes } from "./passed.ts";
import { shares } from "./shares.ts";
import { isNeverBelow } from "./signs.ts";
import { type Sum, SUM_OPS } from "./sums.ts";
import type { RelevanceRules } from "../types.ts";

type Rule = (g: Backward<Made>, ...inputs: NodeId[]) => readonly Contribution[];

/** The rules of every operation. `taken` may take the relevance of a sum in place of its input. */
export function rulesOf(
  sums: ReadonlyMap<NodeId, Sum>,
  rules: RelevanceRules,
  taken: (sum: Sum, g: Backward<Made>) => boolean,
): RuleOverrides {
  const exact = rules.convolution.rule === "0" && rules.dense.rule === "0";
  const kinds = passes(exact);
  const tails = new Set([...sums.values()].flatMap(({ tail }) => tail));
  const behind: Rule = (g, ...inputs) =>
    inputs.map((id) => (isParameterOnly(g.builder, id) ? "none" : () => g.dy));
  const sum: Rule = (g) => {
    const found = sums.get(g.node.id);
    if (!found) return halves(g, exact);
    if (taken(found, g)) return ["zero", "none"];
    const rule = g.node.op === "matMul" ? rules.dense : rules.convolution;
    return [() => shares(g, found, g.dy, rule, isNeverBelow(g.builder, found.x)), "none"];
  };
  const other =
    (rule: Rule): Rule =>
    (g, ...inputs) =>
      (tails.has(g.node.id) ? behind : rule)(g, ...inputs);
  return Object.fromEntries([
    ...SUM_OPS.map((op) => [op, sum]),
    ...Object.entries(PASSES).map(([op, kind]) => [op, other(kinds[kind])]),
  ]) as RuleOverrides;
}
