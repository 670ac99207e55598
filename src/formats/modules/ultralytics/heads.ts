/**
 * Heads of the YOLO networks: boxes as cells of grids, decoded as their exporters do, so that boxes and classes are told as those of an
 * exported file are. Boxes without anchors as distances to four sides (Li et al. 2020; Feng et al., TOOD 2021), with anchors as in YOLOv5.
 */
import { at } from "../../../base/at.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Ref } from "../../pt2/schema.ts";
import { arithmetic } from "../arithmetic.ts";
import type { Classes, Forward, Module, Walk } from "../module.ts";
import { only } from "../walk.ts";

const inOrder = (module: Module, name: string): readonly Module[] =>
  module.child(name).children.map(([, child]) => child);

/** How far the cells of each level are apart, in pixels. */
function stridesOf(module: Module, walk: Walk): readonly number[] {
  const found = walk.tensor(module, "stride");
  if (!found) throw new Unsupported("it does not tell how far its cells are apart");
  return walk.numbers(found);
}

/** What a branch makes at each level, [N, numbers, cells], all levels one behind the other. */
function branch(module: Module, name: string, inputs: readonly Ref[], walk: Walk): Ref {
  const t = arithmetic(walk);
  const branches = inOrder(module, name);
  const levels = inputs.map((x, i) => {
    const made = walk.run(at(branches, i), x);
    const [n = 1, numbers = 0, rows = 0, columns = 0] = walk.shape(made);
    return t.view(made, [n, numbers, rows * columns]);
  });
  return t.cat(levels, 2);
}

/** The cells of a level as columns x, y: [2, cells], `shift` from their corners. */
function cellsOf(x: Ref, shift: number, walk: Walk): Ref {
  const t = arithmetic(walk);
  const [, , rows = 0, columns = 0] = walk.shape(x);
  const along = (size: number, shape: readonly number[]): Ref =>
    t.view(t.expand(t.view(t.counted(shift, size), shape), [rows, columns]), [1, rows * columns]);
  return t.cat([along(columns, [1, columns]), along(rows, [rows, 1])], 0);
}
/** Points [2, cells] in cells, `shift` from the corners of cells, and strides [1, cells], of all levels. */
function gridOf(
  module: Module,
  inputs: readonly Ref[],
  walk: Walk,
  shift: number,
): readonly [Ref, Ref] {
  const t = arithmetic(walk);
  const strides = stridesOf(module, walk);
  if (strides.length < inputs.length) throw new Unsupported("it has more levels than strides");
  const points = inputs.map((x) => cellsOf(x, shift, walk));
  const steps = inputs.map((x, i) => {
    const [, , rows = 0, columns = 0] = walk.shape(x);
    return t.full([1, rows * columns], at(strides, i));
  });
  return [t.cat(points, 1), t.cat(steps, 1)];
}

/** [N, 4 + classes, cells]: centre and size in pixels, and a probability for each class. */
function withoutAnchors(module: Module, inputs: readonly Ref[], walk: Walk): Ref {
  const t = arithmetic(walk);
  if (module.flag("end2end", false)) throw new Unsupported("it picks its boxes itself");
  const bins = branch(module, "cv2", inputs, walk);
  const classes = branch(module, "cv3", inputs, walk);
  const dfl = module.optional("dfl");
  const [leftTop, rightBottom] = t.split(dfl ? walk.run(dfl, bins) : bins, [2, 2], 1);
  if (!leftTop || !rightBottom) throw new Unsupported("its boxes have no four sides");
  const [points, strides] = gridOf(module, inputs, walk, 0.5);
  const [from, to] = [t.sub(points, leftTop), t.add(points, rightBottom)];
  const boxes = t.cat([t.mul(t.add(from, to), 0.5), t.sub(to, from)], 1);
  return t.cat([t.mul(boxes, strides), t.sigmoid(classes)], 1);
}

