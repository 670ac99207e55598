import type { NodeId } from "../../graph/index.ts";
import type { Argument } from "./calls.ts";
import { flatNumbers, nestedShape, type Json } from "../json.ts";
import { Unsupported, type Scope } from "./scope.ts";

/** Names under which Keras and TensorFlow pass tensors (and numbers in their place). */
const OPERAND_NAMES = ["x", "y", "x1", "x2", "a", "b", "inputs", "values", "xs"];

/** Everything that a merge or an arithmetic operation works on: tensors, and numbers as constants, in order. */
export function operands(scope: Scope): NodeId[] {
  const tensors = [...scope.inputs];
  const take = (argument: Argument): NodeId[] => {
    if (argument.kind === "list") return argument.items.flatMap(take);
    if (argument.kind === "tensor") {
      const next = tensors.shift();
      if (next === undefined) throw new Unsupported("its call is not understood");
      return [next];
    }
    const numbers = flatNumbers(argument.value);
    if (!numbers) return [];
    return [scope.constant(numbers, nestedShape(argument.value))];
  };
  const named = [...scope.call.kwargs].filter(([key]) => OPERAND_NAMES.includes(key));
  return [...scope.call.args, ...named.map(([, value]) => value)].flatMap(take);
}

/** Exactly two operands. */
export function twoOperands(scope: Scope): [NodeId, NodeId] {
  const [a, b] = operands(scope);
  if (a === undefined || b === undefined) throw new Unsupported("it needs two operands");
  return [a, b];
}

/** A setting of an operation: in its configuration (Keras 3), by name, or by position behind the tensor. */
export function setting(scope: Scope, name: string, position?: number): Json | undefined {
  if (scope.config.has(name)) return scope.config.get(name);
  const named = scope.call.kwargs.get(name);
  if (named) return plain(named);
  const placed = position === undefined ? undefined : scope.call.args[position];
  return placed && plain(placed);
}

function plain(argument: Argument): Json | undefined {
  if (argument.kind === "value") return argument.value;
  if (argument.kind === "tensor") return undefined;
  const items = argument.items.map(plain);
  return items.every((item) => item !== undefined) ? items : undefined;
}
