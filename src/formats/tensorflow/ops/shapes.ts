/** Shapes as values, and operations that only give a tensor another shape. */
import type { NodeId } from "../../../graph/index.ts";
import { sizeOf, type Shape } from "../../../base/tensor.ts";
import { expand, indexOf, offset, plain } from "../fold.ts";
import type { Operation, Rule } from "../operation.ts";
import {
  Batches,
  host,
  integers,
  known,
  node,
  shapeVector,
  Unsupported,
  type Known,
  type Value,
} from "../values.ts";

const rowsOf = (op: Operation, value: Value): number =>
  value.kind === "node" ? (op.rows.get(value.id) ?? 1) : 1;
const shapeOf = (op: Operation, value: Value): Value =>
  shapeVector(op.shapeOf(value), rowsOf(op, value));

/** A tensor seen in another shape: of what is known, of a parameter, or of a tensor of the graph. */
function seen(op: Operation, value: Value, shape: Shape, rows = 1): Value {
  if (value.kind === "host" || value.kind === "parameter")
    return { ...value, shape: shape.map((axis) => axis ?? 1) };
  const id = op.reshape(op.asTensor(value), shape);
  if (rows !== 1) op.rows.set(id, rows);
  return node(id);
}

/** The shape asked for, with -1 filled in and null for the free batch, and how many of its rows one picture has. */
function target(op: Operation, from: Shape, wanted: readonly Known[]): [Shape, rows: number] {
  const rows = rowsOf(op, op.value(0));
  const perPicture = from.reduce<number>((n, axis) => n * (axis ?? 1), rows);
  const others = wanted.reduce<number>((n, a) => (typeof a === "number" && a >= 0 ? n * a : n), 1);
  const batch = wanted.find((axis) => axis instanceof Batches);
  const filled = (rest: number): Shape =>
    wanted.map((axis) => (axis instanceof Batches ? null : axis === -1 ? rest : axis));
  if (from[0] !== null) {
    if (batch) throw new Unsupported("its shape depends on the number of pictures");
    return [filled(perPicture / others), 1];
  }
  if (batch) return [filled(perPicture / (others * batch.factor)), batch.factor];
  const [first, ...rest] = filled(perPicture / others);
  if (wanted[0] === -1) return [[null, ...rest], perPicture / others];
  // a file that was written for a fixed number of pictures
  const pictures = wanted.includes(-1) ? 1 : others / perPicture;
  if (first !== pictures) throw new Unsupported("its shape is fixed for another batch");
  return [[null, ...rest], 1];
}

const reshape: Rule = (op) => {
  const value = op.value(0);
  const from = op.shapeOf(value);
  const wanted = op.host(1).data;
  if (value.kind === "node") {
    const [shape, rows] = target(op, from, wanted);
    return seen(op, value, shape, rows);
  }
  const size = sizeOf(from.map((axis) => axis ?? 1));
  const given = wanted.map(plain);
  const others = given.filter((axis) => axis >= 0).reduce((a, b) => a * b, 1);
  return seen(op, value, given.map((axis) => (axis < 0 ? size / others : axis))); // prettier-ignore
};

const squeeze: Rule = (op) => {
  const value = op.value(0);
  const shape = op.shapeOf(value);
  const given = [...op.ints("squeeze_dims"), ...op.ints("axis")];
  const axes = given.length
    ? given.map((axis) => op.axis(axis, shape.length))
    : shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
  if (axes.some((axis) => shape[axis] !== 1))
    throw new Unsupported("it drops an axis that is not 1");
  return seen(op, value, shape.filter((_, axis) => !axes.includes(axis))); // prettier-ignore
};
const expandDims: Rule = (op) => {
  const value = op.value(0);
  const shape = [...op.shapeOf(value)];
  const axis = op.number(1);
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return seen(op, value, shape);
};

const transpose: Rule = (op) => {
  const value = op.value(0);
  const perm = op.numbers(1);
  if (value.kind !== "host") return op.transpose(op.tensor(0), perm);
  const shape = perm.map((axis) => value.shape[axis] ?? 1);
  const data = Array.from({ length: value.data.length }, (_, i) => {
    const at = indexOf(i, shape);
    const from = value.shape.map((__, axis) => at[perm.indexOf(axis)] ?? 0);
    return value.data[offset(from, value.shape)] ?? 0;
  });
  return host(value.dtype, shape, data);
};

