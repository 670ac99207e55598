/** The end of a detector. */
import type { BoxChoice } from "../../../graph/index.ts";
import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Operation, Rules } from "../operation.ts";

/** A limit that the file tells; null where the network computes it, or it stands for none. */
function told(op: Operation, index: number): number | null {
  const edge = op.edges[index];
  if (edge?.kind !== "numbers" && edge?.kind !== "parameter") return null;
  const limit = op.number(index, "limit");
  return Number.isFinite(limit) ? limit : null;
}

const common = (op: Operation): Pick<BoxChoice, "operation" | "form" | "assumed"> => ({
  ...{ operation: op.op, form: "corners, y first", assumed: null },
});

/** (boxes [boxes, 4], scores [boxes], most, IoU, least score, sigma): one picture, one score a box. */
function ofOneClass(op: Operation): never {
  const soft = (told(op, 5) ?? 0) > 0;
  throw lower.choosing(op.l, op.x, op.value(1), {
    ...common(op),
    ...(soft && { assumed: "It lowers the scores of boxes that overlap, which is not followed." }),
    ...{ most: told(op, 2), iou: told(op, 3), score: told(op, 4) },
    ...{ mostOfClass: null, classes: "each" },
  });
}

/** (boxes [N, boxes, 1 or classes, 4], scores [N, boxes, classes], most of a class, most, IoU, least score) */
function combined(op: Operation): never {
  const { l, x } = op;
  const [, , each = 1] = x.shape;
  if (x.shape.length !== 4 || each !== 1) throw new Unsupported("each class has boxes of its own");
  const boxes = lower.reshape(l, x, [at(x.shape, 0), at(x.shape, 1), 4]);
  throw lower.choosing(l, boxes, op.value(1), {
    ...common(op),
    ...{ mostOfClass: told(op, 2), most: told(op, 3), iou: told(op, 4), score: told(op, 5) },
    classes: "each",
  });
}

/** Those that choose by a box's overlap with others. */
export const suppressions: Rules = [
  ["NonMaxSuppression", ofOneClass],
  ["NonMaxSuppressionV2", ofOneClass],
  ["NonMaxSuppressionV3", ofOneClass],
  ["NonMaxSuppressionV4", ofOneClass],
  ["NonMaxSuppressionV5", ofOneClass],
  ["CombinedNonMaxSuppression", combined],
];
