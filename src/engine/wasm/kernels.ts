import type { NamedAttrMap, TensorInfo } from "@tensorflow/tfjs-core";
import {
  type Definition,
  definitions,
  type Made,
  type NodeOf,
  type Typed,
} from "../../graph/index.ts";
import type { Heap } from "./heap.ts";

/** A tensor in the WebAssembly heap. Every one that is returned by a kernel holds one reference to its data. */
export type Tensor = TensorInfo;
type Loop = (out: Float32Array, ...inputs: Float32Array[]) => void;

/** Calls the kernels of TensorFlow.js on behalf of one node, and keeps track of what they made. */
export class Kernels {
  /** Tensors made since the last `settle`. */
  private made: Tensor[] = [];

  constructor(private readonly heap: Heap) {}

  /** Runs a kernel by its TensorFlow.js name. */
  run(
    name: string,
    inputs: Readonly<Record<string, Tensor>>,
    attrs: Readonly<Record<string, unknown>> = {},
  ): Tensor {
    const kernel = this.heap.find(name, "wasm");
    const args = {
      // concatenation takes its inputs as an array
      inputs: (name === "Concat" ? Object.values(inputs) : inputs) as Record<string, Tensor>,
      attrs: attrs as NamedAttrMap,
      backend: this.heap.backend,
    };
    const out = kernel.kernelFunc(args);
    const tensor = Array.isArray(out) ? out[0] : out;
    if (!tensor) throw new Error(`the kernel ${name} gave nothing`);
    this.made.push(tensor);
    return tensor;
  }

  /** Another reference to the data of `x`. */
  same(x: Tensor): Tensor {
    return this.run("Identity", { x });
  }

  /** Fills a new tensor by a loop in JavaScript over the heap. */
  plain(
    shape: readonly number[],
    inputs: readonly Tensor[],
    loop: Loop,
    dtype: Tensor["dtype"] = "float32",
  ): Tensor {
    const out = this.make(shape, dtype);
    loop(this.view(out), ...inputs.map((x) => this.view(x)));
    return out;
  }
  private make(shape: readonly number[], dtype: Tensor["dtype"]): Tensor {
    const out = this.heap.backend.makeOutput([...shape], dtype);
    this.made.push(out);
    return out;
  }
  /** Taken last: making an output may move the heap. Whole numbers and truth values are arrays of their own kinds. */
  private view(x: Tensor): Float32Array {
    return this.heap.backend.typedArrayFromHeap(x) as Float32Array;
  }

  /** Computes a node by what it is defined as, in JavaScript over the heap. */
  defined<K extends Made>({ op, attrs }: NodeOf<K>, inputs: readonly Tensor[]): Tensor {
    const { shape, cells }: Definition<K> = definitions[op];
    const typed = shape(inputs as readonly Typed[], attrs);
    const call = { attrs, inputs, shape: typed.shape.map(Number) };
    const out = this.make(call.shape, typed.dtype);
    const known = inputs.map((x) => ({ shape: x.shape, data: this.view(x) }));
    cells(this.view(out), known, call);
    return out;
  }

  /** Frees all that was made since the last call, except `kept`. */
  settle(kept: Tensor | null): void {
    for (const tensor of this.made)
      if (tensor !== kept) this.heap.backend.disposeData(tensor.dataId);
    this.made = [];
  }
}
