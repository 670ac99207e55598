/** Parts of tensors, and tensors joined. */
import type { NodeId } from "../../../graph/index.ts";
import type { Shape } from "../../../base/tensor.ts";
import { indexOf, offset, plain } from "../fold.ts";
import type { Operation, Rule } from "../operation.ts";
import { Batches, host, node, Unsupported, type Host, type Known, type Value } from "../values.ts";
import { behind } from "./channels.ts";
import { TO_NCHW, TO_NHWC } from "../rearranged.ts";

/** From `begin`, `count` elements `stride` apart, along one axis. */
interface Cut {
  readonly begin: number;
  /** null: all of a free axis. */
  readonly count: number | null;
  readonly stride: number;
}
const whole = (size: number | null): Cut => ({ begin: 0, count: size, stride: 1 });

function cutHost(value: Host, cuts: readonly Cut[]): Host {
  const shape = cuts.map(({ count }) => count ?? 1);
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Array.from({ length: size }, (_, i): Known => {
    const at = indexOf(i, shape).map((n, axis) => {
      const { begin, stride } = cuts[axis] ?? whole(1);
      return begin + n * stride;
    });
    return value.data[offset(at, value.shape)] ?? 0;
  });
  return host(value.dtype, shape, data);
}

function cutNode(op: Operation, x: NodeId, cuts: readonly Cut[]): NodeId {
  const reversed = cuts.flatMap(({ stride }, axis) => (stride < 0 ? [axis] : []));
  const forwards = cuts.map(({ begin, count, stride }): Cut =>
    stride < 0 && count !== null
      ? { begin: begin + (count - 1) * stride, count, stride: -stride }
      : { begin, count, stride },
  );
  const shape = op.shape(x);
  const spans = forwards.map(({ count, stride }) =>
    count === null ? null : (count - 1) * stride + 1,
  );
  const all = forwards.every(({ begin }, axis) => begin === 0 && spans[axis] === shape[axis]);
  let out = x;
  if (!all)
    out = op.make("slice", [x], {
      begin: forwards.map(({ begin }) => begin),
      size: spans.map((span, axis) => (shape[axis] === null ? null : span)),
    });
  forwards.forEach(({ stride, count }, axis) => {
    if (stride > 1 && count !== null && count > 1) out = everyNth(op, out, axis, stride, count);
  });
  return reversed.length > 0 ? op.make("reverse", [out], { axes: reversed }) : out;
}

/** Elements `stride` apart: the axis is filled up, folded into [count, stride], and the first of each taken. */
function everyNth(op: Operation, x: NodeId, axis: number, stride: number, count: number): NodeId {
  const shape = op.shape(x);
  const paddings = shape.map((size, i): [number, number] =>
    i === axis ? [0, count * stride - (size ?? 0)] : [0, 0],
  );
  const padded = paddings[axis]?.[1] ? op.make("pad", [x], { paddings, value: 0 }) : x;
  const folded = [...shape.slice(0, axis), count, stride, ...shape.slice(axis + 1)];
  const parts = op.reshape(padded, folded);
  const first = op.make("slice", [parts], {
    begin: folded.map(() => 0),
    size: folded.map((size, i) => (i === axis + 1 ? 1 : size)),
  });
  return op.reshape(first, [...shape.slice(0, axis), count, ...shape.slice(axis + 1)]);
}

function cut(op: Operation, value: Value, cuts: readonly Cut[]): Value {
  if (value.kind === "host") return cutHost(value, cuts);
  const x = op.asTensor(value);
  const last = behind(op, x);
  if (last === null) return node(cutNode(op, x, cuts));
  const moved = TO_NHWC.map((axis) => cuts[axis] ?? whole(null));
  return node(op.transpose(cutNode(op, last, moved), TO_NCHW));
}
/** The value without axes of length 1. */
function dropped(op: Operation, value: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return value;
  const shape = op.shapeOf(value).filter((_, axis) => !axes.includes(axis));
  if (value.kind === "host") return { ...value, shape: shape.map((axis) => axis ?? 1) };
  return node(op.reshape(op.asTensor(value), shape));
}

