/** Arithmetic on numbers that are known while the file is read. */
import { sizeOf } from "../../base/tensor.ts";
import { Unsupported } from "./unsupported.ts";
import { places } from "./arrange.ts";
import { broadcastShape, range, type Numbers } from "./value.ts";

/** More numbers than this are no arithmetic of shapes. */
export const MAX_NUMBERS = 1 << 20;

/** Throws `Unsupported` before numbers are made that nobody counted on. */
export function roomFor(shape: readonly number[]): readonly number[] {
  const cells = sizeOf(shape);
  if (!(cells <= MAX_NUMBERS)) throw new Unsupported(`it makes a constant of ${cells} numbers`);
  return shape;
}

/** `x` broadcast to `shape`. */
export function stretched(x: Numbers, shape: readonly number[]): number[] {
  roomFor(shape);
  const lead = shape.length - x.shape.length;
  const own = range(shape.length).map((axis) => (axis < lead ? 1 : (x.shape[axis - lead] ?? 1)));
  const strides = own.map((size, axis) => (size === 1 ? 0 : sizeOf(own.slice(axis + 1))));
  let data = [0];
  shape.forEach((size, axis) => {
    const step = strides[axis] ?? 0;
    data = data.flatMap((at) => range(size).map((i) => at + i * step));
  });
  return data.map((at) => x.data[at] ?? 0);
}

export function mapNumbers(
  inputs: readonly Numbers[],
  type: Numbers["type"],
  f: (...values: number[]) => number,
): Numbers {
  const shape = broadcastShape(inputs.map((input) => input.shape)).map(Number);
  const columns = inputs.map((input) => stretched(input, shape));
  const data = range(sizeOf(shape)).map((i) => f(...columns.map((column) => column[i] ?? 0)));
  return { kind: "numbers", shape, data, type };
}

export const transposeNumbers = (x: Numbers, perm: readonly number[]): Numbers => ({
  ...x,
  shape: perm.map((axis) => x.shape[axis] ?? 1),
  data: [...places({ shape: x.shape, perm })].map((at) => x.data[at] ?? 0),
});

/** Cells `indices` along `axis`. */
export function pickNumbers(x: Numbers, axis: number, indices: readonly number[]): Numbers {
  const [outer, size, inner] = around(x.shape, axis);
  roomFor([outer]); // where an axis is empty, the others can be of any size
  const data = range(outer).flatMap((o) =>
    indices.flatMap((i) => {
      if (i < 0 || i >= size) throw new Unsupported(`it picks cell ${i} of ${size}`);
      const start = (o * size + i) * inner;
      return x.data.slice(start, start + inner);
    }),
  );
  return { ...x, shape: x.shape.map((n, i) => (i === axis ? indices.length : n)), data };
}

export function concatNumbers(inputs: readonly Numbers[], axis: number): Numbers {
  const [first] = inputs;
  if (!first) throw new Unsupported("it joins nothing");
  const parts = inputs.map((input) => ({ input, width: sizeOf(input.shape.slice(axis)) }));
  roomFor(first.shape.slice(0, axis));
  const data = range(sizeOf(first.shape.slice(0, axis))).flatMap((o) =>
    parts.flatMap(({ input, width }) => input.data.slice(o * width, (o + 1) * width)),
  );
  const total = inputs.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
  return { ...first, shape: first.shape.map((n, i) => (i === axis ? total : n)), data };
}

export function reduceNumbers(
  x: Numbers,
  axes: readonly number[],
  keepDims: boolean,
  f: (values: readonly number[]) => number,
): Numbers {
  const kept = range(x.shape.length).filter((axis) => !axes.includes(axis));
  const moved = transposeNumbers(x, [...kept, ...axes]);
  const width = sizeOf(axes.map((axis) => x.shape[axis] ?? 1));
  const rows = sizeOf(roomFor(kept.map((axis) => x.shape[axis] ?? 1)));
  const data = range(rows).map((i) => f(moved.data.slice(i * width, (i + 1) * width)));
  const shape = keepDims
    ? x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : kept.map((axis) => x.shape[axis] ?? 1);
  return { ...x, shape, data };
}

/** Cells before, along and behind an axis. */
const around = (shape: readonly number[], axis: number): [number, number, number] => [
  sizeOf(shape.slice(0, axis)),
  shape[axis] ?? 1,
  sizeOf(shape.slice(axis + 1)),
];
