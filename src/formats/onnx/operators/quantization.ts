/**
 * Quantised networks, computed in floating point: numbers stand between the smallest and the largest that their integers can
 * say, and are not rounded to them, so that gradients pass. Parameters have the numbers that the file stores.
 */
import { at } from "../../../base/at.ts";
import * as cf from "../../lower/index.ts";
import { Unsupported } from "../../lower/unsupported.ts";
import type { Call, Operators } from "../call.ts";

/** What is said of a network whose integers are computed as real numbers. */
export const SURROGATE =
  "A quantised network: it is computed in floating point, without rounding to integers.";

/** Smallest and largest number of an integer type. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
};

/** A scale or zero of each channel, along the axis that it belongs to. */
function alongAxis(call: Call, value: cf.Value): cf.Value {
  if (call.int("block_size", 0) !== 0) throw new Unsupported("it has a scale for each block");
  if (value.shape.length !== 1) return value;
  const axis = cf.axisOf(call.int("axis", 1), call.x.shape.length);
  const shape = call.x.shape.map((_, i) => (i === axis ? -1 : 1));
  return cf.reshape(call.l, value, shape);
}
const real = (call: Call, value: cf.Value): cf.Value =>
  alongAxis(call, cf.cast(call.l, value, "float32"));

/** x / scale + zero, within what its integers can say. */
function quantized(call: Call): cf.Value {
  const { l, x } = call;
  const zero = call.optional(2);
  const range = RANGES[zero ? (call.storedType(2) ?? "") : "uint8"];
  if (!range || call.int("output_dtype", 0) !== 0)
    throw new Unsupported("it quantises to integers that are not known");
  call.note(SURROGATE);
  const scaled = cf.binary(l, "div", x, real(call, call.input(1)));
  const moved = zero ? cf.binary(l, "add", scaled, real(call, zero)) : scaled;
  return cf.clip(l, moved, cf.number(range[0]), cf.number(range[1]));
}

/** (x - zero) * scale; of a parameter, a parameter with these numbers. */
function dequantized(call: Call): cf.Value {
  const { l, x } = call;
  const [scale, zero] = [call.input(1), call.optional(2)];
  const moved = (value: cf.Value): cf.Value =>
    zero ? cf.binary(l, "sub", value, real(call, zero)) : value;
  if (x.kind !== "parameter" || scale.kind === "tensor" || zero?.kind === "tensor")
    return cf.binary(l, "mul", moved(cf.cast(l, x, "float32")), real(call, scale));
  if (call.int("block_size", 0) !== 0) throw new Unsupported("it has a scale for each block");
  const [factors, zeros] = [l.numbers(scale, "scale"), zero && l.numbers(zero, "zero")];
  return realParameter(l, x, factors, zeros, call.int("axis", 1));
}

/** A parameter of whole numbers as the real ones that they stand for; a scale for all of it, or for each cell of `axis`. */
export function realParameter(
  l: cf.Lowering,
  x: cf.Parameter,
  factors: cf.Numbers,
  zeros: cf.Numbers | null,
  along: number,
): cf.Parameter {
  const [per, shifts] = [factors.data.length, zeros?.data.length ?? 1];
  if (zeros && shifts !== per && shifts !== 1 && per !== 1)
    throw new Unsupported("its scale and zero do not fit");
  const count = Math.max(per, shifts);
  const axis = count === 1 ? 0 : cf.axisOf(along, x.shape.length);
  if (count !== 1 && x.shape[axis] !== count)
    throw new Unsupported("it has a scale for each block");
  const inner = x.shape.slice(axis + 1).reduce((cells, size) => cells * size, 1);
  return {
    kind: "parameter",
    name: x.name,
    fileShape: x.fileShape,
    shape: x.shape,
    ref: `${x.ref} dequantised in ${l.name}`,
    dtype: "float32",
    read: () => {
      const { shape, data } = x.read();
      const values = Float32Array.from(data, (n, cell) => {
        const channel = count === 1 ? 0 : Math.floor(cell / inner) % count;
        const zero = zeros ? at(zeros.data, shifts === 1 ? 0 : channel) : 0;
        return (n - zero) * at(factors.data, per === 1 ? 0 : channel);
      });
      return { dtype: "float32", shape, data: values };
    },
  };
}

/**
 * `QuantizeLinear` and `DequantizeLinear`, with a scale for the tensor or for each cell of an axis;
 * one for each block throws `Unsupported`.
 */
export const quantization: Operators = [
  ["QuantizeLinear", quantized],
  ["DequantizeLinear", dequantized],
];