const slice: Rule = (op) => {
  const value = op.value(0);
  const begin = op.numbers(1);
  const size = op.host(2).data;
  const cuts = op.shapeOf(value).map((length, axis): Cut => {
    const wanted = size[axis] ?? -1;
    const from = begin[axis] ?? 0;
    if (length === null) {
      if (from !== 0 || (wanted !== -1 && !(wanted instanceof Batches)))
        throw new Unsupported("it takes some of the pictures");
      return whole(null);
    }
    const count = plain(wanted);
    return { begin: from, count: count === -1 ? length - from : count, stride: 1 };
  });
  return cut(op, value, cuts);
};

/** begin:end:stride per axis, with the masks of TensorFlow's StridedSlice. */
const stridedSlice: Rule = (op) => {
  const value = op.value(0);
  const [begin, end, strides] = [op.host(1).data, op.host(2).data, op.numbers(3)];
  const bit = (mask: string, i: number): boolean => ((op.int(mask, 0) >> i) & 1) === 1;
  const shape = op.shapeOf(value);
  const cuts: Cut[] = [];
  const [drop, insert] = [[] as number[], [] as number[]];
  const added = begin.filter((_, i) => bit("new_axis_mask", i)).length;
  let out = 0;
  begin.forEach((from, i) => {
    if (bit("new_axis_mask", i)) {
      insert.push(out++);
      return;
    }
    if (bit("ellipsis_mask", i)) {
      const covered = shape.length - (begin.length - added - 1);
      for (let k = 0; k < covered; k++, out++) cuts.push(whole(shape[cuts.length] ?? null));
      return;
    }
    const axis = cuts.length;
    const single = bit("shrink_axis_mask", i);
    if (single) drop.push(axis);
    else out++;
    cuts.push(
      single
        ? one(shape[axis] ?? null, plain(from))
        : along(
            shape[axis] ?? null,
            bit("begin_mask", i) ? null : from,
            bit("end_mask", i) ? null : (end[i] ?? null),
            strides[i] ?? 1,
          ),
    );
  });
  while (cuts.length < shape.length) cuts.push(whole(shape[cuts.length] ?? null));
  const part = dropped(op, cut(op, value, cuts), drop);
  return insert.reduce((grown, axis) => {
    const wider = [...op.shapeOf(grown)];
    wider.splice(axis, 0, 1);
    if (grown.kind === "host") return { ...grown, shape: wider.map((size) => size ?? 1) };
    return node(op.reshape(op.asTensor(grown), wider));
  }, part);
};
function one(size: number | null, index: number): Cut {
  if (size === null) throw new Unsupported("it takes one of the pictures");
  return { begin: index < 0 ? index + size : index, count: 1, stride: 1 };
}
function along(size: number | null, from: Known | null, to: Known | null, stride: number): Cut {
  if (size === null) {
    const all =
      (from === null || from === 0) && (to === null || to instanceof Batches || to >= 1e6);
    if (!all || stride !== 1) throw new Unsupported("it takes some of the pictures");
    return whole(null);
  }
  const limit = (at: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, at < 0 ? at + size : at));
  const [low, high] = stride > 0 ? [0, size] : [-1, size - 1];
  const begin = from === null ? (stride > 0 ? 0 : size - 1) : limit(plain(from), low, high);
  const end = to === null ? (stride > 0 ? size : -1) : limit(plain(to), low, high);
  return { begin, count: Math.max(0, Math.ceil((end - begin) / stride)), stride };
}

