import { axes } from "../../base/axes.ts";
import { usageError } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import { CAM_METHODS, type CamMethod } from "../../shared/catalogue.ts";
import type { ClassMap } from "./types.ts";

/** A map out of its values before ReLU, [h * w]. */
export function classMap(
  classIndex: number,
  shape: readonly [number, number],
  signed: Float32Array,
  alpha: FloatTensor | null,
): ClassMap {
  const raw = floats(
    shape,
    signed.map((value) => Math.max(0, value)),
  );
  return { classIndex, signed: floats(shape, signed), raw, alpha };
}

/** Throws a usage error for a method whose maps cannot be subtracted. */
export function checkContrast(method: CamMethod): void {
  const linear = Object.values(CAM_METHODS).filter((about) => about.linear);
  if (!CAM_METHODS[method].linear)
    throw usageError(
      `The map of one class minus that of another needs a method that is linear in the score, and ${method} is not: ${linear.map(({ id }) => id).join(", ")}.`,
    );
}

/** The map of score A - score B; exact for the methods that are linear in the score. */
export function contrast(a: ClassMap, b: ClassMap): ClassMap {
  const minus = (x: FloatTensor, y: FloatTensor): FloatTensor => ({
    ...x,
    data: x.data.map((value, i) => value - (y.data[i] ?? 0)),
  });
  const [h, w] = axes(a.signed.shape, 2);
  const alpha = a.alpha && b.alpha && minus(a.alpha, b.alpha);
  const map = classMap(a.classIndex, [h, w], minus(a.signed, b.signed).data, alpha);
  return { ...map, ...(a.slices && { slices: a.slices }) };
}
