/** Small TFLite models that are put together by hand, to lie where a test wants it. */
import { flatBuffer, type Flat, type FlatTable } from "./flat.ts";

export const RELU = 19;
export const RESHAPE = 22;
export const CONV_2D = 3;

export const tensor = (
  name: string,
  shape: readonly number[],
  buffer = 0,
  more = {},
): FlatTable => ({
  table: { 0: { i32s: shape }, 1: { i8: 0 }, 2: { u32: buffer }, 3: name, ...more },
});
export const buffer = (bytes?: Uint8Array): FlatTable => ({ table: bytes ? { 0: bytes } : {} });
export const operator = (
  code: number,
  inputs: readonly number[],
  outputs: readonly number[],
  options?: FlatTable,
): FlatTable => ({
  table: {
    0: { u32: code },
    1: { i32s: inputs },
    2: { i32s: outputs },
    ...(options && { 3: { i8: 1 }, 4: options }),
  },
});

interface Parts {
  readonly codes?: readonly number[];
  readonly tensors: readonly FlatTable[];
  readonly operators?: readonly FlatTable[];
  readonly buffers?: readonly FlatTable[];
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
  readonly model?: Readonly<Record<number, Flat>>;
}

/** `codes`: built-in operators, by their position in `operator`. The input is tensor 0, the output the last one. */
export function tfliteFile(parts: Parts): Uint8Array {
  const { tensors, operators = [], buffers = [buffer()], codes = [RELU] } = parts;
  const { inputs = [0], outputs = [tensors.length - 1] } = parts;
  const graph: FlatTable = {
    table: { 0: tensors, 1: { i32s: inputs }, 2: { i32s: outputs }, 3: operators, 4: "main" },
  };
  const model: FlatTable = {
    table: {
      0: { u32: 3 },
      1: codes.map((code) => ({ table: { 0: { i8: Math.min(code, 127) }, 3: { i32: code } } })),
      2: [graph],
      3: "by hand",
      4: buffers,
      ...parts.model,
    },
  };
  return flatBuffer(model, "TFL3");
}
