import * as lower from "../../lower/index.ts";

import { Unsupported } from "../../lower/unsupported.ts";
import { isFree } from "../../lower/batch.ts";
import { MAX_NUMBERS } from "../../lower/host.ts";
import { sizeOf } from "../../../base/tensor.ts";
import type { Call } from "../call.ts";
import { isArgs } from "../schema.ts";
import type { Lower, Table } from "./table.ts";

const x = (call: Call): lower.Value => call.value("self");
const axis = (call: Call): number => lower.axisOf(call.number("dim", 0), x(call).shape.length);

/** Parts of `length` cells, the last one shorter. */
function parts(call: Call, length: number): lower.Value[] {
  const size = lower.known(x(call).shape, axis(call));
  const lengths = lower
    .range(Math.ceil(size / length))
    .map((i) => Math.min(length, size - i * length));
  return lower.split(call.l, x(call), axis(call), lengths);
}
const taken = (call: Call, from: number, to: number, step = 1): lower.Value =>
  lower.slice(call.l, x(call), [axis(call)], [from], [to], [step]);
const one = (call: Call, i: number): lower.Value => {
  const at = axis(call);
  const index = i < 0 ? i + lower.known(x(call).shape, at) : i;
  return lower.squeeze(call.l, taken(call, index, index + 1), [at]);
};

const rolled: Lower = (call) => {
  const dims = call.numbers("dims") ?? [];
  if (dims.length === 0) throw new Unsupported("it rolls the whole tensor as one row");
  return lower.roll(call.l, x(call), dims, call.numbers("shifts") ?? []);
};
const flipped: Lower = (call) => lower.flip(call.l, x(call), call.numbers("dims") ?? []);
/** `x[:, indices]`: one list of places, the other axes whole. */
const indexed: Lower = (call) => {
  const list = call.arg("indices");
  const places = isArgs(list) ? list.flatMap((item, i) => (item === null ? [] : [i])) : [];
  const [at] = places;
  if (places.length !== 1 || at === undefined) throw new Unsupported("it picks single cells");
  const only = isArgs(list) ? list[at] : null;
  const found =
    typeof only === "object" && only !== null && "ref" in only ? call.find(only.ref) : null;
  if (!found) throw new Unsupported("its places are not known");
  return lower.gather(call.l, x(call), numbered(call, found), at);
};
/** Truth values pick the places where they are true. */
function numbered({ l }: Call, places: lower.Value): lower.Value {
  if (l.dtype(places) !== "bool") return places;
  const { shape, data } = l.numbers(places, "mask");
  if (shape.length !== 1) throw new Unsupported("it picks single cells");
  return lower.ints(data.flatMap((picked, i) => (picked === 0 ? [] : [i])));
}

/** A constant of a size that is told, or that of `self`; repeated for each picture where that has the batch. */
const filled =
  (value: (call: Call) => number, sizes: (call: Call) => readonly number[]): Lower =>
  (call) => {
    const shape = sizes(call);
    const one = lower.floats(
      [value(call)],
      shape.map(() => 1),
    );
    const cells = sizeOf(shape.map((size) => (isFree(size) ? 1 : size)));
    if (!(cells <= MAX_NUMBERS)) throw new Unsupported(`it makes a constant of ${cells} numbers`);
    return lower.expand(call.l, one, shape);
  };
const told = (call: Call): readonly number[] => call.numbers("size") ?? [];
const same = (call: Call): readonly number[] => x(call).shape;
const fill = (call: Call): number => call.number("fill_value", 0);
/** All cells of `self` become those of an argument. */
const written =
  (argument: string): Lower =>
  (call) => {
    const [self, given] = [x(call), call.value(argument)];
    // numbers stay numbers, so that a mask that is painted part by part is known
    const value =
      self.kind === "numbers" && given.kind === "parameter"
        ? call.l.numbers(given, argument)
        : given;
    return lower.expand(call.l, lower.cast(call.l, value, call.l.dtype(self)), self.shape);
  };
const cut =
  (upper: boolean): Lower =>
  (call) =>
    lower.triangle(call.l, x(call), call.number("diagonal", 0), upper);
const counted: Lower = (call) => {
  const [start, end, step] = [
    call.number("start", 0),
    call.number("end", 0),
    call.number("step", 1),
  ];
  const whole = [start, end, step].every(Number.isInteger);
  const real = call.text("dtype", "").startsWith("float");
  return lower.counted(start, end, step, whole && !real ? "int" : "float");
};

/**
 * Parts of tensors, tensors joined, constants of a given size, and triangles. `index` takes a list
 * of places along one axis only.
 */
export const indexings: Table = {
  cat: (call) => lower.concat(call.l, call.values("tensors"), call.number("dim", 0)),
  concat: (call) => lower.concat(call.l, call.values("tensors"), call.number("dim", 0)),
  stack: (call) => lower.stack(call.l, call.values("tensors"), call.number("dim", 0)),
  chunk: (call) =>
    parts(call, Math.ceil(lower.known(x(call).shape, axis(call)) / call.number("chunks", 1))),
  split: (call) => parts(call, call.number("split_size", 1)),
  split_with_sizes: (call) =>
    lower.split(call.l, x(call), axis(call), call.numbers("split_sizes") ?? []),
  unbind: (call) => lower.unstack(call.l, x(call), axis(call)),
  slice: (call) =>
    taken(
      call,
      call.number("start", 0),
      call.number("end", Number.MAX_SAFE_INTEGER),
      call.number("step", 1),
    ),
  narrow: (call) => {
    const start = call.number("start", 0);
    return taken(call, start, start + call.number("length", 1));
  },
  select: (call) => one(call, call.number("index", 0)),
  index_select: (call) => lower.gather(call.l, x(call), call.value("index"), axis(call)),
  index: indexed,
  one_hot: (call) => {
    const depth = call.number("num_classes", -1);
    if (depth < 0) throw new Unsupported("its number of classes is that of the largest index");
    return lower.cast(call.l, lower.oneHot(call.l, x(call), depth), "int32");
  },
  roll: rolled,
  flip: flipped,
  full: filled(fill, told),
  full_like: filled(fill, same),
  zeros: filled(() => 0, told),
  new_zeros: filled(() => 0, told),
  ones: filled(() => 1, told),
  ones_like: filled(() => 1, same),
  new_ones: filled(() => 1, told),
  scalar_tensor: (call) => lower.floats([call.number("s", 0)], []),
  arange: counted,
  fill: written("value"),
  copy: written("src"),
  tril: cut(false),
  triu: cut(true),
};
