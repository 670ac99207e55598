import { at } from "../../base/at.ts";
import type { Made } from "./attributes.ts";
import { type AxisReads, type Definition, type Family, noMacs, type Typed } from "./definition.ts";
import { moved } from "./moving.ts";
import { cellwise, input, line } from "./reading.ts";
import { count, dim, same } from "./shaping.ts";

/** An operation that puts cells elsewhere unchanged. */
function layout<K extends Made>(
  shape: Definition<K>["shape"],
  reads: Definition<K>["reads"],
  outside?: (attrs: Parameters<Definition<K>["shape"]>[1]) => number,
): Definition<K> {
  return { shape, reads, macs: noMacs, cells: moved<K>(reads, outside) };
}
/** The first input's axes, each read as `read` says. */
const eachAxis =
  <K extends Made>(
    read: (attrs: Parameters<Definition<K>["shape"]>[1], axis: number, size: number) => AxisReads,
  ): Definition<K>["reads"] =>
  (call, index) =>
    input(call, index).shape.map((size, axis) => read(call.attrs, axis, size));

const reshaped = ({ shape: from, dtype }: Typed, shape: Typed["shape"]): Typed => {
  const [before, after] = [count(from), count(shape)];
  // a free axis may take whole axes in or give them up: [N, 4, 3] <-> [N * 4, 3]
  const fits =
    from.includes(null) && shape.includes(null)
      ? before % after === 0 || after % before === 0
      : from.includes(null) !== shape.includes(null) || before === after;
  if (!fits) throw new RangeError(`[${from.join(", ")}] does not reshape to [${shape.join(", ")}]`);
  return { shape, dtype };
};
/** The lengths of the axes of the first input, changed. */
const resized = (
  inputs: readonly Typed[],
  length: (size: number, axis: number) => number | null,
): Typed => {
  const { shape, dtype } = same(inputs);
  return { shape: shape.map((size, axis) => (size === null ? null : length(size, axis))), dtype };
};
/** Throws a RangeError for tensors that differ elsewhere than along the axis that they are joined along. */
function checkJoined([first, ...others]: readonly Typed[], along: number): void {
  for (const { shape } of others)
    if (
      shape.length !== first?.shape.length ||
      shape.some((size, axis) => {
        const own = first.shape[axis];
        return axis !== along && size !== null && own !== null && size !== own;
      })
    )
      throw new RangeError(
        `[${first?.shape.join(", ") ?? ""}] and [${shape.join(", ")}] cannot be joined along axis ${along}`,
      );
}
/** As `size` has it, where it says anything: also of a free axis. */
const cut = (
  inputs: readonly Typed[],
  size: readonly (number | null)[],
  rest: (whole: number, axis: number) => number,
): Typed => {
  const { shape, dtype } = resized(inputs, rest);
  return { shape: shape.map((whole, axis) => at(size, axis) ?? whole), dtype };
};

/**
 * Operations that put cells elsewhere unchanged: their values follow from what they read. Cells of
 * `pad` that read nothing have its `value`.
 */
export const layouts = {
  reshape: layout(
    (inputs, { shape }) => reshaped(same(inputs), shape),
    () => "in order",
  ),
  transpose: layout(
    (inputs, { perm }) => {
      const { shape, dtype } = same(inputs);
      return { shape: perm.map((axis) => at(shape, axis)), dtype };
    },
    eachAxis(({ perm }, axis) => line(perm.indexOf(axis))),
  ),
  concat: layout(
    (inputs, { axis }) => {
      const total = inputs.reduce((sum, { shape }) => sum + dim(shape, axis), 0);
      checkJoined(inputs, axis);
      return resized(inputs, (size, i) => (i === axis ? total : size));
    },
    ({ attrs, inputs }, index) => {
      const before = inputs
        .slice(0, index)
        .reduce((sum, { shape }) => sum + at(shape, attrs.axis), 0);
      return at(inputs, index).shape.map((_, axis) =>
        axis === attrs.axis ? line(axis, { low: -before, beyond: "nothing" }) : line(axis),
      );
    },
  ),
  slice: layout(
    (inputs, { begin, size }) => cut(inputs, size, (whole, axis) => whole - at(begin, axis)),
    eachAxis(({ begin }, axis) => line(axis, { low: at(begin, axis) })),
  ),
  stridedSlice: layout(
    (inputs, { begin, size, strides }) =>
      cut(inputs, size, (whole, axis) => Math.ceil((whole - at(begin, axis)) / at(strides, axis))),
    eachAxis(({ begin, strides }, axis) =>
      line(axis, { step: at(strides, axis), low: at(begin, axis) }),
    ),
  ),
  pad: layout(
    (inputs, { paddings }) => grown(inputs, paddings),
    eachAxis(({ paddings }, axis) => line(axis, { low: -at(paddings, axis)[0] })),
    ({ value }) => value,
  ),
  mirrorPad: layout(
    (inputs, { paddings }) => grown(inputs, paddings),
    eachAxis(({ paddings, mode }, axis) =>
      line(axis, { low: -at(paddings, axis)[0], beyond: mode }),
    ),
  ),
  reverse: layout(
    same,
    eachAxis(({ axes }, axis, size) =>
      line(axis, axes.includes(axis) ? { step: -1, low: size - 1 } : {}),
    ),
  ),
  tile: layout(
    (inputs, { multiples }) => resized(inputs, (size, axis) => size * at(multiples, axis)),
    eachAxis((_, axis) => line(axis, { beyond: "wrap" })),
  ),
  broadcastLike: layout(
    (inputs) => ({ shape: at(inputs, 1).shape, dtype: same(inputs).dtype }),
    (call, index) => (index === 0 ? cellwise(call, index) : "nothing"),
  ),
} satisfies Family;

const grown = (inputs: readonly Typed[], paddings: readonly (readonly [number, number])[]): Typed =>
  resized(inputs, (size, axis) => {
    const [before, after] = at(paddings, axis);
    return size + before + after;
  });
