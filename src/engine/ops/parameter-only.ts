import type { GraphBuilder, NodeId } from "../../graph/index.ts";

/** Whether a value depends on parameters and constants only, so that it is the same in every run. */
export function isParameterOnly(builder: GraphBuilder, id: NodeId): boolean {
  const { op, inputs } = builder.get(id);
  if (op === "weight" || op === "constant") return true;
  return (
    op !== "opaque" && inputs.length > 0 && inputs.every((input) => isParameterOnly(builder, input))
  );
}
