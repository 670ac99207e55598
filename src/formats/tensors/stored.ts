import { at } from "../../base/at.ts";
import { inputError } from "../../base/errors.ts";
import { copyStrided } from "../../base/strided.ts";
import { sizeOf, type TensorData } from "../../base/tensor.ts";
import { readBytes, type ByteSource } from "../bytes/source.ts";
import { decodeElements, elementBytes, swapBytes } from "./elements.ts";

/** Where a tensor's numbers lie: one piece of the file, which several tensors may share. */
export interface Storage {
  readonly bytes: number;
  open(): ByteSource;
  readonly bigEndian: boolean;
}

/** A tensor as the file keeps it: a view on a storage. Nothing is read before it is asked for. */
export interface StoredTensor {
  readonly name: string;
  /** PyTorch's name of the element type: `float32`, `bfloat16`, ... */
  readonly type: string;
  /** The file's own element type, where its reader hands over another. */
  readonly keptAs?: string;
  readonly shape: readonly number[];
  /** Per axis and in elements, as `offset` is. */
  readonly strides: readonly number[];
  readonly offset: number;
  readonly storage: Storage;
}

/** Strides, in elements, of a tensor whose elements lie one after the other. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= Math.max(1, at(shape, axis));
  }
  return strides;
}

/** Elements from the first to the last that a view touches. */
const spanOf = ({ shape, strides }: StoredTensor): number =>
  shape.includes(0) ? 0 : 1 + shape.reduce((sum, n, axis) => sum + (n - 1) * at(strides, axis), 0);

/** Throws a ConvLensError of kind `input` for a tensor of the file that cannot lie where it says; `cure` ends the sentence. */
export function checkPlaces(tensors: Iterable<StoredTensor>, file: string, cure: string): void {
  for (const tensor of tensors) {
    const reason = misplaced(tensor);
    if (reason !== null)
      throw inputError(`'${file}' says of '${tensor.name}' what cannot be (${reason}); ${cure}.`);
  }
}

/** Why a tensor cannot lie where it says, or null: its view must be inside its storage's bytes. */
function misplaced(tensor: StoredTensor): string | null {
  const { shape, strides, offset, type, storage } = tensor;
  // of types that are not read at least a byte each is there
  const size = elementBytes(type) ?? 1;
  const numbers = [...shape, ...strides, offset];
  if (strides.length !== shape.length || !numbers.every((n) => Number.isSafeInteger(n) && n >= 0))
    return "its shape and strides make no tensor";
  if ((offset + spanOf(tensor)) * size > storage.bytes)
    return `it needs ${(offset + spanOf(tensor)) * size} bytes of ${storage.bytes}`;
  return null;
}

/** The tensor with its axes in another order: `perm[i]` is the axis that becomes the i-th. */
export const permuted = (tensor: StoredTensor, perm: readonly number[]): StoredTensor => ({
  ...tensor,
  shape: perm.map((axis) => at(tensor.shape, axis)),
  strides: perm.map((axis) => at(tensor.strides, axis)),
});

/** The numbers in row-major order. Throws a ConvLensError of kind `input` for types and views that are not read. */
export function readTensor(tensor: StoredTensor): TensorData {
  const { name, type, shape, offset, storage } = tensor;
  const size = elementBytes(type);
  if (size === null)
    throw inputError(`'${name}' is stored as ${type}, which is not read; save it as float32.`);
  const source = storage.open();
  // a view that repeats its elements could declare any size
  if (sizeOf(shape) * size > storage.bytes)
    throw inputError(
      `'${name}' in '${source.name}' declares more numbers than are stored; save a contiguous copy of it.`,
    );
  const bytes = readBytes(source, offset * size, spanOf(tensor) * size);
  if (storage.bigEndian) swapBytes(bytes, size);
  const span = decodeElements(bytes, type, shape);
  const inOrder = rowMajor(shape).every(
    (step, axis) => shape[axis] === 1 || step === tensor.strides[axis],
  );
  return inOrder ? span : { ...span, data: gather(span.data, tensor) };
}

function gather(
  from: TensorData["data"],
  { shape, strides }: StoredTensor,
): Float32Array | Int32Array {
  const total = sizeOf(shape);
  const out = from instanceof Float32Array ? new Float32Array(total) : new Int32Array(total);
  return copyStrided(from, out, shape, strides);
}
