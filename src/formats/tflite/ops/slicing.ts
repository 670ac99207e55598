import type { NodeId } from "../../../graph/index.ts";
import { FixedBatch, Unsupported, type Lower, type Lowered, type OpScope } from "../scope.ts";
import { stridedSlice, type StridedAxis } from "../strides.ts";

interface Part {
  readonly begin: number;
  readonly count: number;
}

/** One part per axis; an axis that is taken whole stays free where it is. */
function cut(scope: OpScope, x: NodeId, parts: readonly Part[]): NodeId {
  const shape = scope.shapeOf(x);
  const sizes = scope.sizes(x);
  const whole = (axis: number): boolean =>
    parts[axis]?.begin === 0 && parts[axis].count === sizes[axis];
  if (sizes.every((_, axis) => whole(axis))) return x;
  if (shape[0] === null && !whole(0)) throw new FixedBatch("it takes a part of the batch");
  const inside = parts.every(
    ({ begin, count }, axis) => begin >= 0 && count >= 1 && begin + count <= (sizes[axis] ?? 0),
  );
  if (!inside) throw new Unsupported("it takes a part that is not there");
  return scope.op("slice", [x], {
    begin: parts.map(({ begin }) => begin),
    size: parts.map(({ count }, axis) => (whole(axis) ? null : count)),
  });
}

export const slice: Lower = (scope) => {
  const x = scope.node(0);
  const sizes = scope.sizes(x);
  const [begins, counts] = [scope.ints(1), scope.ints(2)];
  return cut(
    scope,
    x,
    sizes.map((size, axis) => {
      const begin = begins[axis] ?? 0;
      const count = counts[axis] ?? -1;
      return { begin, count: count === -1 ? size - begin : count };
    }),
  );
};

export const masksOf = (scope: OpScope): Parameters<typeof stridedSlice>[4] => ({
  begin: scope.i32(0),
  end: scope.i32(1),
  ellipsis: scope.i32(2),
  newAxis: scope.i32(3),
  shrink: scope.i32(4),
});

export const strided: Lower = (scope) => {
  const x = scope.node(0);
  const sizes = scope.sizes(x);
  const { axes, out } = stridedSlice(
    sizes,
    ...([scope.ints(1), scope.ints(2), scope.ints(3), masksOf(scope)] as const),
  );
  const taken = axes.reduce((id, axis, i) => along(scope, id, i, axis), x);
  const left = scope.sizes(taken);
  return scope.reshape(
    taken,
    out.map((axis) => (axis === null ? 1 : (left[axis] ?? 1))),
  );
};

/** Backwards: reversed first. */
function along(scope: OpScope, x: NodeId, axis: number, wanted: StridedAxis): NodeId {
  if (wanted.whole) return x;
  const sizes = scope.sizes(x);
  const size = sizes[axis] ?? 1;
  const back = wanted.stride < 0;
  const stride = Math.abs(wanted.stride);
  const begin = back ? size - 1 - wanted.begin : wanted.begin;
  if (scope.shapeOf(x)[axis] === null && (back || stride !== 1))
    throw new FixedBatch("it reorders the batch");
  const turned = back ? scope.op("reverse", [x], { axes: [axis] }) : x;
  const own = <T>(value: T, other: T): T[] => sizes.map((_, i) => (i === axis ? value : other));
  if (stride === 1) {
    const part = { begin, count: wanted.count };
    return cut(
      scope,
      turned,
      sizes.map((count, i) => (i === axis ? part : { begin: 0, count })),
    );
  }
  if (begin < 0 || wanted.count < 1 || begin + (wanted.count - 1) * stride >= size)
    throw new Unsupported("it takes a part that is not there");
  return scope.op("stridedSlice", [turned], {
    begin: own(begin, 0),
    size: own<number | null>(wanted.count, null),
    strides: own(stride, 1),
  });
}

/** Parts of `sizes` along one axis, one after the other. */
function pieces(scope: OpScope, input: number, axis: number, lengths: readonly number[]): NodeId[] {
  const x = scope.node(input);
  const sizes = scope.sizes(x);
  let from = 0;
  return lengths.map((count) => {
    const begin = from;
    from += count;
    return cut(
      scope,
      x,
      sizes.map((size, i) => (i === axis ? { begin, count } : { begin: 0, count: size })),
    );
  });
}

/** (axis, x) into equal parts */
export const split: Lower = (scope): Lowered => {
  const sizes = scope.inputSizes(1);
  const [axis = 0] = scope.axes(scope.ints(0), sizes.length);
  const count = scope.operator.outputs.length;
  const part = (sizes[axis] ?? 0) / count;
  if (!Number.isInteger(part)) throw new Unsupported("it splits into unequal parts");
  return { outputs: pieces(scope, 1, axis, Array<number>(count).fill(part)) };
};
/** (x, sizes, axis) */
export const splitV: Lower = (scope): Lowered => {
  const sizes = scope.inputSizes(0);
  const [axis = 0] = scope.axes(scope.ints(2), sizes.length);
  const given = scope.ints(1);
  const told = given.reduce((sum, count) => sum + Math.max(0, count), 0);
  const lengths = given.map((count) => (count < 0 ? (sizes[axis] ?? 0) - told : count));
  return { outputs: pieces(scope, 0, axis, lengths) };
};
/** One output for each position of an axis, which disappears. */
export const unpack: Lower = (scope): Lowered => {
  const sizes = scope.inputSizes(0);
  const [axis = 0] = scope.axes([scope.i32(1)], sizes.length);
  const kept = sizes.filter((_, i) => i !== axis);
  if (sizes[axis] !== scope.operator.outputs.length)
    throw new Unsupported("its outputs are not as many as its input has parts");
  const parts = pieces(scope, 0, axis, Array<number>(sizes[axis] ?? 0).fill(1));
  return { outputs: parts.map((part) => scope.reshape(part, kept)) };
};

/** (x, indices): these positions along one axis */
export const gather: Lower = (scope) => {
  const x = scope.node(0);
  const shape = scope.shapeOf(x);
  const [axis = 0] = scope.axes([scope.i32(0)], shape.length);
  if (scope.i32(1) !== 0) throw new Unsupported("it gathers picture by picture");
  if (axis === 0 && shape[0] === null) throw new FixedBatch("it takes parts of the batch");
  const size = scope.sizes(x)[axis] ?? 0;
  const host = scope.host(1);
  if (host?.values.some((at) => at < 0 || at >= size))
    throw new Unsupported("it takes a part that is not there");
  return scope.op("gather", [x, scope.node(1, "indices")], { axis });
};

export const reverse: Lower = (scope) => {
  const x = scope.node(0);
  const shape = scope.shapeOf(x);
  const axes = scope.axes(scope.ints(1), shape.length);
  if (axes.includes(0) && shape[0] === null) throw new FixedBatch("it reorders the batch");
  return scope.op("reverse", [x], { axes });
};

export const cumSum: Lower = (scope) => {
  const x = scope.node(0);
  const [axis = 0] = scope.axes(scope.ints(1), scope.shapeOf(x).length);
  if (axis === 0 && scope.shapeOf(x)[0] === null) throw new FixedBatch("it adds up the batch");
  return scope.op("cumSum", [x], { axis, exclusive: scope.bool(0), reverse: scope.bool(1) });
};
