import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";

import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

const x = (call: Call): lower.Value => call.value("self");
const reshaped =
  (sizes: string): Lower =>
  (call) =>
    lower.reshape(call.l, x(call), call.sizes(sizes, x(call).shape));
const swapped = (call: Call, a: number, b: number): lower.Value => {
  const rank = x(call).shape.length;
  const perm = lower.range(rank);
  const [one, other] = [lower.axisOf(a, rank), lower.axisOf(b, rank)];
  [perm[one], perm[other]] = [other, one];
  return lower.transpose(call.l, x(call), perm);
};

/** The example's batch in front is the batch: what is repeated for two pictures is repeated for each. */
const forEach = (call: Call, size: number, axis: number): number =>
  axis === 0 && size > 1 && size === call.batch ? lower.BATCH : size;
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
  return lower.expand(call.l, x(call), sizes);
};
/** So many times along each axis; there may be more axes than the tensor has, or (`tile`) fewer. */
const repeated =
  (argument: string): Lower =>
  (call) => {
    const told = call.numbers(argument) ?? [];
    const { shape } = x(call);
    const missing = Math.max(0, shape.length - told.length);
    const times = [...lower.range(missing).map(() => 1), ...told];
    const own = [...lower.range(times.length - shape.length).map(() => 1), ...shape];
    const wide = lower.reshape(call.l, x(call), own);
    const sizes = times.map((n, axis) => (own[axis] === 1 ? forEach(call, n, axis) : 1));
    const rest = times.map((n, axis) => (own[axis] === 1 ? 1 : n));
    const expanded = lower.expand(call.l, wide, sizes);
    return rest.every((n) => n === 1) ? expanded : lower.tile(call.l, expanded, rest);
  };
const moved: Lower = (call) => {
  const rank = x(call).shape.length;
  const axes = (name: string): number[] =>
    (call.numbers(name) ?? []).map((axis) => lower.axisOf(axis, rank));
  const [from, to] = [axes("source"), axes("destination")];
  const perm = lower.range(rank).filter((axis) => !from.includes(axis));
  const places = to.map((place, i) => [place, at(from, i)] as const);
  for (const [place, axis] of places.sort(([a], [b]) => a - b)) perm.splice(place, 0, axis);
  return lower.transpose(call.l, x(call), perm);
};

const channelsShuffled: Lower = (call) => {
  const groups = call.number("groups", 1);
  const { shape } = x(call);
  const [channels, rest] = [lower.known(shape, 1), shape.slice(2)];
  const apart = lower.reshape(call.l, x(call), [at(shape, 0), groups, channels / groups, ...rest]);
  const perm = [0, 2, 1, ...lower.range(rest.length, 3)];
  return lower.reshape(call.l, lower.transpose(call.l, apart, perm), shape);
};

/** Vectors along an axis each, repeated along the others'. */
const meshed: Lower = (call) => {
  const vectors = call.values("tensors");
  const turned = call.text("indexing", "ij") === "xy" && vectors.length > 1;
  const order = lower.range(vectors.length);
  if (turned) [order[0], order[1]] = [1, 0];
  const sizes = order.map((i) => lower.known(at(vectors, i).shape, 0));
  return vectors.map((vector, i) => {
    const own = sizes.map((size, axis) => (at(order, axis) === i ? size : 1));
    return lower.expand(call.l, lower.reshape(call.l, vector, own), sizes);
  });
};

/**
 * Other shapes and orders of axes for the same cells, repeated cells, and sizes (`sym_size`), which
 * are known while the file is read.
 */
export const shapings: Table = {
  view: reshaped("size"),
  _unsafe_view: reshaped("size"),
  reshape: reshaped("shape"),
  view_as: (call) => lower.reshape(call.l, x(call), call.value("other").shape),
  reshape_as: (call) => lower.reshape(call.l, x(call), call.value("other").shape),
  flatten: (call) =>
    lower.flatten(call.l, x(call), call.number("start_dim", 0), call.number("end_dim", -1)),
  unflatten: (call) => {
    const { shape } = x(call);
    const axis = lower.axisOf(call.number("dim", 0), shape.length);
    const sizes = call.sizes("sizes", [at(shape, axis)]);
    return lower.reshape(call.l, x(call), shape.toSpliced(axis, 1, ...sizes));
  },
  permute: (call) =>
    lower.transpose(
      call.l,
      x(call),
      (call.numbers("dims") ?? []).map((axis) => lower.axisOf(axis, x(call).shape.length)),
    ),
  transpose: (call) => swapped(call, call.number("dim0", 0), call.number("dim1", 1)),
  t: (call) => (x(call).shape.length < 2 ? x(call) : swapped(call, 0, 1)),
  movedim: moved,
  // axes that are longer than 1 stay
  squeeze: (call) => {
    const { shape } = x(call);
    const told =
      call.numbers("dim")?.map((axis) => lower.axisOf(axis, shape.length)) ??
      lower.range(shape.length);
    return lower.squeeze(
      call.l,
      x(call),
      told.filter((axis) => shape[axis] === 1),
    );
  },
  unsqueeze: (call) => lower.unsqueeze(call.l, x(call), [call.number("dim", 0)]),
  expand: expanded,
  expand_as: (call) => lower.expand(call.l, x(call), call.value("other").shape),
  repeat: repeated("repeats"),
  tile: repeated("dims"),
  pixel_shuffle: (call) =>
    lower.depthToSpace(call.l, x(call), call.number("upscale_factor", 1), false),
  pixel_unshuffle: (call) =>
    lower.spaceToDepth(call.l, x(call), call.number("downscale_factor", 1), true),
  meshgrid: meshed,
  channel_shuffle: channelsShuffled,
  native_channel_shuffle: channelsShuffled,
  sym_size: (call) => {
    const { shape } = x(call);
    return lower.ints([at(shape, lower.axisOf(call.number("dim", 0), shape.length))], []);
  },
};
