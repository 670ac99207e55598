import { sizeOf, type TensorData } from "../../base/tensor.ts";
import type { Parameter } from "./value.ts";

/** What is done to a parameter when it is read: seen in another shape, then its axes put in another order. */
export interface Arrangement {
  readonly shape: readonly number[];
  readonly perm: readonly number[];
}

export const arrangedShape = ({ shape, perm }: Arrangement): number[] =>
  perm.map((axis) => shape[axis] ?? 1);

/** For each cell of the arranged tensor, in row-major order, where it stands in the stored one. */
export function* places({ shape, perm }: Arrangement): Generator<number> {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const [lengths, steps] = [arrangedShape({ shape, perm }), perm.map((axis) => strides[axis] ?? 1)];
  const index = lengths.map(() => 0);
  let at = 0;
  for (let left = sizeOf(shape); left > 0; left--) {
    yield at;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      at += steps[axis] ?? 0;
      index[axis] = next;
      if (next < (lengths[axis] ?? 1)) break;
      at -= next * (steps[axis] ?? 0);
      index[axis] = 0;
    }
  }
}

/** `value`, arranged. */
export function arrange(value: TensorData, arrangement: Arrangement): TensorData {
  const shape = arrangedShape(arrangement);
  if (arrangement.perm.every((axis, i) => axis === i)) return { ...value, shape };
  const { data } = value;
  const moved = data.slice();
  let i = 0;
  for (const at of places(arrangement)) moved[i++] = data[at] ?? 0;
  return { ...value, shape, data: moved };
}

/** The address of `parameter` arranged: its own where nothing changes. */
export function arrangedRef({ ref, shape }: Parameter, { shape: seen, perm }: Arrangement): string {
  const same = seen.length === shape.length && seen.every((size, i) => size === shape[i]);
  const moved = perm.some((axis, i) => axis !== i);
  if (same && !moved) return ref;
  return `${ref} as [${seen.join()}]${moved ? ` in order ${perm.join()}` : ""}`;
}

/** The same parameter in another shape or order; nothing is read yet. */
export function arrangedParameter(parameter: Parameter, arrangement: Arrangement): Parameter {
  return {
    ...parameter,
    ref: arrangedRef(parameter, arrangement),
    shape: arrangedShape(arrangement),
    read: () => arrange(parameter.read(), arrangement),
  };
}
