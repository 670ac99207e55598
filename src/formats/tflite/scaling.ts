/** What the type and the quantisation of an input tell about what it takes. */
import type { InputQuantization, ModelGraph } from "../../graph/index.ts";
import type { TfliteTensor } from "./types.ts";

/** Whole numbers by how they are stored; those of pixels have 8 bits. */
const LIMITS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
};

/** Which whole numbers the file takes for real ones; null where it takes real numbers, or whole ones as they are. */
export function quantizedInput({ type, quantization }: TfliteTensor): InputQuantization | null {
  const limits = LIMITS[type ?? ""];
  const [scale, ...others] = quantization?.scales ?? [];
  if (!limits || !scale || others.length > 0) return null;
  const [zero = 0] = quantization?.zeros ?? [];
  return { least: limits[0], most: limits[1], scale, zero };
}

/** An input of 8-bit integers takes pixels as they are; its quantisation tells which real numbers they stand for. */
export function pixelScaling(input: TfliteTensor | undefined): Pick<ModelGraph, "scaling"> {
  const type = input?.type;
  if (!input || (type !== "uint8" && type !== "int8")) return {};
  const { scale, zero } = quantizedInput(input) ?? { scale: 1, zero: 0 };
  // int8 is the pixel less 128
  const black = type === "int8" ? zero + 128 : zero;
  const why = input.quantization
    ? `The network takes pixels as ${type}: its input's quantisation tells their scale.`
    : `The network takes pixels as ${type}, as they are.`;
  return { scaling: { order: "rgb", scale, mean: [black * scale], std: [1], why } };
}
