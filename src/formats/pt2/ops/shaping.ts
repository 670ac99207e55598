import {
  axisOf,
  BATCH,
  expand,
  flatten,
  ints,
  range,
  reshape,
  squeeze,
  tile,
  transpose,
  unsqueeze,
  type Value,
} from "../../lower/index.ts";

import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const x = (call: Call): Value => call.value("self");
const reshaped =
  (sizes: string): Lower =>
  (call) =>
    reshape(call.l, x(call), call.sizes(sizes, x(call).shape));
const swapped = (call: Call, a: number, b: number): Value => {
  const rank = x(call).shape.length;
  const perm = range(rank);
  const [one, other] = [axisOf(a, rank), axisOf(b, rank)];
  [perm[one], perm[other]] = [other, one];
  return transpose(call.l, x(call), perm);
};

/** The example's batch in front is the batch: what is repeated for two pictures is repeated for each. */
const forEach = (call: Call, size: number, axis: number): number =>
  axis === 0 && size > 1 && size === call.batch ? BATCH : size;
/** -1 keeps an axis; axes may be added in front. */
const expanded: Lower = (call) => {
  const { shape } = x(call);
  const wanted = call.numbers("size") ?? [];
  const lead = wanted.length - shape.length;
  const sizes = wanted.map((size, i) => {
    const own = shape[i - lead];
    // an axis that is the batch stays the batch
    if (own !== undefined && (size === -1 || own !== 1)) return own;
    return forEach(call, size, i);
  });
  return expand(call.l, x(call), sizes);
};
/** So many times along each axis; there may be more axes than the tensor has, or (`tile`) fewer. */
const repeated =
  (argument: string): Lower =>
  (call) => {
    const told = call.numbers(argument) ?? [];
    const { shape } = x(call);
    const missing = Math.max(0, shape.length - told.length);
    const times = [...range(missing).map(() => 1), ...told];
    const own = [...range(times.length - shape.length).map(() => 1), ...shape];
    const wide = reshape(call.l, x(call), own);
    const sizes = times.map((n, axis) => (own[axis] === 1 ? forEach(call, n, axis) : 1));
    const rest = times.map((n, axis) => (own[axis] === 1 ? 1 : n));
    const expanded = expand(call.l, wide, sizes);
    return rest.every((n) => n === 1) ? expanded : tile(call.l, expanded, rest);
  };
const moved: Lower = (call) => {
  const rank = x(call).shape.length;
  const [from, to] = ["source", "destination"].map((name) =>
    (call.numbers(name) ?? []).map((axis) => axisOf(axis, rank)),
  );
  const rest = range(rank).filter((axis) => !from?.includes(axis));
  const perm = range(rank).map((axis) => {
    const i = to?.indexOf(axis) ?? -1;
    return i >= 0 ? (from?.[i] ?? 0) : (rest.shift() ?? 0);
  });
  return transpose(call.l, x(call), perm);
};

/** [N, C r r, H, W] -> [N, C, H r, W r] */
const shuffledUp: Lower = (call) => {
  const r = call.number("upscale_factor", 1);
  const [n = 1, c = 1, h = 1, w = 1] = x(call).shape;
  const apart = reshape(call.l, x(call), [n, c / (r * r), r, r, h, w]);
  return reshape(call.l, transpose(call.l, apart, [0, 1, 4, 2, 5, 3]), [
    n,
    c / (r * r),
    h * r,
    w * r,
  ]);
};
/** [N, C, H r, W r] -> [N, C r r, H, W] */
const shuffledDown: Lower = (call) => {
  const r = call.number("downscale_factor", 1);
  const [n = 1, c = 1, h = 1, w = 1] = x(call).shape;
  const apart = reshape(call.l, x(call), [n, c, h / r, r, w / r, r]);
  return reshape(call.l, transpose(call.l, apart, [0, 1, 3, 5, 2, 4]), [
    n,
    c * r * r,
    h / r,
    w / r,
  ]);
};
const channelsShuffled: Lower = (call) => {
  const groups = call.number("groups", 1);
  const [n = 1, c = 1, ...rest] = x(call).shape;
  const apart = reshape(call.l, x(call), [n, groups, c / groups, ...rest]);
  const perm = [0, 2, 1, ...range(rest.length, 3)];
  return reshape(call.l, transpose(call.l, apart, perm), [n, c, ...rest]);
};

export const shapings: Table = {
  view: reshaped("size"),
  _unsafe_view: reshaped("size"),
  reshape: reshaped("shape"),
  view_as: (call) => reshape(call.l, x(call), call.value("other").shape),
  reshape_as: (call) => reshape(call.l, x(call), call.value("other").shape),
  flatten: (call) =>
    flatten(call.l, x(call), call.number("start_dim", 0), call.number("end_dim", -1)),
  unflatten: (call) => {
    const { shape } = x(call);
    const at = axisOf(call.number("dim", 0), shape.length);
    const sizes = call.sizes("sizes", shape.slice(at, at + 1));
    return reshape(call.l, x(call), [...shape.slice(0, at), ...sizes, ...shape.slice(at + 1)]);
  },
  permute: (call) =>
    transpose(
      call.l,
      x(call),
      (call.numbers("dims") ?? []).map((axis) => axisOf(axis, x(call).shape.length)),
    ),
  transpose: (call) => swapped(call, call.number("dim0", 0), call.number("dim1", 1)),
  t: (call) => (x(call).shape.length < 2 ? x(call) : swapped(call, 0, 1)),
  movedim: moved,
  // axes that are longer than 1 stay
  squeeze: (call) => {
    const { shape } = x(call);
    const told =
      call.numbers("dim")?.map((axis) => axisOf(axis, shape.length)) ?? range(shape.length);
    return squeeze(
      call.l,
      x(call),
      told.filter((axis) => shape[axis] === 1),
    );
  },
  unsqueeze: (call) => unsqueeze(call.l, x(call), [call.number("dim", 0)]),
  expand: expanded,
  expand_as: (call) => expand(call.l, x(call), call.value("other").shape),
  repeat: repeated("repeats"),
  tile: repeated("dims"),
  pixel_shuffle: shuffledUp,
  pixel_unshuffle: shuffledDown,
  channel_shuffle: channelsShuffled,
  native_channel_shuffle: channelsShuffled,
  sym_size: (call) => {
    const { shape } = x(call);
    return ints([shape[axisOf(call.number("dim", 0), shape.length)] ?? 1], []);
  },
};
