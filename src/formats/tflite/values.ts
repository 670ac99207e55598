import { inputError } from "../../base/errors.ts";
import { sizeOf } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import { MAX_HOST, type HostTensor } from "./host.ts";
import type { Value } from "./scope.ts";
import { readTensor } from "./store.ts";
import type { TfliteTensor } from "./types.ts";

const MAX_HOST_FLOATS = 64;

/** What stands for each tensor while the graph is built: constants of the file, and what operators made. */
export class Values {
  private readonly made = new Map<number, Value>();
  private readonly hosts = new Map<TfliteTensor, HostTensor | null>();

  constructor(
    private readonly tensors: readonly TfliteTensor[],
    private readonly source: ByteSource,
  ) {}

  tensor(index: number): TfliteTensor {
    const tensor = this.tensors[index];
    if (tensor) return tensor;
    throw inputError(
      `'${this.source.name}' refers to its tensor ${index}, and has only ${this.tensors.length}; convert the model again.`,
    );
  }
  /** Throws a ConvLensError of kind `input` when `user` comes before what computes it. */
  get(index: number, user: string): Value {
    const known = this.made.get(index);
    if (known) return known;
    const tensor = this.tensor(index);
    if (!tensor.data)
      throw inputError(
        `'${this.source.name}' uses the tensor '${tensor.name}' (${user}) before anything computes it; convert the model again.`,
      );
    return { kind: "stored", tensor };
  }
  set(index: number, value: Value): void {
    this.made.set(index, value);
  }
  /** A few numbers of a constant, where that is all it holds. */
  host(tensor: TfliteTensor): HostTensor | null {
    const known = this.hosts.get(tensor);
    if (known !== undefined) return known;
    const float = tensor.quantization !== null || (tensor.type?.startsWith("float") ?? true);
    const size = sizeOf(tensor.shape);
    const readable = tensor.type !== null && !tensor.sparse && tensor.data !== null;
    let host: HostTensor | null = null;
    if (readable && size >= 0 && size <= (float ? MAX_HOST_FLOATS : MAX_HOST)) {
      const { data, shape, dtype } = readTensor(tensor, this.source);
      host = { shape, dtype, values: [...data] };
    }
    this.hosts.set(tensor, host);
    return host;
  }
}
