import * as cf from "../../lower/index.ts";
import { roomFor } from "../../lower/host.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Lowered, Operators } from "../call.ts";

/** (x, begin, size): -1 is all that follow. */
function slice(call: Call): cf.Value {
  const { l, x } = call;
  const begin = call.numbers(1, "begin");
  const size = call.numbers(2, "size");
  const axes = cf.range(x.shape.length);
  const ends = axes.map((axis) => {
    const [length, from, count] = [x.shape[axis], begin[axis], size[axis]];
    if (length === undefined || from === undefined || count === undefined)
      throw new Unsupported("its parts are not as many as its axes");
    const end = count === -1 ? length : from + call.freed(count, length);
    if (from < 0 || end > length || end < from)
      throw new Unsupported("it takes a part that is not there");
    return end;
  });
  return cf.slice(l, x, axes, begin, ends, axes.map(() => 1)); // prettier-ignore
}

/** (x, begin, end, stride), with five masks of one bit for each of them */
function stridedSlice(call: Call): cf.Value {
  const { l, x } = call;
  const masks = {
    ...{ begin: call.i32(0), end: call.i32(1), ellipsis: call.i32(2) },
    ...{ newAxis: call.i32(3), shrink: call.i32(4) },
  };
  const [begins, strides] = [call.numbers(1, "begin"), call.numbers(3, "stride")];
  // the first part is of the batch, unless it is of no axis
  const ofAxis = ((masks.ellipsis | masks.newAxis | masks.shrink) & 1) === 0;
  const ends = call
    .numbers(2, "end")
    .map((end, i) => (i === 0 && ofAxis ? call.freed(end, x.shape[0] ?? end) : end));
  return cf.stridedSlice(l, x, begins, ends, strides, masks);
}

/** (axis, x) into as many equal parts as there are outputs */
function split(call: Call): Lowered {
  const parts = call.operator.outputs.length;
  return { outputs: cf.splitEvenly(call.l, call.input(1), call.number(0, "axis"), parts) };
}
/** (x, sizes, axis): -1 is the rest. */
function splitV(call: Call): Lowered {
  const { l, x } = call;
  return { outputs: cf.splitBySizes(l, x, call.number(2, "axis"), call.numbers(1, "sizes")) };
}
/** One output for each position of an axis, which goes. */
function unpack(call: Call): Lowered {
  const outputs = cf.unstack(call.l, call.x, call.i32(1));
  if (outputs.length !== call.operator.outputs.length)
    throw new Unsupported("its outputs are not as many as its input has parts");
  return { outputs };
}

/** (x, indices): these positions along one axis */
function gather(call: Call): cf.Value {
  if (call.i32(1) !== 0) throw new Unsupported("it gathers picture by picture");
  return cf.gather(call.l, call.x, call.input(1, "indices"), call.i32(0));
}

/** (shape, value); what is the same for every picture stands there once, and broadcasts. */
function fill(call: Call): cf.Value {
  const shape = call.numbers(0, "shape").map((size) => (size === cf.BATCH ? 1 : size));
  roomFor(shape.filter((size) => !cf.isFree(size)));
  return cf.expand(call.l, call.input(1), shape);
}
/** (first, limit, step) */
function range(call: Call): cf.Value {
  const { type } = call.l.numbers(call.x, "first");
  return cf.counted(call.number(0, "first"), call.number(1, "limit"), call.number(2, "step"), type);
}

/** (indices, depth, on, off) */
function oneHot(call: Call): cf.Value {
  const [depth, on, off] = [
    call.number(1, "depth"),
    call.number(2, "value on"),
    call.number(3, "value off"),
  ];
  roomFor([depth]);
  const hot = cf.oneHot(call.l, call.x, depth, { axis: call.i32(0), on, off });
  return cf.cast(call.l, hot, call.l.dtype(call.input(2)));
}

/** Parts of tensors, and constants that are made. */
export const indexing: Operators = [
  ["SLICE", slice],
  ["STRIDED_SLICE", stridedSlice],
  ["SPLIT", split],
  ["SPLIT_V", splitV],
  ["UNPACK", unpack],
  ["GATHER", gather],
  [
    "GATHER_ND",
    (call) =>
      cf.gatherTuples(call.l, call.x, call.l.numbers(call.input(1, "indices"), "indices"), 0),
  ],
  ["ONE_HOT", oneHot],
  ["EMBEDDING_LOOKUP", (call) => cf.gather(call.l, call.input(1, "table"), call.x, 0)],
  ["REVERSE_V2", (call) => cf.flip(call.l, call.x, call.numbers(1, "axes"))],
  ["SHAPE", ({ x }) => cf.ints(x.shape)],
  ["RANK", ({ x }) => cf.ints([x.shape.length], [])],
  ["FILL", fill],
  ["RANGE", range],
];
