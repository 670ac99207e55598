/** Non-maximum suppression, the end of a detector: it is not run, but what it is fed is what a detector is asked about. */
import type { BoxChoice, NodeId, OpAttrs } from "../../graph/index.ts";
import { Unsupported } from "./unsupported.ts";
import type { Lowering } from "./lowering.ts";
import type { Value } from "./value.ts";

/** Why an operation that chooses among boxes is not executed, with what it would choose from. */
export class Choosing extends Unsupported {
  constructor(
    /** [N, boxes, 4] and [N, boxes, classes]. */
    readonly fed: readonly [boxes: NodeId, scores: NodeId],
    readonly choice: BoxChoice,
  ) {
    super(
      `'${choice.operation}' chooses among boxes, and how many are left depends on the picture; its boxes and scores are asked about in its place`,
    );
  }
}

/**
 * An operation that chooses among boxes [N, boxes, 4] by scores [N, boxes, classes], or of one picture without N, or of one class without
 * classes. Throws an `Unsupported` for tensors that do not fit.
 */
export function choosing(l: Lowering, boxes: Value, scores: Value, choice: BoxChoice): Choosing {
  const fed = [tableOf(l, boxes), tableOf(l, scores)] as const;
  const [own, beside] = fed.map((node) => l.nodeShape(node));
  if (own?.[1] !== beside?.[1] || own?.[0] !== beside?.[0] || own?.[2] !== 4)
    throw new Unsupported(
      `its boxes [${own?.join(", ")}] and scores [${beside?.join(", ")}] do not fit`,
    );
  return new Choosing(fed, choice);
}

/** [N, boxes, numbers] of what one picture has without N, and one class without numbers. */
function tableOf(l: Lowering, value: Value): NodeId {
  const node = l.node(value);
  const shape = l.nodeShape(node);
  const [boxes = null, numbers = 1] = shape;
  if (shape.length === 3) return node;
  if (shape.length > 3 || boxes === null)
    throw new Unsupported("it takes boxes in a shape that is not known");
  return l.reshape(node, [1, boxes, numbers]);
}

/** How what is not executed stands in the graph: with what it takes (`taken`), or with what it would choose from. */
export function opaqueAs(
  why: Error,
  taken: readonly NodeId[],
): { readonly inputs: readonly NodeId[]; readonly attrs: OpAttrs["opaque"] } {
  const reason = why.message;
  if (!(why instanceof Choosing)) return { inputs: taken, attrs: { reason } };
  return { inputs: why.fed, attrs: { reason, chooses: why.choice } };
}
