/** Settings of windows out of files: what no window can have is no network's. */
import type { Lowering } from "./lowering.ts";
import { Impossible } from "./unsupported.ts";

/** Settings of a window along each spatial axis (one for sequences, two for pictures). */
export interface Geometry {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Zeros in front of and behind each axis, or TensorFlow's `same` with the odd one behind (upper) or in front (lower). */
  readonly padding:
    { readonly begin: readonly number[]; readonly end: readonly number[] } | "upper" | "lower";
}

/** No axis has more cells. */
const MOST = 2 ** 31 - 1;

/** Throws `Impossible` for windows of no cells, steps that lead nowhere, and sizes that no axis has. */
export function checkWindows(
  { name }: Lowering,
  window: readonly number[],
  { strides, dilations, padding }: Geometry,
): void {
  const told = { window, strides, dilations };
  for (const [what, values] of Object.entries(told))
    if (!values.every((n) => Number.isInteger(n) && n >= 1 && n <= MOST))
      throw cannot(name, what, values);
  if (typeof padding === "string") return;
  const sides = [...padding.begin, ...padding.end];
  if (!sides.every((n) => Number.isInteger(n) && n >= 0 && n <= MOST))
    throw cannot(name, "padding", sides);
}

/** The same for a pooling, whose windows have to meet the picture at all. */
export function checkPool(l: Lowering, window: readonly number[], geometry: Geometry): void {
  checkWindows(l, window, geometry);
  const { padding, dilations } = geometry;
  if (typeof padding === "string") return;
  const spans = window.map((cells, i) => (cells - 1) * (dilations[i] ?? 1) + 1);
  const outside = [padding.begin, padding.end].some((side) =>
    side.some((n, i) => n >= (spans[i] ?? 1)),
  );
  if (outside)
    throw new Impossible(
      `the windows of '${l.name}' have ${spans.join(" x ")} cells, and its padding is [${[...padding.begin, ...padding.end].join(", ")}]`,
    );
}

/** Throws `Impossible` for no filters, and for a number of groups that does not divide them. */
export function checkGroups({ name }: Lowering, groups: number, filters: number): void {
  if (filters < 1) throw new Impossible(`'${name}' has no filters`);
  if (!(Number.isSafeInteger(groups) && groups >= 1 && filters % groups === 0))
    throw new Impossible(`'${name}' has ${filters} filters in ${groups} groups`);
}

const cannot = (name: string, what: string, values: readonly number[]): Impossible =>
  new Impossible(`'${name}' has ${what} [${values.join(", ")}]`);