const pack: Rule = (op) => {
  const parts = op.inputs.map((value) => value.kind === "host" ? value : null); // prettier-ignore
  const all = parts.filter((part) => part !== null);
  const rank = op.shapeOf(op.value(0)).length;
  const axis = op.axis(op.int("axis", 0), rank + 1);
  if (all.length === parts.length && axis === 0)
    return host(all[0]?.dtype ?? "int32", [all.length, ...(all[0]?.shape ?? [])], all.flatMap(({ data }) => data)); // prettier-ignore
  const ids = op.inputs.map((value) => {
    const id = op.asTensor(value);
    const shape = [...op.shape(id)];
    shape.splice(axis, 0, 1);
    return op.reshape(id, shape);
  });
  if (axis === 0) throw new Unsupported("it stacks pictures");
  return op.make("concat", ids, { axis });
};

const fill: Rule = (op) => {
  const shape = op.numbers(0);
  const value = op.host(1);
  if (sizeOf(shape) > 65_536) throw new Unsupported("it makes a large tensor");
  return host(
    value.dtype,
    shape,
    Array.from({ length: sizeOf(shape) }, () => value.data[0] ?? 0),
  );
};
const range: Rule = (op) => {
  const [start, limit, delta] = [op.number(0), op.number(1), op.number(2)];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!(count <= 65_536)) throw new Unsupported("it makes a large tensor");
  return integers(Array.from({ length: count }, (_, i) => start + i * delta));
};

const tile: Rule = (op) => {
  const multiples = op.numbers(1);
  return op.make("tile", [op.tensor(0)], { multiples });
};
const broadcastTo: Rule = (op) => {
  const wanted = op.host(1).data;
  const value = op.value(0);
  const small = known(value);
  if (small && wanted.every((axis) => typeof axis === "number")) {
    const shape = wanted.map(plain);
    if (sizeOf(shape) <= 65_536) return host(small.dtype, shape, expand(small, shape));
  }
  const x = op.tensor(0);
  const from = op.shape(x);
  const lead = wanted.length - from.length;
  const padded: NodeId = op.reshape(x, [...Array.from({ length: lead }, () => 1), ...from]);
  const multiples = wanted.map((axis, i) => {
    const own = i < lead ? 1 : (from[i - lead] ?? null);
    return axis instanceof Batches || own === null || own === axis ? 1 : plain(axis);
  });
  if (wanted.some((axis, i) => axis instanceof Batches && (i < lead || from[i - lead] !== null)))
    throw new Unsupported("it repeats something for each picture");
  return op.make("tile", [padded], { multiples });
};

const likes =
  (value: number): Rule =>
  (op) => {
    const shape = op.shapeOf(op.value(0)).map((axis) => axis ?? null);
    if (shape.includes(null)) return op.make("broadcastLike", [op.scalar(value), op.tensor(0)]);
    return host("float32", shape.map((axis) => axis ?? 1), Array.from({ length: sizeOf(shape.map((axis) => axis ?? 1)) }, () => value)); // prettier-ignore
  };

export const shapes: readonly (readonly [string, Rule])[] = [
  ["Shape", (op) => shapeOf(op, op.value(0))],
  ["ShapeN", (op) => op.inputs.map((value) => shapeOf(op, value))],
  ["Rank", (op) => integers([op.shapeOf(op.value(0)).length], [])],
  [
    "Size",
    (op) => {
      const shape = op.shapeOf(op.value(0));
      const size = shape.reduce<number>((n, axis) => n * (axis ?? 1), 1);
      return integers([shape[0] === null ? new Batches(size) : size], []);
    },
  ],
  ["Reshape", reshape],
  ["Squeeze", squeeze],
  ["ExpandDims", expandDims],
  ["Transpose", transpose],
  ["Pack", pack],
  ["Fill", fill],
  ["Range", range],
  ["Tile", tile],
  ["BroadcastTo", broadcastTo],
  ["OnesLike", likes(1)],
];
