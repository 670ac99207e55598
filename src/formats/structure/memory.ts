/** Tensors whose numbers are in memory: constants that a structure keeps. */
import type { TensorData } from "../../base/tensor.ts";
import { MemorySource, type ByteSource } from "../bytes/source.ts";
import { rowMajor, type StoredTensor } from "../tensors/stored.ts";

/** Stands where a file would. */
export const NO_FILE: ByteSource = {
  name: "memory",
  size: 0,
  readInto: () => 0,
  close: () => undefined,
};

/** `bytes` are little-endian and row-major. */
export function inMemory(
  name: string,
  type: string,
  shape: readonly number[],
  bytes: Uint8Array,
): StoredTensor {
  const storage = {
    bytes: bytes.length,
    bigEndian: false,
    open: () => new MemorySource(name, bytes, NO_FILE),
  };
  return { name, type, shape, strides: rowMajor(shape), offset: 0, storage };
}

/** Numbers as they arrive in a graph, as a tensor; `isBool` where they are truths. */
export function ofNumbers(
  name: string,
  { shape, data }: TensorData,
  isBool: boolean,
): StoredTensor {
  const floats = data instanceof Float32Array;
  const typed = isBool ? Uint8Array.from(data) : floats ? data : Int32Array.from(data);
  const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
  return inMemory(name, isBool ? "bool" : floats ? "float32" : "int32", shape, bytes);
}

/** A count of training steps that nobody saved. */
export const zeroCounter = (name: string): StoredTensor =>
  inMemory(name, "int32", [], new Uint8Array(4));
