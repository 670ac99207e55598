import type { NodeId } from "../../../graph/index.ts";
import { FixedBatch, Unsupported, type Lower, type OpScope } from "../scope.ts";

/** -1 stands for what is left over. */
function completed(target: readonly number[], count: number): number[] {
  const rest = target.reduce((product, axis) => (axis === -1 ? product : product * axis), 1);
  return target.map((axis) => (axis === -1 ? count / rest : axis));
}
const countOf = (sizes: readonly number[]): number =>
  sizes.reduce((product, axis) => product * axis, 1);

export const reshape: Lower = (scope) => {
  const x = scope.node(0);
  const target = scope.has(1) ? scope.ints(1) : scope.i32s(0);
  if (!target) throw new Unsupported("the file does not tell its target shape");
  return scope.reshape(x, completed(target, countOf(scope.sizes(x))));
};

export const squeeze: Lower = (scope) => {
  const x = scope.node(0);
  const sizes = scope.sizes(x);
  const given = scope.i32s(0) ?? [];
  const axes =
    given.length > 0
      ? scope.axes(given, sizes.length)
      : [...sizes.keys()].filter((axis) => sizes[axis] === 1);
  return scope.reshape(
    x,
    sizes.filter((_, axis) => !axes.includes(axis)),
  );
};

export const expandDims: Lower = (scope) => {
  const x = scope.node(0);
  const sizes = scope.sizes(x);
  const [axis = 0] = scope.axes(scope.ints(1), sizes.length + 1);
  return scope.reshape(x, [...sizes.slice(0, axis), 1, ...sizes.slice(axis)]);
};

export const transpose: Lower = (scope) => {
  const x = scope.node(0);
  return scope.transpose(x, scope.axes(scope.ints(1), scope.shapeOf(x).length));
};

export const concatenation: Lower = (scope) => {
  const parts = Array.from({ length: scope.count }, (_, i) => scope.node(i));
  const rank = scope.shape(0).length;
  const [axis = 0] = scope.axes([scope.i32(0)], rank);
  const free = parts.filter((id) => scope.shapeOf(id)[0] === null).length;
  if (free > 0 && (axis === 0 || free < parts.length))
    throw new FixedBatch("it puts pictures and constants together");
  return scope.op("concat", parts, { axis });
};

/** A new axis, along which the inputs lie. */
export const pack: Lower = (scope) => {
  const rank = scope.shape(0).length + 1;
  const [axis = 0] = scope.axes([scope.i32(1)], rank);
  if (axis === 0 && scope.shape(0)[0] === null)
    throw new FixedBatch("it puts an axis before the batch");
  const parts = Array.from({ length: scope.count }, (_, i) => {
    const x = scope.node(i);
    const sizes = scope.sizes(x);
    return scope.reshape(x, [...sizes.slice(0, axis), 1, ...sizes.slice(axis)]);
  });
  return scope.op("concat", parts, { axis });
};

export const tile: Lower = (scope) => {
  const x = scope.node(0);
  const multiples = scope.ints(1);
  if (multiples.length !== scope.shapeOf(x).length || multiples.some((times) => times < 1))
    throw new Unsupported("its repetitions do not fit its input");
  if (multiples[0] !== 1 && scope.shapeOf(x)[0] === null)
    throw new FixedBatch("it repeats the batch");
  return scope.op("tile", [x], { multiples });
};

export const broadcastTo: Lower = (scope) => {
  const x = scope.node(0);
  const target = scope.ints(1);
  const sizes = scope.sizes(x);
  const lead = target.length - sizes.length;
  const full = scope.reshape(x, [...target.slice(0, lead).map(() => 1), ...sizes]);
  const multiples = target.map((size, axis) =>
    axis >= lead && sizes[axis - lead] === size ? 1 : size,
  );
  if (multiples[0] !== 1 && scope.shapeOf(full)[0] === null)
    throw new FixedBatch("it repeats the batch");
  return scope.op("tile", [full], { multiples });
};

const pairs = (flat: readonly number[]): (readonly [number, number])[] =>
  Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0]);

export const pad: Lower = (scope) => {
  const [value = 0] = scope.has(2) ? scope.ints(2) : [0];
  return padded(scope, scope.node(0), pairs(scope.ints(1)), value);
};
export const mirrorPad: Lower = (scope) =>
  scope.op("mirrorPad", [scope.node(0)], {
    paddings: pairs(scope.ints(1)),
    mode: scope.i8(0) === 0 ? "reflect" : "symmetric",
  });
function padded(
  scope: OpScope,
  x: NodeId,
  paddings: readonly (readonly [number, number])[],
  value: number,
): NodeId {
  if (paddings.length !== scope.shapeOf(x).length || paddings.flat().some((size) => size < 0))
    throw new Unsupported("its borders do not fit its input");
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  return scope.op("pad", [x], { paddings, value });
}

/** [N, H, W, C] -> [N, H / block, W / block, block * block * C] */
export const spaceToDepth: Lower = (scope) => {
  const x = scope.node(0);
  const [n = 1, h = 1, w = 1, c = 1] = scope.sizes(x);
  const b = scope.i32(0);
  const split = scope.reshape(x, [n, h / b, b, w / b, b, c]);
  return scope.reshape(scope.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h / b, w / b, b * b * c]);
};
export const depthToSpace: Lower = (scope) => {
  const x = scope.node(0);
  const [n = 1, h = 1, w = 1, c = 1] = scope.sizes(x);
  const b = scope.i32(0);
  const split = scope.reshape(x, [n, h, w, b, b, c / (b * b)]);
  return scope.reshape(scope.transpose(split, [0, 1, 3, 2, 4, 5]), [n, h * b, w * b, c / (b * b)]);
};

/**
 * Blocks become pictures of the batch. The pictures of one stay together here (TensorFlow keeps those of one block together):
 * the same for one picture, and for the way back.
 */
export const spaceToBatch: Lower = (scope) => {
  const [rows = 1, columns = 1] = scope.ints(1);
  const around = [[0, 0] as const, ...pairs(scope.ints(2)), [0, 0] as const];
  const x = padded(scope, scope.node(0), around, 0);
  const [n = 1, h = 1, w = 1, c = 1] = picture(scope, x);
  const split = scope.reshape(x, [n, h / rows, rows, w / columns, columns, c]);
  const blocks = scope.transpose(split, [0, 2, 4, 1, 3, 5]);
  return scope.reshape(blocks, [n * rows * columns, h / rows, w / columns, c]);
};
export const batchToSpace: Lower = (scope) => {
  const [rows = 1, columns = 1] = scope.ints(1);
  const cut = pairs(scope.ints(2));
  const x = scope.node(0);
  const [blocks = 1, h = 1, w = 1, c = 1] = picture(scope, x);
  const n = blocks / (rows * columns);
  const split = scope.reshape(x, [n, rows, columns, h, w, c]);
  const whole = scope.reshape(scope.transpose(split, [0, 3, 1, 4, 2, 5]), [
    ...[n, h * rows, w * columns, c],
  ]);
  const [[top, bottom] = [0, 0], [left, right] = [0, 0]] = cut;
  if (top + bottom + left + right === 0) return whole;
  return scope.op("slice", [whole], {
    begin: [0, top, left, 0],
    size: [null, h * rows - top - bottom, w * columns - left - right, null],
  });
};
function picture(scope: OpScope, x: NodeId): number[] {
  const shape = scope.shapeOf(x);
  if (shape.length !== 4) throw new Unsupported("it works on something that is no picture");
  return scope.sizes(x);
}
