import * as lower from "../../lower/index.ts";

import type { Call } from "../call.ts";
import type { Lower, Table } from "./table.ts";

/** `padding` is numbers, `valid` or `same` (the odd cell behind, and windows that move by one). */
function geometry(call: Call): lower.Geometry {
  const count = lower.spatialRank(call.value("input"));
  const [strides, dilations] = [call.each("stride", count, 1), call.each("dilation", count, 1)];
  const told = call.text("padding", "");
  if (told === "same") {
    const kernel = call.value("weight").shape;
    const whole = dilations.map((step, i) => step * (lower.known(kernel, i + 2) - 1));
    const begin = whole.map((n) => Math.floor(n / 2));
    const end = whole.map((n) => Math.ceil(n / 2));
    return { strides, dilations, padding: { begin, end } };
  }
  const sides = told === "" ? call.each("padding", count, 0) : lower.range(count).map(() => 0);
  return { strides, dilations, padding: { begin: sides, end: sides } };
}

const forward: Lower = (call) =>
  lower.convolution(
    call.l,
    call.value("input"),
    call.value("weight"),
    call.optional("bias"),
    geometry(call),
    call.number("groups", 1),
  );
const transposed: Lower = (call) =>
  lower.transposedConvolution(
    call.l,
    call.value("input"),
    call.value("weight"),
    call.optional("bias"),
    geometry(call),
    call.number("groups", 1),
    {
      outputPadding: call.each("output_padding", lower.spatialRank(call.value("input")), 0),
      outputShape: null,
    },
  );
const either: Lower = (call) => (call.flag("transposed", false) ? transposed(call) : forward(call));

/**
 * Convolutions of [N, C, L], [N, C, H, W] and [N, C, D, H, W]; `convolution` is a transposed one where its argument
 * `transposed` says so.
 */
export const convolutions: Table = {
  conv1d: forward,
  conv2d: forward,
  conv3d: forward,
  conv_transpose1d: transposed,
  conv_transpose2d: transposed,
  conv_transpose3d: transposed,
  convolution: either,
  _convolution: either,
  _convolution_mode: forward,
};