/** Pieces of the given lengths along one axis. */
function pieces(op: Operation, value: Value, axis: number, sizes: readonly number[]): Value[] {
  const shape = op.shapeOf(value);
  if (shape[axis] === null) throw new Unsupported("it takes some of the pictures");
  let begin = 0;
  return sizes.map((count) => {
    const cuts = shape.map((size, i): Cut =>
      i === axis ? { begin, count, stride: 1 } : whole(size),
    );
    begin += count;
    return cut(op, value, cuts);
  });
}
const sizeAt = (shape: Shape, axis: number): number => {
  const size = shape[axis];
  if (typeof size !== "number") throw new Unsupported("it takes some of the pictures");
  return size;
};
const split: Rule = (op) => {
  const value = op.value(1);
  const shape = op.shapeOf(value);
  const axis = op.axis(op.number(0), shape.length);
  const count = op.int("num_split", 1);
  const each = sizeAt(shape, axis) / count;
  return pieces(
    op,
    value,
    axis,
    Array.from({ length: count }, () => each),
  );
};
const splitV: Rule = (op) => {
  const value = op.value(0);
  const shape = op.shapeOf(value);
  const axis = op.axis(op.number(2), shape.length);
  const sizes = op.numbers(1);
  const rest = sizeAt(shape, axis) - sizes.filter((n) => n >= 0).reduce((a, b) => a + b, 0);
  return pieces(op, value, axis, sizes.map((n) => (n < 0 ? rest : n))); // prettier-ignore
};
const unpack: Rule = (op) => {
  const value = op.value(0);
  const shape = op.shapeOf(value);
  const axis = op.axis(op.int("axis", 0), shape.length);
  const ones = Array.from({ length: sizeAt(shape, axis) }, () => 1);
  return pieces(op, value, axis, ones).map((part) => dropped(op, part, [axis]));
};

/** Elements of one axis by constant indices. */
const gather: Rule = (op) => {
  const value = op.value(0);
  const shape = op.shapeOf(value);
  const axis = op.count > 2 ? op.axis(op.number(2), shape.length) : 0;
  const indices = op.host(1);
  if (indices.shape.length > 1) throw new Unsupported("it gathers by a table");
  const list = indices.data.map((i) => (plain(i) < 0 ? plain(i) + sizeAt(shape, axis) : plain(i)));
  const parts = runs(list).map(([begin, count]) => {
    const cuts = shape.map((size, i): Cut =>
      i === axis ? { begin, count, stride: 1 } : whole(size),
    );
    return cut(op, value, cuts);
  });
  const joined = concatenated(op, parts, axis);
  return indices.shape.length === 0 ? dropped(op, joined, [axis]) : joined;
};
/** [3, 4, 5, 1] as stretches [[3, 3], [1, 1]]. */
function runs(list: readonly number[]): [begin: number, count: number][] {
  const found: [number, number][] = [];
  for (const index of list) {
    const last = found.at(-1);
    if (last && last[0] + last[1] === index) last[1]++;
    else found.push([index, 1]);
  }
  return found;
}

function concatenated(op: Operation, values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first && values.length === 1) return first;
  const hosts = values.filter((value) => value.kind === "host");
  if (hosts.length === values.length && axis === 0) {
    const [head] = hosts;
    const length = hosts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
    return host(head?.dtype ?? "int32", [length, ...(head?.shape.slice(1) ?? [])], hosts.flatMap(({ data }) => data)); // prettier-ignore
  }
  const ids = values.map((value) => op.asTensor(value));
  const last = ids.flatMap((id) => behind(op, id) ?? []);
  if (last.length === ids.length) {
    const out = op.make("concat", last, { axis: [0, 3, 1, 2][axis] ?? axis });
    return node(op.transpose(out, TO_NCHW));
  }
  return node(op.make("concat", ids, { axis }));
}
const concat =
  (axisFirst: boolean): Rule =>
  (op) => {
    const values = axisFirst ? op.inputs.slice(1) : op.inputs.slice(0, -1);
    const given = op.number(axisFirst ? 0 : op.count - 1);
    const axis = op.axis(given, op.shapeOf(values[0] ?? op.value(0)).length);
    if (values.some((value) => op.shapeOf(value)[axis] === null))
      throw new Unsupported("it joins pictures");
    return concatenated(op, values, axis);
  };

const reverse: Rule = (op) => {
  const x = op.tensor(0);
  const axes = op.numbers(1).map((axis) => op.axis(axis, op.shape(x).length));
  return op.make("reverse", [x], { axes });
};

export const slicing: readonly (readonly [string, Rule])[] = [
  ["Slice", slice],
  ["StridedSlice", stridedSlice],
  ["Split", split],
  ["SplitV", splitV],
  ["Unpack", unpack],
  ["Gather", gather],
  ["GatherV2", gather],
  ["Concat", concat(true)],
  ["ConcatV2", concat(false)],
  ["ReverseV2", reverse],
];
