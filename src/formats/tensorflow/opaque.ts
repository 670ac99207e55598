/** What is not understood. */
import type { Shape } from "../../base/tensor.ts";
import type { NodeId } from "../../graph/index.ts";
import { opaqueAs } from "../lower/index.ts";
import { Unsupported } from "../lower/unsupported.ts";
import type { Edge } from "./edges.ts";
import type { Operation } from "./operation.ts";
import type { TfNode } from "./types.ts";

/** No operation is told to have more. */
const MOST_OUTPUTS = 1000;

/** An operation that is shown and not executed: outputs with the shapes that the file tells for them, and what stands for all others. */
export function opaqueOutputs(
  op: Operation,
  tf: TfNode,
  why: Unsupported,
): { readonly outputs: readonly Edge[]; readonly others: Edge } {
  const taken = op.edges.flatMap((edge) => {
    const value = edge.kind === "phases" ? edge.source : edge;
    return value.kind === "tensor" || value.kind === "unknown" ? [value.node] : [];
  });
  const { inputs, attrs } = opaqueAs(why, taken);
  const blame = op.edges.find((edge) => edge.kind === "unknown")?.blame ?? op.l.name;
  const made = (shape: Shape): NodeId =>
    op.l.network.builder.opaque(op.l.name, inputs, attrs, shape);
  const told = tf.attributes.get("_output_shapes")?.shapes ?? [];
  const outputs = told.slice(0, MOST_OUTPUTS).map((shape): Edge => {
    const rest = shape?.slice(1) ?? [null];
    const isKnown = shape !== null && shape.length > 0 && !rest.includes(null);
    return isKnown
      ? op.l.tensor(made([null, ...rest]))
      : { kind: "unknown", node: made([null]), blame };
  });
  const [first] = outputs;
  const node = first?.kind === "tensor" || first?.kind === "unknown" ? first.node : made([null]);
  return { outputs, others: { kind: "unknown", node, blame } };
}

/** Why, in words; faults of ours are thrown on. */
export function reasonOf(error: unknown): Unsupported {
  if (error instanceof Unsupported) return error;
  // a shape rule of the graph
  if (error instanceof RangeError)
    return new Unsupported(`its tensors do not fit (${error.message})`);
  throw error;
}
