/** Operations that take parts out of a tensor: `x[:, 1:]`, `split`. */
import type { NodeId } from "../../../graph/index.ts";
import { isList, isObject, member, text, type Json } from "../../json.ts";
import { setting } from "../operands.ts";
import { Unsupported, type LayerSpec } from "../scope.ts";

/** One index or slice of `x[...]`; null stands for "all". */
function bounds(
  key: Json,
  size: number | null,
): { begin: number; size: number | null; drop: boolean } {
  if (typeof key === "number") {
    const begin = key < 0 ? key + (size ?? 0) : key;
    return { begin, size: 1, drop: true };
  }
  const inner = text(member(key, "class_name")) === "__slice__" ? member(key, "config") : key;
  const [start, stop, step] = ["start", "stop", "step"].map((name) => member(inner, name) ?? null);
  if (!isObject(inner) || (step !== null && step !== 1))
    throw new Unsupported("its index is not understood");
  const from = typeof start === "number" ? start : 0;
  if (stop === null && from === 0) return { begin: 0, size: null, drop: false };
  if (size === null) throw new Unsupported("it takes a part of the batch");
  const begin = from < 0 ? from + size : from;
  const end = typeof stop === "number" ? (stop < 0 ? stop + size : Math.min(stop, size)) : size;
  return { begin, size: end - begin, drop: false };
}

export const getItem: LayerSpec = {
  lower: (scope) => {
    const key = setting(scope, "slice_spec") ?? setting(scope, "key", 1);
    const keys = isList(key) ? key : key === undefined ? [] : [key];
    const shape = scope.shape(scope.x);
    const isRest = (item: Json): boolean =>
      item === "..." || text(member(item, "class_name")) === "__ellipsis__";
    const gap = keys.findIndex(isRest);
    const missing = shape.length - keys.filter((item) => !isRest(item)).length;
    const all = Array.from({ length: missing }, () => ({ start: null, stop: null }));
    const full =
      gap === -1 ? [...keys, ...all] : [...keys.slice(0, gap), ...all, ...keys.slice(gap + 1)];
    if (full.length !== shape.length) throw new Unsupported("its index is not understood");
    const parts = full.map((item, axis) => bounds(item, shape[axis] ?? null));
    const sliced = scope.op("slice", [scope.x], {
      begin: parts.map(({ begin }) => begin),
      size: parts.map(({ size }) => size),
    });
    const kept = scope.shape(sliced).filter((_, axis) => !parts[axis]?.drop);
    return scope.reshape(sliced, kept);
  },
};

export const split: LayerSpec = {
  lower: (scope) => {
    const sections =
      setting(scope, "indices_or_sections", 1) ?? setting(scope, "num_or_size_splits");
    const given = setting(scope, "axis", 2);
    const [axis = 0] = scope.axes(scope.x, [typeof given === "number" ? given : 0]);
    const size = scope.dim(scope.x, axis);
    if (typeof sections !== "number" || size % sections !== 0)
      throw new Unsupported("it splits into unequal parts");
    const part = (i: number): NodeId =>
      scope.op("slice", [scope.x], {
        begin: scope.shape(scope.x).map((_, at) => (at === axis ? (i * size) / sections : 0)),
        size: scope.shape(scope.x).map((_, at) => (at === axis ? size / sections : null)),
      });
    return { outputs: Array.from({ length: sections }, (_, i) => part(i)) };
  },
};
