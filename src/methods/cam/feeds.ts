import type { FloatTensor, TensorData } from "../../base/tensor.ts";
import type { NodeId } from "../../graph/index.ts";
import { unitOf } from "../inspect/scores.ts";
import { repeat } from "../repeat.ts";
import type { Inputs, Scores, Subject } from "../types.ts";

/** One row per class, +1 or -1 at the unit that speaks for it. */
export function seedOf(scores: Scores, classes: readonly number[]): FloatTensor {
  const units = scores.binary ? 1 : scores.classes;
  const data = new Float32Array(classes.length * units);
  classes.forEach((classIndex, row) => {
    const { unit, sign } = unitOf(scores, classIndex);
    data[row * units + unit] = sign;
  });
  return { dtype: "float32", shape: [classes.length, units], data };
}

/** The values of the model inputs `ids`, repeated for `rows` rows. */
export function besidesOf(
  { graph }: Subject,
  inputs: Inputs,
  ids: readonly NodeId[],
  rows: number,
): TensorData[] {
  return ids.map((id) => {
    const value = inputs[graph.inputs.findIndex(({ node }) => node === id)];
    if (!value) throw new RangeError(`no value for input '${id}'`);
    return repeat(value, rows);
  });
}
