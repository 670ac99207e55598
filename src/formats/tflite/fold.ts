/** Operators on sizes and settings, computed while the file is read. */
import { sizeOf } from "../../base/tensor.ts";
import { concatenate, elementwise, gather, hostOf, MAX_HOST, type HostTensor } from "./host.ts";
import { masksOf } from "./ops/slicing.ts";
import type { OpScope } from "./scope.ts";
import { stridedSlice } from "./strides.ts";

type Fold = (scope: OpScope, inputs: readonly HostTensor[]) => HostTensor | null;

const pair =
  (combine: (a: number, b: number) => number, dtype?: HostTensor["dtype"]): Fold =>
  (_, [a, b]) =>
    a && b ? elementwise(a, b, combine, dtype) : null;
const each =
  (map: (value: number) => number): Fold =>
  (_, [x]) =>
    x ? { ...x, values: x.values.map(map) } : null;
const reshaped = (x: HostTensor | undefined, shape: readonly number[]): HostTensor | null =>
  x && sizeOf(shape) === x.values.length ? { ...x, shape } : null;
const whole = (a: number, b: number, dtype: HostTensor["dtype"]): number =>
  dtype === "int32" ? Math.trunc(a / b) : a / b;

const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["ADD", pair((a, b) => a + b)],
  ["SUB", pair((a, b) => a - b)],
  ["MUL", pair((a, b) => a * b)],
  ["DIV", (_, [a, b]) => (a && b ? elementwise(a, b, (x, y) => whole(x, y, a.dtype)) : null)],
  ["FLOOR_DIV", pair((a, b) => Math.floor(a / b))],
  ["FLOOR_MOD", pair((a, b) => a - Math.floor(a / b) * b)],
  ["MAXIMUM", pair(Math.max)],
  ["MINIMUM", pair(Math.min)],
  ["GREATER", pair((a, b) => Number(a > b), "bool")],
  ["LESS", pair((a, b) => Number(a < b), "bool")],
  ["EQUAL", pair((a, b) => Number(a === b), "bool")],
  ["NEG", each((value) => -value)],
  ["FLOOR", each(Math.floor)],
  ["CEIL", each(Math.ceil)],
  [
    "CAST",
    (scope, [x]) => {
      if (!x) return null;
      const float = scope.output?.type?.startsWith("float") ?? false;
      const values = float ? x.values : x.values.map(Math.trunc);
      return { ...x, values, dtype: float ? "float32" : "int32" };
    },
  ],
  [
    "PACK",
    (_, parts) =>
      parts.every(({ values }) => values.length === 1)
        ? hostOf(
            parts.flatMap(({ values }) => values),
            [parts.length],
            parts[0]?.dtype,
          )
        : null,
  ],
  [
    "CONCATENATION",
    (_, parts) => (parts.every(({ shape }) => shape.length === 1) ? concatenate(parts) : null),
  ],
  ["GATHER", (_, [x, indices]) => (x && indices ? gather(x, indices) : null)],
  [
    "STRIDED_SLICE",
    (scope, [x, begins, ends, strides]) => {
      if (!x || !begins || !ends || !strides || x.shape.length !== 1) return null;
      const { axes, out } = stridedSlice(
        ...([x.shape, begins.values, ends.values, strides.values, masksOf(scope)] as const),
      );
      const [axis] = axes;
      if (!axis || out.includes(null)) return null;
      const values = Array.from(
        { length: axis.count },
        (_, i) => x.values[axis.begin + i * axis.stride] ?? NaN,
      );
      return { ...x, values, shape: axis.drop ? [] : [values.length] };
    },
  ],
  [
    "SLICE",
    (_, [x, begin, size]) => {
      if (x?.shape.length !== 1) return null;
      const from = begin?.values[0] ?? 0;
      const count = size?.values[0] ?? -1;
      const values = x.values.slice(from, count < 0 ? undefined : from + count);
      return { ...x, values, shape: [values.length] };
    },
  ],
  ["RESHAPE", (_, [x, to]) => reshaped(x, to ? completed(to.values, x?.values.length ?? 0) : [])],
  ["SQUEEZE", (_, [x]) => reshaped(x, x?.shape.filter((axis) => axis !== 1) ?? [])],
  ["EXPAND_DIMS", (_, [x]) => (x && x.shape.length <= 1 ? reshaped(x, [1, ...x.shape]) : null)],
  [
    "REDUCE_PROD",
    (scope, [x]) =>
      x?.shape.length === 1
        ? hostOf([x.values.reduce((a, b) => a * b, 1)], scope.bool(0) ? [1] : [], x.dtype)
        : null,
  ],
  [
    "RANGE",
    (_, [start, limit, delta]) => {
      const [from = 0, to = 0, step = 1] = [start, limit, delta].map((one) => one?.values[0] ?? 0);
      const count = Math.ceil((to - from) / step);
      if (!(count >= 0 && count <= MAX_HOST)) return null;
      return hostOf(
        Array.from({ length: count }, (_, i) => from + i * step),
        [count],
        start?.dtype,
      );
    },
  ],
  [
    "FILL",
    (_, [dims, value]) => {
      if (!dims || !value || !(sizeOf(dims.values) <= MAX_HOST)) return null;
      const values = Array<number>(sizeOf(dims.values)).fill(value.values[0] ?? 0);
      return { values, shape: dims.values, dtype: value.dtype };
    },
  ],
]);

const completed = (target: readonly number[], count: number): number[] => {
  const rest = target.reduce((product, axis) => (axis === -1 ? product : product * axis), 1);
  return target.map((axis) => (axis === -1 ? count / rest : axis));
};

/** The result where it is known without a picture; null where it is not. */
export function fold(scope: OpScope): HostTensor | null {
  const { name } = scope.operator.code;
  if (name === "SHAPE") return hostOf(scope.inputSizes(0));
  if (name === "RANK") return hostOf([scope.shape(0).length], []);
  const rule = FOLDS.get(name);
  if (!rule) return null;
  const inputs: HostTensor[] = [];
  for (let i = 0; i < scope.count; i++) {
    const host = scope.has(i) ? scope.host(i) : null;
    if (!host) return null;
    inputs.push(host);
  }
  const result = rule(scope, inputs);
  return result && result.values.length <= MAX_HOST && !result.values.some(Number.isNaN)
    ? result
    : null;
}
