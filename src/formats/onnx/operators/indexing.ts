import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** Limits are attributes before operation set 10, inputs from then on. */
function slice(call: Call): cf.Value {
  const { l, x } = call;
  const starts = call.intsOrInput("starts", 1) ?? [];
  const ends = call.intsOrInput("ends", 2) ?? [];
  const axes = call.intsOrInput("axes", 3) ?? cf.range(starts.length);
  const steps = call.numbers(4, "steps")?.data ?? starts.map(() => 1);
  return cf.slice(l, x, axes, starts, ends, steps);
}

function split(call: Call): readonly cf.Value[] {
  const { l, x, node } = call;
  const axis = cf.axisOf(call.int("axis", 0), x.shape.length);
  const size = cf.known(x.shape, axis);
  const given = call.intsOrInput("split", 1);
  const parts = node.outputs.length;
  const told = given?.length ?? call.int("num_outputs", parts);
  if (told !== parts)
    throw new cf.Impossible(`'${l.name}' splits into ${told} parts, and gives ${parts}`);
  const each = Math.ceil(size / parts);
  // the last part may be smaller
  const equal = cf.range(parts).map((i) => Math.max(0, Math.min(each, size - i * each)));
  return cf.split(l, x, axis, given ?? equal);
}

function pad(call: Call): cf.Value {
  const { l, x } = call;
  const pads = call.intsOrInput("pads", 1) ?? [];
  const value = call.numbers(2, "value")?.data[0] ?? call.float("value", 0);
  const rank = x.shape.length;
  const axes = cf.axesInOrder(call.numbers(3, "axes")?.data ?? cf.range(rank), rank);
  const side = (from: number): number[] =>
    cf.range(rank).map((axis) => {
      const i = axes.indexOf(axis);
      return i < 0 ? 0 : at(pads, from + i);
    });
  const mode = call.text("mode", "constant");
  const [before, after] = [side(0), side(axes.length)];
  if (mode !== "constant" && mode !== "reflect" && mode !== "edge" && mode !== "wrap")
    throw new Unsupported(`it pads by '${mode}'`);
  return cf.pad(l, x, before, after, mode, value);
}

/** Parts of tensors and borders; settings are attributes or inputs, by operation set. */
export const indexing: Operators = [
  [
    "Concat",
    (call) =>
      cf.concat(
        call.l,
        call.inputs.map((_, i) => call.input(i)),
        // operation sets before 4 had a default
        call.opset < 4 ? call.int("axis", 1) : call.required("axis"),
      ),
  ],
  ["Slice", slice],
  ["Split", split],
  ["Gather", (call) => cf.gather(call.l, call.x, call.input(1), call.int("axis", 0))],
  ["Pad", pad],
];
