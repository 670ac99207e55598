/** A tensor of doubles, for references that owe nothing to either engine. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: number[];
}

export const count = (shape: readonly number[]): number => shape.reduce((n, size) => n * size, 1);
export const zeros = (shape: readonly number[]): Array64 => ({
  shape,
  data: Array.from({ length: count(shape) }, () => 0),
});

/** Every index of `shape`, in row-major order. */
export function* indices(shape: readonly number[]): Generator<number[]> {
  for (let flat = 0; flat < count(shape); flat++) {
    const index: number[] = [];
    let rest = flat;
    for (const size of shape.toReversed()) {
      index.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    yield index;
  }
}
const flat = (shape: readonly number[], index: readonly number[]): number =>
  shape.reduce((at, size, axis) => at * size + (index[axis] ?? 0), 0);

/** The value at `index`, broadcast where `x` has fewer or single cells; `outside` beyond its borders. */
export function at(x: Array64, index: readonly number[], outside = 0): number {
  const own = index.slice(index.length - x.shape.length);
  const place = own.map((i, axis) => (x.shape[axis] === 1 ? 0 : i));
  if (own.some((i, axis) => i < 0 || (x.shape[axis] !== 1 && i >= (x.shape[axis] ?? 0))))
    return outside;
  return x.data[flat(x.shape, place)] ?? NaN;
}
/** Adds to the value at `index`; nothing happens beyond the borders. */
export function give(x: Array64, index: readonly number[], value: number): void {
  if (index.some((i, axis) => i < 0 || i >= (x.shape[axis] ?? 0))) return;
  const place = flat(x.shape, index);
  x.data[place] = (x.data[place] ?? 0) + value;
}
/** A tensor made cell by cell. */
export function fill(shape: readonly number[], value: (index: number[]) => number): Array64 {
  return { shape, data: [...indices(shape)].map(value) };
}
