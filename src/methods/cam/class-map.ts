import { usageError } from "../../base/errors.ts";
import { floats, type FloatTensor } from "../../base/tensor.ts";
import type { CamMethod } from "../../shared/contract/lenses.ts";
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

/** Where a difference of maps is the map of a difference of scores. */
const LINEAR: readonly CamMethod[] = ["grad-cam", "hires-cam", "xgrad-cam", "score-cam"];

/** Throws a usage error for a method whose maps cannot be subtracted. */
export function checkContrast(method: CamMethod): void {
  if (!LINEAR.includes(method))
    throw usageError(
      `The map of one class minus that of another needs a method that is linear in the score, and ${method} is not: ${LINEAR.join(", ")}.`,
    );
}

/** The map of score A - score B; exact for the methods that are linear in the score. */
export function contrast(a: ClassMap, b: ClassMap): ClassMap {
  const minus = (x: FloatTensor, y: FloatTensor): FloatTensor => ({
    ...x,
    data: x.data.map((value, i) => value - (y.data[i] ?? 0)),
  });
  const [h = 1, w = 1] = a.signed.shape;
  const alpha = a.alpha && b.alpha && minus(a.alpha, b.alpha);
  return classMap(a.classIndex, [h, w], minus(a.signed, b.signed).data, alpha);
}
