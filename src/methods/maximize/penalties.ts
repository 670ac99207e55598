/** What is taken off an objective, as nodes: how restless and how loud a picture is, and how much its copies resemble each other. */
import { usageError } from "../../base/errors.ts";
import type { GraphBuilder, NodeId } from "../../graph/index.ts";
import { floats } from "../../base/tensor.ts";
import type { MaximizeRequest } from "./types.ts";

const EPSILON = 1e-6;

/** Appends the weighted penalties of all rows as one scalar; null where all are off. `maps` is the layer whose maps are to differ. */
export function penaltyNode(
  builder: GraphBuilder,
  input: NodeId,
  maps: NodeId | null,
  { penalties, objectives, copies = 1, range, size }: MaximizeRequest,
): NodeId | null {
  if (!penalties) return null;
  const { totalVariation, l1, l2, diversity } = penalties;
  const parts: NodeId[] = [];
  const take = (weight: number, node: () => NodeId): void => {
    if (weight !== 0)
      parts.push(builder.add("mul", "penalty", [total(builder, node()), builder.scalar(weight)]));
  };
  const unit = (): NodeId => {
    const low = builder.constant(floats([size[2]], Float32Array.from(range.min)), "black");
    const extent = range.max.map((max, k) => max - (range.min[k] ?? 0));
    const wide = builder.constant(floats([size[2]], Float32Array.from(extent)), "extent");
    return builder.add("div", "unit", [builder.add("sub", "above_black", [input, low]), wide]);
  };
  const offGray = (): NodeId => builder.add("sub", "off_gray", [unit(), builder.scalar(0.5)]);
  take(totalVariation, () => variation(builder, unit(), size));
  take(l1, () => mean(builder, builder.add("abs", "l1", [offGray()])));
  take(l2, () => {
    const square = mean(builder, builder.add("square", "l2", [offGray()]));
    return builder.add("sqrt", "l2", [builder.add("add", "l2", [square, builder.scalar(EPSILON)])]);
  });
  if (diversity !== 0 && copies > 1) {
    if (maps === null || builder.shape(maps).length !== 4)
      throw usageError("Copies can only be made to differ at a layer with positions.");
    take(diversity, () => resemblance(builder, maps, objectives.length, copies));
  }
  const [first, ...others] = parts;
  if (first === undefined) return null;
  return others.reduce((sum, part) => builder.add("add", "penalties", [sum, part]), first);
}

/** The sum over all axes, so that rows of a free and of a known number can be added. */
export function total(builder: GraphBuilder, node: NodeId): NodeId {
  const axes = builder.shape(node).map((_, axis) => axis);
  return axes.length === 0 ? node : builder.add("sum", "total", [node], { axes, keepDims: false });
}

/** Over all but the batch, [N]. */
const mean = (builder: GraphBuilder, node: NodeId): NodeId =>
  builder.add("mean", "penalty_mean", [node], { axes: [1, 2, 3], keepDims: false });

/** Mean |difference| to the pixel below plus to the one on the right (anisotropic total variation, Mahendran, Vedaldi 2015). */
function variation(
  builder: GraphBuilder,
  pixels: NodeId,
  [height, width]: readonly [number, number, number],
): NodeId {
  const part = (begin: readonly [number, number], size: readonly [number, number]): NodeId =>
    builder.add("slice", "shifted", [pixels], {
      begin: [0, ...begin, 0],
      size: [null, ...size, null],
    });
  const along = (down: 0 | 1): NodeId => {
    const size = [height - down, width - (1 - down)] as const;
    const shifted = part([down, 1 - down], size);
    const step = builder.add("sub", "step", [shifted, part([0, 0], size)]);
    return mean(builder, builder.add("abs", "variation", [step]));
  };
  const steps = ([1, 0] as const).filter((down) => (down ? height : width) > 1).map(along);
  return steps.reduce((a, b) => builder.add("add", "variation", [a, b]));
}

/**
 * For each row the mean cosine between the Gram matrix (channel by channel over the positions) of its maps and those of the other
 * copies of its objective, [rows] (Olah et al. 2017, "Feature Visualization").
 */
function resemblance(builder: GraphBuilder, maps: NodeId, rows: number, copies: number): NodeId {
  const [, height = 1, width = 1, depth = 1] = builder.shape(maps).map((size) => size ?? 1);
  const cells = height * width;
  // a slice of the batch needs its length to be differentiated
  const known = builder.add("reshape", "rows", [maps], { shape: [rows, cells * depth] });
  const grams = Array.from({ length: rows }, (_, row) => {
    const own = builder.add("slice", "row", [known], { begin: [row, 0], size: [1, cells * depth] });
    const matrix = builder.add("reshape", "row_maps", [own], { shape: [cells, depth] });
    const gram = builder.add("matMul", "gram", [matrix, matrix], {
      transposeA: true,
      transposeB: false,
    });
    return builder.add("reshape", "gram_row", [gram], { shape: [1, depth * depth] });
  });
  const all = builder.add("concat", "grams", grams, { axis: 0 });
  const squares = builder.add("sum", "gram_norm", [builder.add("square", "gram_sq", [all])], {
    axes: [1],
    keepDims: true,
  });
  const norm = builder.add("sqrt", "gram_norm", [
    builder.add("add", "gram_norm", [squares, builder.scalar(EPSILON)]),
  ]);
  const unit = builder.add("div", "gram_unit", [all, norm]);
  const cosines = builder.add("matMul", "gram_cosine", [unit, unit], {
    transposeA: false,
    transposeB: true,
  });
  const share = (i: number, j: number): number =>
    i !== j && Math.floor(i / copies) === Math.floor(j / copies) ? 1 / (copies - 1) : 0;
  const pairs = Float32Array.from({ length: rows * rows }, (_, k) =>
    share(Math.floor(k / rows), k % rows),
  );
  const others = builder.constant(floats([rows, rows], pairs), "other_copies");
  return builder.add("sum", "resemblance", [builder.add("mul", "pairs", [cosines, others])], {
    axes: [1],
    keepDims: false,
  });
}
