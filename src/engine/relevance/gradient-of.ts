import type { GraphBuilder, Made, NodeId, NodeOf } from "../../graph/index.ts";
import { Backward } from "../ops/compose.ts";
import { operations } from "../ops/index.ts";
import type { Contribution, GradientRule } from "../ops/types.ts";

/** What an operation's own gradient passes to each input for this `dy`. */
export function gradientOf<K extends Made>(
  builder: GraphBuilder,
  node: NodeOf<K>,
  dy: NodeId,
): readonly Contribution[] {
  const rule: GradientRule<K> = operations[node.op].gradient;
  return rule(new Backward(builder, node, dy), ...node.inputs);
}
