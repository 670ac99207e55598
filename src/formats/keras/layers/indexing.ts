/** Operations that take parts out of a tensor: `x[:, 1:]`, `split`, `take`. */
import { at } from "../../../base/at.ts";
import { isList, isObject, member, text, type Json } from "../../json.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { LayerCall, LayerSpec } from "../layer-call.ts";

const FAR = Number.MAX_SAFE_INTEGER;

/** One index or slice of `x[...]`, by NumPy's rules. */
interface Key {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  /** An index: its axis goes. */
  readonly drop: boolean;
}
function keyOf(key: Json): Key {
  if (typeof key === "number")
    return { start: key, stop: key === -1 ? FAR : key + 1, step: 1, drop: true };
  const inner = text(member(key, "class_name")) === "__slice__" ? member(key, "config") : key;
  if (!isObject(inner)) throw new Unsupported("its index is not understood");
  const [start, stop, step] = ["start", "stop", "step"].map((name) => {
    const value = member(inner, name) ?? null;
    if (value !== null && typeof value !== "number")
      throw new Unsupported("its index is computed by the network");
    return value;
  });
  const by = step ?? 1;
  return {
    start: start ?? (by > 0 ? 0 : FAR),
    stop: stop ?? (by > 0 ? FAR : -FAR),
    step: by,
    drop: false,
  };
}
const isRest = (item: Json): boolean =>
  item === "..." || text(member(item, "class_name")) === "__ellipsis__";

/**
 * `x[...]` by NumPy's basic indexing: numbers, slices, `...` and new axes. Throws `Unsupported` for
 * an index that the network computes.
 */
export const getItem: LayerSpec = {
  lower: (call) => {
    const { l, x } = call;
    const told = call.setting(["slice_spec", "key"], 1);
    const keys = isList(told) ? told : told === undefined ? [] : [told];
    const axes = keys.filter((item) => item !== null && !isRest(item)).length;
    const gap = keys.findIndex(isRest);
    const whole = lower.range(call.rank - axes).map(() => ({ start: null, stop: null }));
    if (axes > call.rank) throw new Unsupported("its index is not understood");
    const full: readonly Json[] =
      gap < 0 ? [...keys, ...whole] : [...keys.slice(0, gap), ...whole, ...keys.slice(gap + 1)];
    const parts = full.filter((item) => item !== null).map(keyOf);
    const cut = lower.slice(
      l,
      x,
      lower.range(parts.length),
      parts.map(({ start }) => start),
      parts.map(({ stop }) => stop),
      parts.map(({ step }) => step),
    );
    const dropped = lower.range(parts.length).filter((axis) => at(parts, axis).drop);
    const left = dropped.length > 0 ? lower.squeeze(l, cut, dropped) : cut;
    // new axes count in the result, from which indices are gone
    const kept = full.filter((item) => typeof item !== "number");
    const added = lower.range(kept.length).filter((axis) => kept[axis] === null);
    return added.length > 0 ? lower.unsqueeze(l, left, added) : left;
  },
};

const axisFrom = (call: LayerCall, position: number, fallback: number): number => {
  const told = call.setting(["axis", "dim"], position);
  return lower.axisOf(typeof told === "number" ? told : fallback, call.rank);
};

/** Into equal parts, at places (Keras) or into sizes (TensorFlow). */
export const split: LayerSpec = {
  lower: (call) => {
    const { l, x } = call;
    const axis = axisFrom(call, 2, 0);
    const size = lower.known(x.shape, axis);
    const told = call.value(["indices_or_sections", "num_or_size_splits"], 1);
    const numbers = told ? l.numbers(told, "sections") : null;
    if (!numbers) throw new Unsupported("the file does not tell its parts");
    if (numbers.shape.length === 0) {
      const count = at(numbers.data, 0);
      return { outputs: lower.splitEvenly(l, x, axis, count) };
    }
    const bySize = call.setting("num_or_size_splits") !== undefined;
    const ends = [...numbers.data, size];
    const lengths = bySize ? numbers.data : ends.map((end, i) => end - (ends[i - 1] ?? 0));
    return { outputs: lower.split(l, x, axis, lengths) };
  },
};

/** `unstack`: as many outputs as `axis` (0 by default) has cells, each without it. */
export const unstack: LayerSpec = {
  lower: (call) => ({ outputs: lower.unstack(call.l, call.x, axisFrom(call, 2, 0)) }),
};

/** Cells by their numbers. */
export const take: LayerSpec = {
  lower: (call) => {
    const indices = call.value("indices", 1);
    if (!indices) throw new Unsupported("the file does not tell which cells it takes");
    const cells = lower.cast(call.l, indices, "int32");
    const told = call.setting("axis", 2);
    if (typeof told !== "number" && call.setting("axis") !== undefined)
      throw new Unsupported("it picks from the whole tensor as one row");
    return lower.gather(call.l, call.x, cells, typeof told === "number" ? told : 0);
  },
};

/** `flip`, TensorFlow's `reverse`: backwards along `axis`, along all axes when left out. */
export const flip: LayerSpec = {
  lower: (call) => lower.flip(call.l, call.x, call.numbers("axis", 1) ?? lower.range(call.rank)),
};

/** `on_value` (1) at the place that a whole number tells, `off_value` (0) elsewhere, along a new last axis. */
export const oneHot: LayerSpec = {
  lower: (call) => {
    const depth = at(call.numbers(["num_classes", "depth"], 1) ?? [], 0);
    const axis = call.setting("axis");
    if (axis !== undefined && axis !== -1) throw new Unsupported("its new axis is not the last");
    const [on, off] = [call.number("on_value", 1), call.number("off_value", 0)];
    return lower.oneHot(call.l, call.x, depth, { on, off, fromEnd: false });
  },
};
