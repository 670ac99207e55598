/** Whether the pictures of a free batch, which stand along axis 0, stay apart in an operation. */
import type { Made, NodeOf, Reads } from "../../graph/index.ts";
import { definitions } from "../../graph/index.ts";
import type { Shape } from "../../base/tensor.ts";

/** Any size: rows that stay apart do so in a batch of every size. */
const ROWS = 3;
const sized = (shape: Shape): number[] => shape.map((size) => size ?? ROWS);

/**
 * Whether a row of `node` depends on other rows of its inputs, or counts on how many there are. `shapes` are those of the inputs; a
 * free axis 0 is null. What this lets through gives each picture what it would get alone.
 */
export function mixesRows<K extends Made>(node: NodeOf<K>, shapes: readonly Shape[]): boolean {
  const { attrs, shape } = node;
  if (shape.slice(1).includes(null)) return true;
  const call = { attrs, inputs: shapes.map((own) => ({ shape: sized(own) })), shape: sized(shape) };
  return shapes.some((own, index) => {
    if (own[0] !== null) return false;
    const reads = definitions[node.op].reads(call, index);
    return reads !== "nothing" && (shape[0] !== null || !rowByRow(reads));
  });
}

function rowByRow(reads: Exclude<Reads, "nothing">): boolean {
  if (reads === "in order") return true;
  const [first] = reads;
  if (first === undefined || first === "all") return false;
  const { axis, step, low, high } = first;
  return axis === 0 && step === 1 && low === 0 && high === 0;
}
