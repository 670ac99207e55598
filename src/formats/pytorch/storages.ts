/** Persistent ids of PyTorch's pickles: pieces of the file, and classes with their source code (which is passed over). */
import { elementBytes } from "../tensors/elements.ts";
import type { Storage, StoredTensor } from "../tensors/stored.ts";
import {
  isGlobal,
  isSequence,
  keyText,
  PickleError,
  type TensorRef,
  type Value,
} from "./pickle/values.ts";

const TYPES: ReadonlyMap<string, string | null> = new Map([
  ["FloatStorage", "float32"],
  ["DoubleStorage", "float64"],
  ["HalfStorage", "float16"],
  ["BFloat16Storage", "bfloat16"],
  ["LongStorage", "int64"],
  ["IntStorage", "int32"],
  ["ShortStorage", "int16"],
  ["CharStorage", "int8"],
  ["ByteStorage", "uint8"],
  ["BoolStorage", "bool"],
  ["ComplexFloatStorage", "complex64"],
  ["ComplexDoubleStorage", "complex128"],
  ["QInt8Storage", "qint8"],
  ["QUInt8Storage", "quint8"],
  ["QInt32Storage", "qint32"],
  ["UntypedStorage", null],
]);

/** ('storage', class, key, device, count, view) or ('module', class, file, source code). */
export function persistent(id: Value): Value {
  const items = isSequence(id) ? id.items : [];
  const [what, type, key, , count, view] = items;
  if (what === "module") return type ?? null;
  const name = isGlobal(type) ? type.name.slice(type.name.lastIndexOf(".") + 1) : "";
  if (what !== "storage" || !TYPES.has(name) || typeof count !== "number" || !(count >= 0))
    throw new PickleError("a reference that is no storage of PyTorch");
  const [, offset] = isSequence(view) ? view.items : [];
  return {
    ...{ kind: "storage", key: keyText(key), type: TYPES.get(name) ?? null, count },
    view: typeof offset === "number" ? { key: keyText(key), offset } : null,
  };
}

const WIDE: Readonly<Record<string, number>> = { complex64: 8, complex128: 16, qint32: 4 };
/** Bytes of one element, of types that are not read too. */
export const widthOf = (type: string | null): number =>
  type === null ? 1 : (elementBytes(type) ?? WIDE[type] ?? 1);

/** A tensor on the storage that holds its numbers. */
export function stored(name: string, tensor: TensorRef, storage: Storage): StoredTensor {
  const { type, shape, strides, offset } = tensor;
  return { name, type, shape, strides, offset, storage };
}
