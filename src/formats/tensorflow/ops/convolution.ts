import { at } from "../../../base/at.ts";
import * as lower from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Phases } from "../edges.ts";
import type { Operation, Rule, Rules } from "../operation.ts";
import { fused } from "./fused.ts";
import { channelsFirst, isFirst } from "./views.ts";

/** A setting of [N, H, W, C] (or [N, C, H, W]) for rows and columns. */
export function spatial(op: Operation, key: string): [number, number] {
  const all = op.ints(key);
  if (all.length === 0) return [1, 1];
  if (all.length !== 4) throw new Unsupported(`its ${key} are not those of a picture`);
  const rows = isFirst(op) ? 2 : 1;
  if (all.some((n, i) => n !== 1 && i !== rows && i !== rows + 1))
    throw new Unsupported(`its ${key} [${all.join(", ")}] are not only those of rows and columns`);
  return [at(all, rows), at(all, rows + 1)];
}

/** Strides, dilations and padding of a window over rows and columns. */
export function geometryOf(op: Operation): lower.Geometry {
  return {
    strides: spatial(op, "strides"),
    dilations: spatial(op, "dilations"),
    padding: paddingOf(op),
  };
}
function paddingOf(op: Operation): lower.Geometry["padding"] {
  const name = op.text("padding", "VALID");
  if (name === "SAME") return "upper";
  if (name === "VALID") return { begin: [0, 0], end: [0, 0] };
  const all = op.ints("explicit_paddings");
  if (all.length !== 8) throw new Unsupported("its paddings are not those of a picture");
  const [top, bottom, left, right] = all.slice(isFirst(op) ? 4 : 2) as [number, number, number, number]; // prettier-ignore
  return { begin: [top, left], end: [bottom, right] };
}

/** The kernel as the shared functions take it: [F, C / groups, h, w]. */
function kernelOf(op: Operation): lower.Value {
  const kernel = op.parameter(1, "kernel");
  noteFolding(op, kernel);
  if (!/Depthwise/.test(op.op)) return lower.transpose(op.l, kernel, [3, 2, 0, 1]);
  const [h, w, channels, each] = [0, 1, 2, 3].map((axis) => lower.known(kernel.shape, axis)) as [number, number, number, number]; // prettier-ignore
  const first = lower.transpose(op.l, kernel, [2, 3, 0, 1]);
  return lower.reshape(op.l, first, [channels * each, 1, h, w]);
}
/** Grappler and the TF.js converter give a kernel that they scaled another name. */
function noteFolding(op: Operation, kernel: lower.Value): void {
  if (kernel.kind === "parameter" && /(merged_input|_weights|Scaled)$/.test(kernel.name))
    op.note = "The exporter folded a batch norm into the kernel.";
}

function convolved(op: Operation, x: lower.Value, geometry: lower.Geometry): lower.Value {
  const kernel = kernelOf(op);
  return channelsFirst(op, x, (picture) => {
    const groups = lower.known(picture.shape, 1) / lower.known(kernel.shape, 1);
    if (!Number.isInteger(groups)) throw new Unsupported("its kernel does not fit its channels");
    return lower.convolution(op.l, picture, kernel, null, geometry, groups);
  });
}

/** On the phases of a picture: a dilated convolution of the picture. */
function dilated(op: Operation, phases: Phases): Phases {
  const { strides, padding } = geometryOf(op);
  const valid = typeof padding !== "string" && [...padding.begin, ...padding.end].every((n) => n === 0); // prettier-ignore
  if (phases.convolved || !valid || strides.some((n) => n !== 1))
    throw new Unsupported("it works on the phases of a picture in a way that is not known");
  const [rows, columns] = phases.paddings as [readonly [number, number], readonly [number, number]];
  const out = convolved(op, phases.source, {
    strides,
    dilations: phases.block,
    padding: { begin: [rows[0], columns[0]], end: [rows[1], columns[1]] },
  });
  return { ...phases, source: fused(op, out), convolved: true };
}

const convolution2d: Rule = (op) => {
  const edge = op.edge(0);
  if (edge.kind === "phases") return dilated(op, edge);
  return fused(op, convolved(op, op.x, geometryOf(op)));
};

/** (input sizes, kernel, dy): the forward pass of a transposed convolution. */
const transposed: Rule = (op) => {
  const kernel = lower.transpose(op.l, op.parameter(1, "kernel"), [3, 2, 0, 1]);
  const told = op.numbers(0, "output size").slice(-4);
  const first = told.length === 2 ? 0 : isFirst(op) ? 2 : 1;
  const size = [at(told, first), at(told, first + 1)];
  const geometry = geometryOf(op);
  const { padding, strides, dilations } = geometry;
  return channelsFirst(op, op.value(2), (dy) => {
    // what is padded as told can leave rows or columns behind that no window reached
    const outputPadding = size.map((wanted, axis) => {
      if (typeof padding === "string") return 0;
      const span = (lower.known(kernel.shape, axis + 2) - 1) * at(dilations, axis) + 1;
      const reached = (lower.known(dy.shape, axis + 2) - 1) * at(strides, axis) + span;
      return wanted - reached + at(padding.begin, axis) + at(padding.end, axis);
    });
    const outputShape = typeof padding === "string" ? size : null;
    const how = { outputPadding, outputShape };
    return lower.transposedConvolution(op.l, dy, kernel, null, geometry, 1, how);
  });
};

/** Convolutions, and the forward pass of transposed ones. */
export const convolution: Rules = [
  ["Conv2D", convolution2d],
  ["_FusedConv2D", convolution2d],
  ["DepthwiseConv2dNative", convolution2d],
  ["_FusedDepthwiseConv2dNative", convolution2d],
  ["FusedDepthwiseConv2dNative", convolution2d],
  ["Conv2DBackpropInput", transposed],
];
