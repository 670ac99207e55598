/** The end of a detector. */
import { choosing } from "../../lower/index.ts";
import type { Table } from "./table.ts";

/** torchvision's, of one picture and one score a box: (boxes [boxes, 4], scores [boxes], most of their union). */
export const suppressions: Table = {
  nms: (call) => {
    throw choosing(call.l, call.value("dets"), call.value("scores"), {
      ...{ operation: "torchvision.nms", form: "corners", assumed: null, classes: "each" },
      ...{ score: null, iou: call.number("iou_threshold", 0.5), mostOfClass: null, most: null },
    });
  },
};
