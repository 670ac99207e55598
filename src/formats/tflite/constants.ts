import { inputError } from "../../base/errors.ts";
import type { Parameter } from "../lower/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import { dtypeOf, readTensor } from "./elements.ts";
import type { TfliteTensor } from "./types.ts";

/** The file's tensors by their index, and the constants among them as parameters. */
export class Constants {
  constructor(
    private readonly tensors: readonly TfliteTensor[],
    private readonly source: ByteSource,
  ) {}

  /** Throws a ConvLensError of kind `input` for an index that the file does not have. */
  tensor(index: number): TfliteTensor {
    const tensor = this.tensors[index];
    if (tensor) return tensor;
    throw inputError(
      `'${this.source.name}' refers to its tensor ${index}, and has only ${this.tensors.length}; convert the model again.`,
    );
  }

  /**
   * A constant, called by its index as tensors may share a name; null where it holds no numbers. Throws a ConvLensError of kind
   * `input` when the tensor is none and `user` comes before what computes it.
   */
  parameter(index: number, user: string): Parameter | null {
    const tensor = this.tensor(index);
    if (!tensor.data)
      throw inputError(
        `'${this.source.name}' uses the tensor '${tensor.name}' (${user}) before anything computes it; convert the model again.`,
      );
    if (tensor.type === null) return null;
    const { shape } = tensor;
    return {
      ...{ kind: "parameter", name: String(index), ref: String(index), shape, fileShape: shape },
      dtype: dtypeOf(tensor),
      read: () => readTensor(tensor, this.source),
    };
  }
}
