/** References to what operations give: `node`, `node:1`, in functions `argument` and `node:output:1`, and `^node`, which is only waited for. */
import { at } from "../../base/at.ts";
import { Impossible } from "../lower/unsupported.ts";
import { ruleOf } from "./ops/index.ts";
import type { TfNode } from "./types.ts";

const NORMALISED = ["y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2"];
const NORMALISED_3 = [...NORMALISED, "reserve_space_3"];
/** What operations give by name, where that is not one tensor. */
const OUTPUTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["FusedBatchNorm", NORMALISED],
  ["FusedBatchNormV2", NORMALISED],
  ["FusedBatchNormV3", NORMALISED_3],
  ["_FusedBatchNormEx", NORMALISED_3],
  ["MaxPoolWithArgmax", ["output", "argmax"]],
  ["TopKV2", ["values", "indices"]],
  ["Switch", ["output_false", "output_true"]],
  ["RefSwitch", ["output_false", "output_true"]],
  ["Merge", ["output", "value_index"]],
  ["RefMerge", ["output", "value_index"]],
  ["Unique", ["y", "idx"]],
  ["NonMaxSuppressionV4", ["selected_indices", "valid_outputs"]],
  ["NonMaxSuppressionV5", ["selected_indices", "selected_scores", "valid_outputs"]],
  [
    "CombinedNonMaxSuppression",
    ["nmsed_boxes", "nmsed_scores", "nmsed_classes", "valid_detections"],
  ],
  ["NoOp", []],
  ["Assert", []],
]);
/** Give as many as their settings, or what they call, say. */
const AS_MANY = new Set([
  ...["PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "IdentityN"],
  ...["Split", "SplitV", "Unpack"],
]);

/** How many tensors an operation gives; null where its kind does not tell, or is not known. */
export function outputCount({ op }: TfNode): number | null {
  const named = OUTPUTS.get(op);
  if (named) return named.length;
  return ruleOf(op) && !AS_MANY.has(op) ? 1 : null;
}

/** One of the tensors that the operation `name` gives. */
export interface Output {
  readonly name: string;
  readonly index: number;
}

const INDEX = /^\d{1,9}$/;
const isWaiting = (ref: string): boolean => ref.startsWith("^");
const quoted = (text: string): string => `'${text.slice(0, 200)}'`;

/** The node of a reference of any kind. */
export const nodeOf = (ref: string): string => at(ref.replace(/^\^/, "").split(":"), 0);

/** The references to values among an operation's inputs; what it only waits for is left out. */
export const valuesOf = ({ inputs }: TfNode): string[] => inputs.filter((ref) => !isWaiting(ref));

/** Which output a reference to a value means. Throws `Impossible` for one that can mean none; whether the node is there is not asked. */
export function outputOf(ref: string, byName: ReadonlyMap<string, TfNode>, taker: string): Output {
  const [name = "", ...rest] = ref.split(":");
  const told = rest.length === 0 ? "0" : at(rest, -1);
  if (rest.length > 2 || !INDEX.test(told))
    throw new Impossible(`${taker} ${quoted(ref)}, which names no output`);
  const node = byName.get(name);
  const kinds = node && OUTPUTS.get(node.op);
  const [kind] = rest;
  const before = kinds && rest.length === 2 && kind !== undefined ? kinds.indexOf(kind) : 0;
  if (before < 0) throw new Impossible(`${taker} ${quoted(ref)}, and ${node?.op} has no such output`); // prettier-ignore
  const output = { name, index: before + Number(told) };
  const count = node && outputCount(node);
  if (typeof count === "number") checkCount(output, count, ref, taker);
  return output;
}

/** Throws `Impossible` for an output beyond the `count` that its operation has. */
export function checkCount(
  { name, index }: Output,
  count: number,
  ref: string,
  taker: string,
): void {
  if (index < count) return;
  const has = count === 1 ? "1 output" : `${count} outputs`;
  throw new Impossible(`${taker} ${quoted(ref)}, and ${quoted(name)} has ${has}`);
}

/** Who takes what an operation takes, for messages. */
export const takerOf = (name: string): string => `its operation ${quoted(name)} takes`;

/** Throws `Impossible` where an operation refers to what is not there; `given`: the names that are known from without. */
export function checkReferences(
  nodes: readonly TfNode[],
  byName: ReadonlyMap<string, TfNode>,
  given: ReadonlySet<string>,
  prefix: string,
): void {
  for (const { name, inputs } of nodes)
    for (const ref of inputs) {
      const taker = takerOf(prefix + name);
      const waiting = isWaiting(ref);
      const source = waiting ? ref.slice(1) : outputOf(ref, byName, taker).name;
      if (!byName.has(source) && !given.has(source))
        throw new Impossible(
          waiting
            ? `its operation ${quoted(prefix + name)} waits for ${quoted(ref)}, which is not there`
            : `${taker} ${quoted(ref)}, which is not there`,
        );
    }
}
