/** Whether what a program says of its tensors can be: each is computed once, and before it is taken. */
import { Impossible } from "../lower/unsupported.ts";
import { isRef, type Arg, type ExportedNode, type InputSpec } from "./schema.ts";

/** Throws `Impossible` for a tensor that is there twice, that is taken before it is computed, or that nothing computes. */
export function checkOrder(inputs: readonly InputSpec[], nodes: readonly ExportedNode[]): void {
  const left = new Set(nodes.flatMap(({ outputs }) => outputs));
  const made = new Set<string>();
  const make = (name: string): void => {
    if (name === "") return;
    if (made.has(name)) throw new Impossible(`two of its tensors are called '${name}'`);
    made.add(name);
    left.delete(name);
  };
  for (const { name } of inputs) make(name);
  // inputs that are no tensors may have names that are not read here
  const named = inputs.every(({ kind }) => kind !== "other");
  for (const { target, inputs: given, outputs } of nodes) {
    for (const name of [...given.values()].flatMap(namesIn)) {
      if (left.has(name))
        throw new Impossible(`its '${target}' takes '${name}', which comes after it`);
      if (named && name !== "" && !made.has(name))
        throw new Impossible(`its '${target}' takes '${name}', which nothing computes`);
    }
    outputs.forEach(make);
  }
}

const namesIn = (arg: Arg): string[] =>
  isRef(arg) ? [arg.ref] : Array.isArray(arg) ? arg.flatMap(namesIn) : [];
