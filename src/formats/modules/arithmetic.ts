/** Short words for what blocks do with tensors. */
import type { Ref } from "../pt2/schema.ts";
import type { Walk } from "./module.ts";

type Operand = Ref | number;
/** Operators by what they do; axes and sizes as PyTorch has them. */
export interface Arithmetic {
  add(a: Operand, b: Operand): Ref;
  sub(a: Operand, b: Operand): Ref;
  mul(a: Operand, b: Operand): Ref;
  matmul(a: Ref, b: Ref): Ref;
  cat(tensors: readonly Ref[], dim: number): Ref;
  view(x: Ref, size: readonly number[]): Ref;
  permute(x: Ref, dims: readonly number[]): Ref;
  transpose(x: Ref, dim0: number, dim1: number): Ref;
  split(x: Ref, sizes: readonly number[], dim: number): readonly Ref[];
  sigmoid(x: Ref): Ref;
  softmax(x: Ref, dim: number): Ref;
  /** `count` real numbers from `start` on. */
  counted(start: number, count: number): Ref;
  expand(x: Ref, size: readonly number[]): Ref;
  full(size: readonly number[], value: number): Ref;
}
export const arithmetic = (walk: Walk): Arithmetic => ({
  add: (self, other) => walk.op("add", { self, other }),
  sub: (self, other) => walk.op("sub", { self, other }),
  mul: (self, other) => walk.op("mul", { self, other }),
  matmul: (self, other) => walk.op("matmul", { self, other }),
  cat: (tensors, dim) => walk.op("cat", { tensors, dim }),
  view: (self, size) => walk.op("view", { self, size }),
  permute: (self, dims) => walk.op("permute", { self, dims }),
  transpose: (self, dim0, dim1) => walk.op("transpose", { self, dim0, dim1 }),
  split: (self, sizes, dim) => walk.ops("split_with_sizes", { self, split_sizes: sizes, dim }),
  sigmoid: (self) => walk.op("sigmoid", { self }),
  softmax: (self, dim) => walk.op("softmax", { self, dim }),
  counted: (start, count) => walk.op("arange", { start, end: start + count, dtype: "float32" }),
  expand: (self, size) => walk.op("expand", { self, size }),
  full: (size, value) => walk.op("full", { size, fill_value: value }),
});
