/** Calls, branches whose condition is known, and what only passes a value on. */
import { at } from "../../../base/at.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import { valueOf, type Edge } from "../edges.ts";
import type { Operation, Rule, Rules } from "../operation.ts";

const DEAD: Edge = { kind: "dead" };
const same: Rule = (op) => op.edge(0);
const call: Rule = (op) => op.call(op.attribute("f")?.func, op.edges);

/** A condition that the file itself decides. */
function decided(op: Operation, edge: Edge): boolean {
  const value = valueOf(edge);
  const known = value.kind === "tensor" ? null : op.l.numbers(value, "condition");
  if (!known || known.data.length === 0)
    throw new Unsupported(`${op.op} decides while the network runs`);
  return at(known.data, 0) !== 0;
}

const branch: Rule = (op) => {
  const name = decided(op, op.edge(0)) ? "then_branch" : "else_branch";
  return op.call(op.attribute(name)?.func, op.edges.slice(1));
};
const chosen: Rule = (op) => (decided(op, op.edge(1)) ? [DEAD, op.edge(0)] : [op.edge(0), DEAD]);
const merged: Rule = (op) => {
  const alive = op.edges.filter(({ kind }) => kind !== "dead");
  const [only] = alive;
  if (alive.length !== 1 || !only)
    throw new Unsupported("it joins branches of a loop or condition");
  return only;
};
const variableRead: Rule = (op) => {
  const edge = op.edge(0);
  return edge.kind === "variable" ? edge.parameter : edge;
};

/** Calls, branches and what passes a value on. */
export const control: Rules = [
  ["PartitionedCall", call],
  ["StatefulPartitionedCall", call],
  ["If", branch],
  ["StatelessIf", branch],
  ["Switch", chosen],
  ["RefSwitch", chosen],
  ["Merge", merged],
  ["RefMerge", merged],
  ["ReadVariableOp", variableRead],
  ["Identity", same],
  ["IdentityN", (op) => op.edges],
  ["StopGradient", same],
  ["PreventGradient", same],
  ["CheckNumerics", same],
  ["EnsureShape", same],
  ["Snapshot", same],
  ["Enter", same],
  ["PlaceholderWithDefault", same],
];
