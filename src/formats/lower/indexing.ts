import { at } from "../../base/at.ts";
import type { NodeId } from "../../graph/index.ts";
import { BATCH, freed, isFree } from "./batch.ts";
import { Impossible, Unsupported } from "./unsupported.ts";
import { concatNumbers, pickNumbers } from "./host.ts";
import { expand } from "./expanding.ts";
import type { Lowering } from "./lowering.ts";
import { reshape, squeeze, unsqueeze } from "./reshaping.ts";
import { axisOf, ints, known, onceEach, range, type Tensor, type Value } from "./value.ts";

const asTensor = (l: Lowering, x: Value): Tensor => (x.kind === "tensor" ? x : l.tensor(l.node(x)));

/** Joins along `axis`; all take the order of the first tensor. */
export function concat(l: Lowering, all: readonly Value[], axis: number): Value {
  const values = all.some(({ shape }) => !shape.includes(0))
    ? all.filter(({ shape }) => !shape.includes(0))
    : all;
  const [first] = values;
  if (first && values.length === 1) return first;
  if (!first) throw new Unsupported("it joins nothing");
  const at = axisOf(axis, first.shape.length);
  const numbers = values.flatMap((value) => l.known(value) ?? []);
  if (numbers.length === values.length) return concatNumbers(numbers, at);
  const lead = values.find(({ shape }) => shape.some(isFree)) ?? values.find(isTensor);
  const order = lead && isTensor(lead) ? lead.order : range(first.shape.length);
  const nodes = values.map((value) => l.node(lead ? beside(l, value, lead, at) : value, order));
  return l.tensor(l.op("concat", nodes, { axis: order.indexOf(at) }), order);
}
const isTensor = (value: Value): value is Tensor => value.kind === "tensor";

/** What was written for one picture (a class token), for each picture that `lead` has. */
function beside(l: Lowering, value: Value, lead: Value, along: number): Value {
  const free = lead.shape.findIndex((size, axis) => axis !== along && isFree(size));
  if (free < 0 || value.shape[free] !== 1 || !isTensor(lead)) return value;
  const like = lead.order[0] === free && lead.shape[free] === BATCH ? lead.node : undefined;
  return expand(l, value, value.shape.with(free, at(lead.shape, free)), like);
}

/** Joins along a new axis. */
export function stack(l: Lowering, values: readonly Value[], axis: number): Value {
  const own = values.map((value) => unsqueeze(l, value, [axis]));
  return concat(l, own, axis);
}
/** The parts along one axis, which goes. */
export function unstack(l: Lowering, x: Value, axis: number): Value[] {
  const at = axisOf(axis, x.shape.length);
  const parts = splitEvenly(l, x, at, known(x.shape, at));
  return parts.map((part) => squeeze(l, part, [at]));
}

/** Where a slice of one axis begins, how many cells it has and its step, by NumPy's rules; steps may be negative. */
function span(size: number, start: number, end: number, step: number) {
  const clamp = (n: number, low: number, high: number): number => Math.max(low, Math.min(n, high));
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  const [begin, stop] =
    step > 0
      ? [clamp(from, 0, size), clamp(to, 0, size)]
      : [clamp(from, -1, size - 1), clamp(end < -size ? -1 : to, -1, size - 1)];
  return { begin, length: Math.max(0, Math.ceil((stop - begin) / step)), step };
}

/** `x[start:end:step]` along some axes of the file, by NumPy's rules. Throws `Impossible` for an axis that is named twice. */
export function slice(
  l: Lowering,
  x: Value,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
  steps: readonly number[],
): Value {
  const shape = x.shape;
  const parts = shape.map((size) => ({ begin: 0, length: size, step: 1 }));
  onceEach(l.name, axes, shape.length).forEach((along, i) => {
    parts[along] = span(at(shape, along), at(starts, i), at(ends, i), at(steps, i));
  });
  const whole = parts.every(({ length, step }, axis) => step === 1 && length === shape[axis]);
  if (whole) return x;
  const numbers = l.known(x);
  if (numbers)
    return parts.reduce(
      (left, { begin, length, step }, axis) =>
        pickNumbers(
          left,
          axis,
          range(length).map((i) => begin + i * step),
        ),
      numbers,
    );
  if (parts.some(({ length }) => length === 0)) return nothing(l, x, parts.map(({ length }) => length)); // prettier-ignore
  const { node, order } = asTensor(l, x);
  const ordered = order.map((axis) => at(parts, axis));
  return l.tensor(sliced(l, node, ordered), order);
}

/** A tensor without a cell. */
const nothing = (l: Lowering, x: Value, shape: readonly number[]): Value => ({
  kind: "numbers",
  shape,
  data: [],
  type: l.dtype(x) === "float32" ? "float" : "int",
});

