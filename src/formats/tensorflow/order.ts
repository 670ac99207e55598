/** Which operations of a body are needed, in an order in which each comes after what it takes. */
import { at } from "../../base/at.ts";
import type { TfNode } from "./types.ts";

/** Outputs of operations with several kinds of outputs: how many there are before each. */
const OUTPUTS: ReadonlyMap<string, readonly string[]> = new Map([
  ["FusedBatchNorm", ["y", "batch_mean", "batch_variance"]],
  ["FusedBatchNormV2", ["y", "batch_mean", "batch_variance"]],
  ["FusedBatchNormV3", ["y", "batch_mean", "batch_variance"]],
  ["MaxPoolWithArgmax", ["output", "argmax"]],
  ["TopKV2", ["values", "indices"]],
  ["Switch", ["output_false", "output_true"]],
  ["Merge", ["output", "value_index"]],
  ["Unique", ["y", "idx"]],
]);

/** The node of a reference: `node:1`, `node:output:1` and `^node` -> `node`. */
export const nodeOf = (ref: string): string => at(ref.replace(/^\^/, "").split(":"), 0);

/** `node`, `node:1` or (in functions) `node:output:1` as a node and the number of its output. */
export function outputOf(
  ref: string,
  byName: ReadonlyMap<string, TfNode>,
): { name: string; index: number } {
  const parts = ref.split(":");
  const name = nodeOf(ref);
  const index = Number(at(parts, -1));
  if (parts.length < 2 || !Number.isInteger(index)) return { name, index: 0 };
  if (parts.length === 2) return { name, index };
  const op = byName.get(name)?.op;
  const kinds = op === undefined ? undefined : OUTPUTS.get(op);
  const before = kinds ? Math.max(0, kinds.indexOf(at(parts, 1))) : 0;
  return { name, index: before + index };
}

/** The nodes that `wanted` need and that are not `given`; the file's own order where it is one. Without recursion: files are not trusted. */
export function ordered(
  nodes: readonly TfNode[],
  byName: ReadonlyMap<string, TfNode>,
  wanted: readonly string[],
  given: ReadonlySet<string>,
): TfNode[] {
  const sources = (node: TfNode): string[] =>
    node.inputs.flatMap((ref) => (ref.startsWith("^") ? [] : [nodeOf(ref)]));
  const needed = new Set<string>();
  const stack = wanted.map(nodeOf);
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    const node = byName.get(name);
    if (!node || needed.has(name) || given.has(name)) continue;
    needed.add(name);
    stack.push(...sources(node));
  }
  const out: TfNode[] = [];
  const state = new Map<string, "open" | "done">();
  for (const first of nodes) {
    if (!needed.has(first.name)) continue;
    const path = [first.name];
    while (path.length > 0) {
      const name = at(path, -1);
      const node = byName.get(name);
      if (!node || state.get(name) === "done") {
        path.pop();
        continue;
      }
      const fresh = state.get(name) === "open";
      // an input that is open already closes a loop: it stays without a value
      const next = fresh ? [] : sources(node).filter((id) => needed.has(id) && !state.has(id));
      state.set(name, "open");
      if (next.length > 0) path.push(...next.reverse());
      else {
        state.set(name, "done");
        out.push(node);
        path.pop();
      }
    }
  }
  return out;
}
