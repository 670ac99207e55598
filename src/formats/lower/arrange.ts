import { at } from "../../base/at.ts";
import { copyStrided, type Cells } from "../../base/strided.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { isPlain, range, type Arrangement, type Parameter } from "./value.ts";

/** The shape of an arranged value: its axis i is axis `perm[i]` of the shape that it is seen in. */
export const arrangedShape = ({ shape, perm }: Arrangement): number[] =>
  perm.map((axis) => at(shape, axis));

/** `from`, row-major, copied to `to` in its new order. */
export const moveAxes = <T extends Cells>(
  from: ArrayLike<number>,
  to: T,
  { shape, perm }: Arrangement,
): T =>
  copyStrided(
    from,
    to,
    arrangedShape({ shape, perm }),
    perm.map((axis) => sizeOf(shape.slice(axis + 1))),
  );

/** `value`, arranged. Throws a RangeError where it has another number of cells than it declares. */
export function arrange(value: TensorData, arrangement: Arrangement): TensorData {
  const shape = arrangedShape(arrangement);
  const { data } = value;
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`[${arrangement.shape.join(", ")}] are not ${data.length} numbers`);
  if (isPlain(arrangement.perm)) return { ...value, shape };
  const Cells = data.constructor as new (length: number) => typeof data;
  return { ...value, shape, data: moveAxes(data, new Cells(data.length), arrangement) };
}

/** The same parameter in another shape or order; nothing is read yet. What was undone since the file leaves no trace. */
export function arrangedParameter(parameter: Parameter, arrangement: Arrangement): Parameter {
  const { stored, steps } = parameter.arranged ?? { stored: parameter, steps: [] };
  const all = followed(stored.shape, steps, arrangement);
  const last = all.at(-1);
  if (!last) return stored;
  return {
    ...stored,
    ref: stored.ref + all.map(words).join(""),
    shape: arrangedShape(last),
    read: () => all.reduce(arrange, stored.read()),
    arranged: { stored, steps: all },
  };
}
const words = ({ shape, perm }: Arrangement): string =>
  ` as [${shape.join()}]${isPlain(perm) ? "" : ` in order ${perm.join()}`}`;

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

/** `steps` on a parameter of shape `stored`, and then `next`, in as few steps as can be. */
function followed(
  stored: readonly number[],
  steps: readonly Arrangement[],
  next: Arrangement,
): readonly Arrangement[] {
  const last = steps.at(-1);
  const before = steps.slice(0, -1);
  if (!last) return isPlain(next.perm) && same(next.shape, stored) ? [] : [next];
  // what was only seen in another shape can be seen in this one
  if (isPlain(last.perm)) return followed(stored, before, next);
  const once = composed(last, next);
  return once ? followed(stored, before, once) : [...steps, next];
}

/** Two moves of axes as one, where axes of length 1 may come and go between them; null where others are split or joined. */
function composed(first: Arrangement, second: Arrangement): Arrangement | null {
  const long = (shape: readonly number[]): number[] =>
    range(shape.length).filter((axis) => shape[axis] !== 1);
  const between = arrangedShape(first);
  const [given, taken] = [long(between), long(second.shape)];
  if (!same(given.map((axis) => at(between, axis)), taken.map((axis) => at(second.shape, axis)))) return null; // prettier-ignore
  const stored = long(first.shape);
  const ones = range(second.shape.length).filter((axis) => second.shape[axis] === 1);
  const perm = second.perm.map((axis) => {
    const one = ones.indexOf(axis);
    if (one >= 0) return stored.length + one;
    return stored.indexOf(at(first.perm, at(given, taken.indexOf(axis))));
  });
  const moved = perm.filter((axis) => axis < stored.length);
  if (isPlain(moved)) return { shape: arrangedShape(second), perm: range(perm.length) };
  return { shape: [...stored.map((axis) => at(first.shape, axis)), ...ones.map(() => 1)], perm };
}
