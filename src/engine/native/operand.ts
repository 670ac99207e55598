import type { DType, Shape } from "../../base/tensor.ts";

/** An input of a TensorFlow node: `name` is what NodeDef.input takes. */
export interface Operand {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}
