/** What is not understood. */
import type { Shape } from "../../base/tensor.ts";
import { opaqueAs } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Edge } from "./edges.ts";
import type { Operation } from "./operation.ts";
import type { TfNode } from "./types.ts";

/** An operation that is shown and not executed: its first output, with the shape that the file tells for it, and what stands for all others. */
export function opaqueOutputs(
  op: Operation,
  tf: TfNode,
  why: Unsupported,
): { readonly first: Edge; readonly others: Edge } {
  const taken = op.edges.flatMap((edge) => {
    const value = edge.kind === "phases" ? edge.source : edge;
    return value.kind === "tensor" || value.kind === "unknown" ? [value.node] : [];
  });
  const { inputs, attrs } = opaqueAs(why, taken);
  const told = tf.attributes.get("_output_shapes")?.shapes?.[0] ?? null;
  const rest = told?.slice(1) ?? [null];
  const isKnown = told !== null && told.length > 0 && !rest.includes(null);
  const shape: Shape = isKnown ? [null, ...rest] : [null];
  const node = op.l.network.builder.opaque(op.l.name, inputs, attrs, shape);
  const blamed = op.edges.find((edge) => edge.kind === "unknown")?.blame;
  const others: Edge = { kind: "unknown", node, blame: blamed ?? op.l.name };
  return { first: isKnown ? op.l.tensor(node) : others, others };
}

/** Why, in words; faults of ours are thrown on. */
export function reasonOf(error: unknown): Unsupported {
  if (error instanceof Unsupported) return error;
  // a shape rule of the graph
  if (error instanceof RangeError)
    return new Unsupported(`its tensors do not fit (${error.message})`);
  throw error;
}
