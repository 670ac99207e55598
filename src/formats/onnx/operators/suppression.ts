/** The end of a detector. */
import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** (boxes [N, boxes, 4], scores [N, classes, boxes], most of a class, most of their union, least score) */
function suppression(call: Call): never {
  const { l, x } = call;
  const pytorch = /^pytorch/i.test(call.producer);
  const corners = pytorch ? "corners" : "corners, y first";
  const most = told(call, 2);
  throw cf.choosing(l, x, cf.transpose(l, call.input(1), [0, 2, 1]), {
    operation: "NonMaxSuppression",
    form: call.int("center_point_box", 0) === 1 ? "centre" : corners,
    assumed:
      pytorch && call.int("center_point_box", 0) !== 1
        ? "Corners are read x first, as PyTorch's exporter writes them."
        : null,
    ...{ score: told(call, 4), iou: told(call, 3) },
    // exporters write the largest number for "no limit"
    ...{ mostOfClass: most !== null && most > 0 ? most : null, most: null, classes: "each" },
  });
}

/** A number that the file tells; null where it is left out, or is fed beside the picture. */
function told(call: Call, index: number): number | null {
  const value = call.optional(index);
  if (!value || value.kind === "tensor") return null;
  const { data } = call.l.numbers(value, "limit");
  if (data.length !== 1) throw new Unsupported("its limit is not one number");
  return at(data, 0);
}

export const suppressions: Operators = [["NonMaxSuppression", suppression]];