interface Part {
  readonly begin: number;
  readonly length: number;
  readonly step: number;
}
/** On a node, in its own order of axes. */
function sliced(l: Lowering, node: NodeId, parts: readonly Part[]): NodeId {
  const shape = l.nodeShape(node);
  const batch = parts[0];
  if (shape[0] === null && batch && (freed(batch.length) !== null || batch.step !== 1))
    throw new Unsupported("it takes pictures out of the batch");
  const turned = parts.flatMap(({ step }, axis) => (step < 0 ? [axis] : []));
  const from = turned.length > 0 ? l.op("reverse", [node], { axes: turned }) : node;
  const begin = parts.map(({ begin: b, step }, axis) =>
    step < 0 ? Number(at(shape, axis)) - 1 - b : b,
  );
  const size = parts.map(({ length }, axis) =>
    freed(length) === shape[axis] && begin[axis] === 0 ? null : length,
  );
  const strides = parts.map(({ step }) => Math.abs(step));
  if (size.every((length, axis) => length === null || length === shape[axis])) return from;
  if (strides.every((n) => n === 1)) return l.op("slice", [from], { begin, size });
  return l.op("stridedSlice", [from], { begin, size, strides });
}

/** Parts of `lengths` cells along one axis. Throws `Impossible` where they are not the whole of it. */
export function split(l: Lowering, x: Value, axis: number, lengths: readonly number[]): Value[] {
  const along = axisOf(axis, x.shape.length);
  const size = at(x.shape, along);
  // how many boxes a suppression leaves is not known
  const whole = isFree(size) || lengths.reduce((sum, length) => sum + length, 0) === size;
  if (!whole || lengths.some((length) => length < 0))
    throw new Impossible(
      `'${l.name}' splits ${freed(size) ?? "N"} cells into parts of [${lengths.map((n) => freed(n) ?? "N").join(", ")}]`,
    );
  let start = 0;
  return lengths.map((length) => {
    const from = start;
    start += length;
    return slice(l, x, [along], [from], [from + length], [1]);
  });
}

/** `count` parts of equal length along one axis. */
export function splitEvenly(l: Lowering, x: Value, axis: number, count: number): Value[] {
  const each = known(x.shape, axisOf(axis, x.shape.length)) / count;
  if (!Number.isInteger(each)) throw new Unsupported(`it does not split into ${count} equal parts`);
  return split(l, x, axis, range(count).map(() => each)); // prettier-ignore
}
/** Parts of the sizes that are told; -1 is what the others leave. */
export function splitBySizes(
  l: Lowering,
  x: Value,
  axis: number,
  sizes: readonly number[],
): Value[] {
  const told = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
  const rest = known(x.shape, axisOf(axis, x.shape.length)) - told;
  return split(l, x, axis, sizes.map((size) => (size < 0 ? rest : size))); // prettier-ignore
}

/** NumPy's `take`: the axis is replaced by the axes of `indices`, which may be negative. */
export function gather(l: Lowering, x: Value, indices: Value, axis: number): Value {
  const along = axisOf(axis, x.shape.length);
  const where = l.known(indices);
  const shape = x.shape;
  if (!where) return gathered(l, x, indices, along);
  const size = at(shape, along);
  const cells = where.data.map((i) => (i < 0 ? i + size : i));
  const beyond = cells.find((cell) => !(cell >= 0 && cell < size));
  if (beyond !== undefined) throw new Unsupported(`it picks cell ${beyond} of ${size}`);
  const target = [...shape.slice(0, along), ...where.shape, ...shape.slice(along + 1)];
  const numbers = l.known(x);
  if (numbers) return reshape(l, pickNumbers(numbers, along, cells), target);
  const [first, second] = cells;
  if (first === undefined) return nothing(l, x, target);
  const step = second === undefined ? 1 : second - first;
  // cells at one distance from each other are a slice
  if (step !== 0 && cells.every((cell, i) => cell === first + i * step)) {
    const end = first + cells.length * step;
    return reshape(l, slice(l, x, [along], [first], [end < 0 ? -size - 1 : end], [step]), target);
  }
  return reshape(l, gathered(l, x, ints(cells), along), target);
}

function gathered(l: Lowering, x: Value, indices: Value, axis: number): Value {
  const from = asTensor(l, x);
  const at = from.order.indexOf(axis);
  const extra = indices.shape.length;
  const node = l.op("gather", [from.node, l.node(indices)], { axis: at });
  const shifted = (a: number): number => (a > axis ? a + extra - 1 : a);
  const order = from.order.flatMap((a) => (a === axis ? range(extra, axis) : [shifted(a)]));
  return l.tensor(node, order);
}
