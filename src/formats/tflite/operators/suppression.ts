/** The end of a detector. */
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/**
 * (coordinates [N, boxes, 4 or more], scores [N, boxes, classes], anchors [boxes, 4]), both as y, x, height, width: a centre is moved by
 * shares of its anchor, a size is its anchor's times an exponential, each divided by its scale (TensorFlow Lite's
 * `detection_postprocess.cc`; "SSD", Liu et al. 2016). The first of one score more than classes is of no object.
 */
function detection(call: Call): never {
  const { l, x } = call;
  const settings = call.operator.settings();
  const told = (name: string): number | null => settings.get(name) ?? null;
  const scale = (names: readonly string[]): cf.Numbers =>
    cf.floats(names.map((name) => 1 / (told(name) ?? raise(name))));
  const pair = (value: cf.Value, from: readonly number[], axis: number): cf.Value =>
    cf.gather(l, value, cf.ints(from), axis);
  const anchors = call.input(2, "anchors");
  const [middle, sides] = [pair(anchors, [1, 0], 1), pair(anchors, [3, 2], 1)];
  const shift = cf.binary(l, "mul", pair(x, [1, 0], 2), scale(["x_scale", "y_scale"]));
  const growth = cf.binary(l, "mul", pair(x, [3, 2], 2), scale(["w_scale", "h_scale"]));
  const centre = cf.binary(l, "add", cf.binary(l, "mul", shift, sides), middle);
  const size = cf.binary(l, "mul", cf.unary(l, "exp", growth), sides);
  const boxes = cf.concat(l, [centre, size], 2);
  const scores = call.input(1);
  const [, , columns = 1] = scores.shape;
  const classes = told("num_classes") ?? columns;
  const from = columns - classes;
  if (from !== 0 && from !== 1)
    throw new Unsupported(`it has ${columns} scores for ${classes} classes`);
  const regular = told("use_regular_nms") === 1;
  throw cf.choosing(l, boxes, cf.slice(l, scores, [2], [from], [columns], [1]), {
    ...{ operation: "TFLite_Detection_PostProcess", form: "centre", assumed: null },
    ...{ score: told("nms_score_threshold"), iou: told("nms_iou_threshold") },
    mostOfClass: regular ? told("detections_per_class") : null,
    most: told("max_detections"),
    classes: regular ? "each" : "any",
  });
}

function raise(name: string): never {
  throw new Unsupported(`its setting '${name}' is missing`);
}

export const suppressions: Operators = [["TFLite_Detection_PostProcess", detection]];
