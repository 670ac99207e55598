/** Where in a network the change of one pixel arrives: along each axis, operation by operation. */
import { at } from "../../../base/at.ts";
import {
  type Definition,
  definitions,
  type GraphNode,
  isMade,
  type Line,
  type Made,
  type MadeNode,
  type NodeId,
  type NodeOf,
  type OnePicture,
  readsOf,
} from "../../../graph/index.ts";

/**
 * Cells along one axis that depend on one pixel, for every place of that pixel along the axis: from `starts[place]` on, `size` of
 * them wherever it is. They may reach over the map's border, and some may not change.
 */
export interface Track {
  readonly starts: readonly number[];
  /** The last that can change. */
  readonly ends: readonly number[];
  readonly size: number;
}
/** What a cell of an operation's output reads of the maps it is given. */
export interface Window {
  readonly along: readonly [rows: Line, columns: Line];
  /** What stands outside the maps' border; null where nothing outside is read. */
  readonly outside: number | null;
}

/** Below whatever a map holds; not minus infinity, which not every kernel takes. */
const LOWEST = -3e38;

/**
 * The window of an operation on maps [N, H, W, C]; null for one through which a change is not followed cell by cell (a reshape, a
 * mean, another tensor of its own size beside).
 */
export function windowOf(
  node: GraphNode,
  one: OnePicture,
  changes: (id: NodeId) => boolean,
): Window | null {
  if (!isMade(node) || node.shape.length !== 4) return null;
  const indices = [...node.inputs.keys()];
  const [along, ...others] = indices
    .filter((index) => changes(at(node.inputs, index)))
    .map((index) => linesOf(one, node, index));
  if (!along || others.some((other) => JSON.stringify(other) !== JSON.stringify(along)))
    return null;
  // beside the maps only what is the same at every position
  const flat = indices.every(
    (index) => changes(at(node.inputs, index)) || isFlat(one, node, index),
  );
  return flat ? onPatches(one, node, along) : null;
}

/** The rows and columns of input `index` that a cell reads; null where it is not a box at its own place of as many pictures. */
function linesOf(one: OnePicture, node: MadeNode, index: number): Window["along"] | null {
  const reads = readsOf(one, node, index);
  if (typeof reads === "string" || reads.length !== 4) return null;
  const [batch, rows, columns, channels] = reads;
  const [first, second] = [onAxis(rows, 1), onAxis(columns, 2)];
  const own = onAxis(batch, 0)?.low === 0 && (channels === "all" || channels?.axis === 3);
  return own && first && second ? [first, second] : null;
}
function onAxis(read: "all" | Line | undefined, axis: number): Line | null {
  if (!read || read === "all" || read.axis !== axis || read.beyond !== "padding") return null;
  return read.step > 0 && [read.step, read.low, read.high].every(Number.isInteger) ? read : null;
}
function isFlat(one: OnePicture, node: MadeNode, index: number): boolean {
  const reads = readsOf(one, node, index);
  const { shape } = at(one.call(node).inputs, index);
  const differs = (read: "all" | Line, axis: number): boolean =>
    read !== "all" && read.axis < 3 && at(shape, axis) !== 1;
  return typeof reads !== "string" && !reads.some(differs);
}

/** The window of an operation that can run on patches cut out of its maps; null for another. */
function onPatches(one: OnePicture, node: MadeNode, along: Window["along"]): Window | null {
  const { inputs, shape } = one.call(node);
  const own = at(inputs, 0).shape;
  // whether any window reaches beyond its maps
  const padded = along.some(
    ({ step, low, high }, i) => low < 0 || (at(shape, i + 1) - 1) * step + high >= at(own, i + 1),
  );
  switch (node.op) {
    case "conv2d":
    case "depthwiseConv2d":
      return { along, outside: 0 };
    case "maxPool":
      return { along, outside: padded ? LOWEST : null };
    case "avgPool":
      // the denominator of an average changes at a padded border
      return padded ? null : { along, outside: null };
    case "pad":
      return { along, outside: node.attrs.value };
    default:
      // cell by cell, and of any size: what names the size of its result is no operation on a patch
      return along.every(({ step, low, high }) => step === 1 && low === 0 && high === 0) &&
        makesOne(one, node)
        ? { along, outside: null }
        : null;
  }
}
/** Whether an operation that reads the same cell makes maps of 1 x 1 of such. */
function makesOne<K extends Made>(one: OnePicture, node: NodeOf<K>): boolean {
  const { shape }: Definition<K> = definitions[node.op];
  const call = one.call(node);
  const given = call.inputs.map(({ shape: own }) => ({
    dtype: node.dtype,
    shape: own.length === 4 ? [at(own, 0), 1, 1, at(own, 3)] : own,
  }));
  const made = shape(given, call.attrs).shape;
  return made[1] === 1 && made[2] === 1;
}

const trackOf = (starts: readonly number[], ends: readonly number[]): Track => ({
  starts,
  ends,
  // where a stride passes the pixel by, one cell stands for none
  size: starts.reduce((most, start, i) => Math.max(most, at(ends, i) - start + 1), 1),
});

/** The pixel itself. */
export function pixelTrack(length: number): Track {
  const places = [...Array(length).keys()];
  return trackOf(places, places);
}

/** The outputs that read any of `input`. */
export const reached = ({ starts, ends }: Track, { step, low, high }: Line): Track =>
  trackOf(
    starts.map((start) => Math.ceil((start - high) / step)),
    ends.map((end) => Math.floor((end - low) / step)),
  );

/** The inputs that `output` reads. */
export function read(output: Track, { step, low, high }: Line): Track {
  const size = (output.size - 1) * step + high - low + 1;
  const starts = output.starts.map((start) => start * step + low);
  return { starts, ends: starts.map((start) => start + size - 1), size };
}

/** What covers both, place by place. */
export const hull = (a: Track, b: Track): Track =>
  trackOf(
    a.starts.map((start, i) => Math.min(start, at(b.starts, i))),
    a.ends.map((end, i) => Math.max(end, at(b.ends, i))),
  );
