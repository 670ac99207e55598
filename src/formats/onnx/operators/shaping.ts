import { sizeOf } from "../../../base/tensor.ts";
import * as cf from "../../lower/index.ts";
import { freeBatch } from "../../lower/batch.ts";
import type { Call, Operators } from "../call.ts";

/** A target shape in which the exporter wrote the batch it saw. */
function rebatched(
  { batch, l: { network } }: Call,
  x: cf.Value,
  target: readonly number[],
): readonly number[] {
  const steps = x.kind === "tensor" ? network.stepsOf(x.node) : 0;
  // rows [T N, ...] that become [T, N, ...] again, and [T, N, ...] that become rows
  if (steps > 0 && target[0] === steps && target[1] === batch) return target.with(1, cf.BATCH);
  const [count = 0, pictures = 0, ...rest] = x.shape;
  const areRows = batch !== null && pictures === cf.BATCH && count > 1;
  if (areRows && target[0] === count * batch && sizeOf(target.slice(1)) === sizeOf(rest))
    return target.with(0, count * cf.BATCH);
  if (batch === null || sizeOf(target) === sizeOf(x.shape)) return target;
  return freeBatch(x.shape, target, batch);
}

function reshape(call: Call): cf.Value {
  const { l, x } = call;
  const wanted = call.intsOrInput("shape", 1) ?? [];
  const zero = call.int("allowzero", 0) === 1;
  const target = wanted.map((size, i) => (size === 0 && !zero ? (x.shape[i] ?? 0) : size));
  return cf.reshape(l, x, rebatched(call, x, target));
}

/** A matrix: the axes before `axis`, and those from it on. Throws `Unsupported` for an axis that is not there. */
function flatten(call: Call): cf.Value {
  const { l, x } = call;
  const rank = x.shape.length;
  const axis = call.int("axis", 1);
  // behind the last axis is a place, too
  const at = axis === rank ? rank : cf.axisOf(axis, rank);
  return cf.reshape(l, x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
}

function expand(call: Call): cf.Value {
  const { l, x } = call;
  const target = call.numbers(1, "shape")?.data ?? [];
  const lead = target.length - x.shape.length;
  const fitted = target.map((size, i) => {
    const own = x.shape[i - lead] ?? 1;
    return own % cf.BATCH === 0 && size === call.batch ? own : size;
  });
  return cf.expand(l, x, fitted);
}

function shape(call: Call): cf.Value {
  const { x } = call;
  const rank = x.shape.length;
  const from = call.int("start", 0);
  const to = call.int("end", rank);
  const at = (n: number): number => Math.max(0, Math.min(rank, n < 0 ? n + rank : n));
  return cf.ints(x.shape.slice(at(from), at(to)));
}

function constantOfShape(call: Call): cf.Value {
  const target = call.numbers(0, "shape")?.data ?? [];
  const attribute = call.attribute("value");
  const value = attribute ? call.l.numbers(call.constant(attribute), "value") : cf.floats([0]);
  // what every picture has of its own is repeated for each of them
  if (target.some(cf.isFree)) return cf.expand(call.l, cf.reshape(call.l, value, []), target);
  return cf.filled(value, target);
}

function arange(call: Call): cf.Value {
  const [start = 0, limit = 0, step = 1] = [0, 1, 2].map(
    (i) => call.l.numbers(call.input(i), "limits").data[0],
  );
  return cf.counted(start, limit, step, call.l.numbers(call.input(0), "limits").type);
}

/**
 * Other shapes for the same cells, and repeated cells. `Shape`, `Size`, `ConstantOfShape` and
 * `Range` give numbers that are known while the file is read.
 */
export const shaping: Operators = [
  ["Reshape", reshape],
  ["Flatten", flatten],
  [
    "Transpose",
    (call) =>
      cf.transpose(call.l, call.x, call.ints("perm") ?? cf.range(call.x.shape.length).reverse()),
  ],
  ["Squeeze", (call) => cf.squeeze(call.l, call.x, call.intsOrInput("axes", 1))],
  ["Unsqueeze", (call) => cf.unsqueeze(call.l, call.x, call.intsOrInput("axes", 1) ?? [])],
  ["Expand", expand],
  ["Tile", (call) => cf.tile(call.l, call.x, call.numbers(1, "repeats")?.data ?? [])],
  [
    "DepthToSpace",
    (call) =>
      cf.depthToSpace(
        call.l,
        call.x,
        call.required("blocksize"),
        call.text("mode", "DCR") === "DCR",
      ),
  ],
  [
    "SpaceToDepth",
    (call) =>
      cf.spaceToDepth(
        call.l,
        call.x,
        call.required("blocksize"),
        call.text("mode", "DCR") === "CRD",
      ),
  ],
  ["Shape", shape],
  ["Size", (call) => cf.ints([sizeOf(call.x.shape)], [])],
  ["ConstantOfShape", constantOfShape],
  ["Range", arange],
];
