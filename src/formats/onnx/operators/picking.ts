import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

const indices = (call: Call): cf.Numbers => call.l.numbers(call.input(1), "indices");

function scattered(call: Call): cf.Value {
  if (call.text("reduction", "none") !== "none") throw new Unsupported("it adds to what is there");
  return cf.scatterTuples(call.l, call.x, indices(call), call.input(2));
}

/** Cut or filled with zeros on both sides alike; the odd cell is behind. */
function centred(call: Call): cf.Value {
  const { l, x } = call;
  const rank = x.shape.length;
  const target = call.numbers(1, "shape")?.data ?? [];
  const axes = (call.ints("axes") ?? cf.range(rank)).map((axis) => cf.axisOf(axis, rank));
  const grown = cf.range(rank).map((axis) => {
    const i = axes.indexOf(axis);
    return i < 0 ? 0 : at(target, i) - cf.known(x.shape, axis);
  });
  const before = grown.map((n) => Math.trunc(n / 2));
  return cf.pad(
    l,
    x,
    before,
    grown.map((n, axis) => n - at(before, axis)),
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

/**
 * Operations on single cells. Indices of gathering and scattering, unlike those of `OneHot`, must
 * be known while the file is read.
 */
export const picking: Operators = [
  ["OneHot", oneHot],
  ["GatherND", (call) => cf.gatherTuples(call.l, call.x, indices(call), call.int("batch_dims", 0))],
  ["ScatterND", scattered],
  [
    "GatherElements",
    (call) => cf.gatherElements(call.l, call.x, indices(call), call.int("axis", 0)),
  ],
  ["CenterCropPad", centred],
  ["Trilu", triangle],
  ["IsInf", isInfinite],
];