/** [N, boxes, 5 + classes (+ masks)]: of each cell a box for each anchor, YOLOv5's way. */
function withAnchors(module: Module, inputs: readonly Ref[], walk: Walk, masks: number): Ref {
  const t = arithmetic(walk);
  const strides = stridesOf(module, walk);
  const stored = walk.tensor(module, "anchors");
  if (!stored) throw new Unsupported("it has no anchors");
  const anchors = walk.numbers(stored);
  const [, count = 1] = walk.shape(stored);
  const numbers = module.number("nc", 0) + 5;
  const convolutions = inOrder(module, "m");
  const levels = inputs.map((input, i) => {
    const made = walk.run(at(convolutions, i), input);
    const [n = 1, , rows = 0, columns = 0] = walk.shape(made);
    const cells = rows * columns;
    const apart = t.permute(t.view(made, [n, count, numbers + masks, cells]), [0, 1, 3, 2]);
    const [xy, wh, rest, coefficients] = t.split(
      apart,
      [2, 2, numbers - 4, ...(masks > 0 ? [masks] : [])],
      3,
    );
    if (!xy || !wh || !rest) throw new Unsupported("its boxes have no numbers");
    const stride = at(strides, i);
    const corner = t.view(t.transpose(cellsOf(made, -0.5, walk), 0, 1), [1, 1, cells, 2]);
    const centre = t.mul(t.add(t.mul(t.sigmoid(xy), 2), corner), stride);
    const sizes = Array.from({ length: count }, (_, k) => {
      const size = (axis: 0 | 1): Ref =>
        t.full([1, 1, 1, 1], at(anchors, (i * count + k) * 2 + axis) * stride);
      return t.cat([size(0), size(1)], 3);
    });
    const doubled = t.mul(t.sigmoid(wh), 2);
    const size = t.mul(t.mul(doubled, doubled), t.cat(sizes, 1));
    const all = [centre, size, t.sigmoid(rest), ...(coefficients ? [coefficients] : [])];
    return t.view(t.cat(all, 3), [n, count * cells, numbers + masks]);
  });
  return t.cat(levels, 1);
}

const detected = (module: Module, inputs: readonly Ref[], walk: Walk): Ref =>
  module.optional("cv2")
    ? withoutAnchors(module, inputs, walk)
    : withAnchors(module, inputs, walk, 0);

/** Coefficients of masks behind each box; the masks are another output. */
const segmented: Forward = (module, inputs, walk) => {
  const masks = walk.run(module.child("proto"), at(inputs, 0));
  walk.also(masks);
  if (!module.optional("cv2")) return withAnchors(module, inputs, walk, module.number("nm", 32));
  const boxes = withoutAnchors(module, inputs, walk);
  return arithmetic(walk).cat([boxes, branch(module, "cv4", inputs, walk)], 1);
};

/** Points of a body behind each box: x, y in pixels and, where there are three numbers, how sure it is. */
const posed: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const boxes = withoutAnchors(module, inputs, walk);
  const shape = module.setting("kpt_shape");
  const [points = 0, each = 0] = Array.isArray(shape) ? (shape as readonly number[]) : [];
  if (!(points >= 1 && (each === 2 || each === 3)))
    throw new Unsupported("its points have no shape");
  const made = branch(module, "cv4", inputs, walk);
  const [n = 1, , cells = 0] = walk.shape(made);
  const [xy, sure] = t.split(t.view(made, [n, points, each, cells]), each === 3 ? [2, 1] : [2], 2);
  if (!xy) throw new Unsupported("its points have no places");
  const [corners, strides] = gridOf(module, inputs, walk, 0);
  const placed = t.mul(t.add(t.mul(xy, 2), corners), strides);
  const all = sure ? t.cat([placed, t.sigmoid(sure)], 2) : placed;
  return t.cat([boxes, t.view(all, [n, points * each, cells])], 1);
};

const classified: Forward = (module, inputs, walk) => {
  const t = arithmetic(walk);
  const x = inputs.length > 1 ? t.cat(inputs, 1) : only(inputs);
  const pooled = walk.run(module.child("pool"), walk.run(module.child("conv"), x));
  const flat = walk.op("flatten", { self: pooled, start_dim: 1 });
  const drop = module.optional("drop");
  const logits = walk.run(module.child("linear"), drop ? walk.run(drop, flat) : flat);
  // of YOLOv5 it is what comes after that makes shares of scores
  return module.className.startsWith("models.") ? logits : t.softmax(logits, 1);
};

export const HEADS: Classes = {
  Detect: detected,
  Segment: segmented,
  Pose: posed,
  Classify: classified,
};
