import type { NodeId } from "../../graph/index.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { Lowering } from "./lowering.ts";
import { alongLast } from "./reduction.ts";
import { Impossible } from "./unsupported.ts";
import { channelsLast, known, type Value } from "./value.ts";

/** What one axis becomes: a row of weights over the old cells for each new cell. */
export interface Interpolation {
  readonly size: number;
  /** Weights [size, old size], row-major. */
  readonly weights: Float32Array;
}

/** Interpolates along one axis of the file, by a product with its weights. */
export function interpolate(
  l: Lowering,
  x: Value,
  axis: number,
  { size, weights }: Interpolation,
): Value {
  const from = known(x.shape, axis);
  const matrix = (): NodeId =>
    l.network.builder.constant(
      { dtype: "float32", shape: [size, from], data: weights },
      `${l.name}/weights`,
    );
  return alongLast(l, x, axis, (node) => {
    const lead = l.nodeShape(node).slice(0, -1);
    const rows = lead.includes(null) ? null : sizeOf(lead.map(Number));
    const flat = l.reshape(node, [rows, from]);
    const product = l.op("matMul", [flat, matrix()], { transposeA: false, transposeB: true });
    return l.reshape(product, [...lead, size]);
  });
}

/** How PyTorch and ONNX see the old place of new cell `i`. */
export type Centres = "half-pixel" | "corners" | "legacy";

/** Rows and columns of pictures by the engines' own operations. Throws `Impossible` for a size that no picture has. */
export function resizePicture(
  l: Lowering,
  x: Value,
  size: readonly [number, number],
  how: "nearest" | "bilinear",
  centres: Centres,
): Value {
  if (!size.every((n) => Number.isSafeInteger(n) && n >= 1))
    throw new Impossible(`'${l.name}' makes pictures of ${size.join(" x ")} cells`);
  const order = channelsLast(4);
  const node = l.node(x, order);
  if (known(x.shape, 2) === size[0] && known(x.shape, 3) === size[1]) return x;
  return l.tensor(
    l.op(how === "nearest" ? "resizeNearest" : "resizeBilinear", [node], { size, centres }),
    order,
  );
}
