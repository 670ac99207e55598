import type { Made, OpAttrs } from "../../../src/graph/index.ts";
import type { TensorData } from "../../../src/base/tensor.ts";
import type { Case, Input } from "./cases.ts";
import { type Array64, count } from "./reference/arrays.ts";
import { reference } from "./reference/index.ts";
import { normal, random, tensor } from "./support.ts";

const BATCH = 2;

export const toArray = ({ shape, data }: TensorData): Array64 => ({ shape, data: [...data] });

function values({ shape, values, dtype }: Input, seed: number): TensorData {
  const sizes = shape.map((size) => (size === "N" ? BATCH : size));
  const next = random(seed);
  const draw: Record<Input["values"], () => number> = {
    normal: () => normal(next),
    positive: () => 0.5 + 1.5 * next(),
    wide: () => 16 * next() - 8,
    index: () => Math.floor(4 * next()),
    truth: () => Math.round(next()),
    ties: () => Math.round(2 * normal(next)) / 2,
  };
  return tensor(dtype, sizes, Array.from({ length: count(sizes) }, draw[values]));
}

/** Numbers for the inputs of a case, others for another `seed`. */
export function inputsOf<K extends Made>(op: K, one: Case<OpAttrs[K]>, seed = 0): TensorData[] {
  const inputs = one.inputs.map((input, i) => values(input, 100 + i + seed));
  const [x, picks] = inputs;
  if (op === "gather" && x && picks) {
    const cells = x.shape[(one.attrs as OpAttrs["gather"]).axis] ?? NaN;
    inputs[1] = { ...picks, data: picks.data.map((cell) => cell % cells) };
  }
  if (op === "maxPoolGrad" && x) {
    const pooled = reference.maxPool(one.attrs as OpAttrs["maxPoolGrad"], toArray(x));
    inputs[1] = tensor("float32", pooled.shape, pooled.data);
  }
  return inputs;
}

export function label({ attrs, inputs }: Case<OpAttrs[Made]>): string {
  return `${inputs.map(({ shape }) => `[${shape.join()}]`).join(" ")} ${JSON.stringify(attrs)}`;
}
