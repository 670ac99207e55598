/** Calls, branches whose condition is known, and what only passes a value on. */
import type { Operation, Rule } from "../operation.ts";
import { known, Unsupported, type Value } from "../values.ts";
import { plain } from "../fold.ts";

const same: Rule = (op) => op.value(0);
const call: Rule = (op) => op.call(op.attribute("f")?.func, op.inputs);

/** A condition that the file itself decides. */
function decided(op: Operation, value: Value): boolean {
  const found = known(value);
  if (!found) throw new Unsupported(`${op.op} decides while the network runs`);
  return plain(found.data[0] ?? 0) !== 0;
}

const branch: Rule = (op) => {
  const name = decided(op, op.value(0)) ? "then_branch" : "else_branch";
  return op.call(op.attribute(name)?.func, op.inputs.slice(1));
};
const chosen: Rule = (op) => {
  const branches = op.value(1);
  const dead: Value = { kind: "dead" };
  return decided(op, branches) ? [dead, op.value(0)] : [op.value(0), dead];
};
const merged: Rule = (op) => {
  const alive = op.inputs.filter(({ kind }) => kind !== "dead");
  const [only] = alive;
  if (alive.length !== 1 || !only)
    throw new Unsupported("it joins branches of a loop or condition");
  return only;
};
const variableRead: Rule = (op) => {
  const value = op.value(0);
  if (value.kind !== "variable") return value;
  return { kind: "parameter", parameter: value.parameter, shape: value.parameter.shape };
};

export const control: readonly (readonly [string, Rule])[] = [
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
  ["IdentityN", (op) => op.inputs],
  ["StopGradient", same],
  ["PreventGradient", same],
  ["CheckNumerics", same],
  ["EnsureShape", same],
  ["Snapshot", same],
  ["Enter", same],
  ["PlaceholderWithDefault", same],
];
