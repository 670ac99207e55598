import { sizeOf } from "../../../base/tensor.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** Cells of `x`, seen as rows behind its first `lead` axes, by their numbers. */
function pick(
  call: Call,
  lead: number,
  cells: readonly number[],
  shape: readonly number[],
): cf.Value {
  const { l, x } = call;
  const rows = sizeOf(x.shape.slice(0, lead));
  if (cells.some((cell) => cell < 0 || cell >= rows))
    throw new Unsupported("it picks cells that are not there");
  const list = cf.reshape(l, x, [rows, ...x.shape.slice(lead)]);
  return cf.reshape(l, cf.gather(l, list, cf.ints(cells), 0), shape);
}

/** The index along `axis`, which may count from the end. */
const wrapped = (index: number, size: number): number => (index < 0 ? index + size : index);

/** The place along `axis` of cell number `cell` in a tensor of `shape`. */
const along = (shape: readonly number[], axis: number, cell: number): number =>
  Math.floor(cell / sizeOf(shape.slice(axis + 1))) % (shape[axis] ?? 1);

/** Tuples of indices that the file knows, each of them a cell or what is behind it; in the first `batch_dims` axes they stay. */
function gatherTuples(call: Call): cf.Value {
  const { x } = call;
  const where = call.l.numbers(call.input(1), "indices");
  const [batch, tuple] = [call.int("batch_dims", 0), where.shape.at(-1) ?? 0];
  const outer = where.shape.slice(0, -1);
  const sizes = cf.range(batch + tuple).map((axis) => cf.known(x.shape, axis));
  const cells = cf.range(sizeOf(outer)).map((row) =>
    sizes.reduce((at, size, i) => {
      const given = where.data[row * tuple + i - batch] ?? 0;
      return at * size + (i < batch ? along(outer, i, row) : wrapped(given, size));
    }, 0),
  );
  return pick(call, batch + tuple, cells, [...outer, ...x.shape.slice(batch + tuple)]);
}

/** For each cell of the indices the cell of `x` that is elsewhere along `axis` only. */
function gatherElements(call: Call): cf.Value {
  const { x } = call;
  const where = call.l.numbers(call.input(1), "indices");
  const sizes = cf.range(x.shape.length).map((axis) => cf.known(x.shape, axis));
  const axis = cf.axisOf(call.int("axis", 0), sizes.length);
  const cells = where.data.map((index, cell) =>
    sizes.reduce((at, size, i) => {
      const place = i === axis ? wrapped(index, size) : along(where.shape, i, cell);
      return at * size + place;
    }, 0),
  );
  return pick(call, sizes.length, cells, where.shape);
}

/** Cut or filled with zeros on both sides alike; the odd cell is behind. */
function centred(call: Call): cf.Value {
  const { l, x } = call;
  const rank = x.shape.length;
  const target = call.numbers(1, "shape")?.data ?? [];
  const axes = (call.ints("axes") ?? cf.range(rank)).map((axis) => cf.axisOf(axis, rank));
  const grown = cf.range(rank).map((axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? 0 : (target[i] ?? 0) - cf.known(x.shape, axis);
  });
  const before = grown.map((n) => Math.trunc(n / 2));
  return cf.pad(
    l,
    x,
    before,
    grown.map((n, axis) => n - (before[axis] ?? 0)),
    "constant",
  );
}

function triangle(call: Call): cf.Value {
  const diagonal = call.numbers(1, "diagonal")?.data[0] ?? 0;
  return cf.triangle(call.l, call.x, diagonal, call.int("upper", 1) === 1);
}

function isInfinite(call: Call): cf.Value {
  const { l, x } = call;
  const [down, up] = [call.int("detect_negative", 1) === 1, call.int("detect_positive", 1) === 1];
  if (!down && !up) throw new Unsupported("it looks for nothing");
  const seen = down && up ? cf.unary(l, "abs", x) : x;
  return cf.binary(l, "equal", seen, cf.number(up ? Infinity : -Infinity));
}

/** `values` [off, on] where the new axis is the index. */
function oneHot(call: Call): cf.Value {
  const { l, x } = call;
  const [off = 0, on = 1] = l.numbers(call.input(2), "values").data;
  const [depth = 0] = l.numbers(call.input(1), "depth").data;
  if (!(depth >= 1 && depth <= 2 ** 20)) throw new Unsupported(`it has ${depth} classes`);
  const hot = cf.oneHot(l, x, depth, { axis: call.int("axis", -1), on, off });
  return cf.cast(l, hot, l.dtype(call.input(2)));
}

export const picking: Operators = [
  ["OneHot", oneHot],
  ["GatherND", gatherTuples],
  ["GatherElements", gatherElements],
  ["CenterCropPad", centred],
  ["Trilu", triangle],
  ["IsInf", isInfinite],
];
