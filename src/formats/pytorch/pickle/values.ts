/** What a pickle describes, as inert data: nothing here is ever called. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Sequence
  | Dict
  | Global
  | Thing
  | StorageRef
  | TensorRef;

/** A list, tuple, set or frozenset, in the order of the file. */
export interface Sequence {
  readonly kind: "list" | "tuple" | "set";
  readonly items: Value[];
}
/** A dict or an OrderedDict, in the order of the file. */
export interface Dict {
  readonly kind: "dict";
  readonly entries: Map<Value, Value>;
}
/** The name of a class or function. */
export interface Global {
  readonly kind: "global";
  readonly name: string;
}
/** An object of any other class: its name, what it was made from, and its attributes. */
export interface Thing {
  readonly kind: "object";
  readonly className: string;
  readonly args: Value;
  /** Entries of a subclass of dict or list. */
  readonly held: Dict;
  state: Value;
}
/** A piece of the file that tensors view. */
export interface StorageRef {
  readonly kind: "storage";
  /** Its name in the file. */
  readonly key: string;
  /** Element type; null where it is bytes. */
  readonly type: string | null;
  /** Elements (bytes where the type is null). */
  readonly count: number;
  /** Where it begins in another storage, in elements (files before PyTorch 1.6). */
  readonly view: { readonly key: string; readonly offset: number } | null;
}
/** A view of a storage; offset and strides are in elements. */
export interface TensorRef {
  readonly kind: "tensor";
  readonly storage: StorageRef;
  readonly type: string;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly requiresGrad: boolean;
}

const kindOf = (value: Value | undefined): string | null =>
  typeof value === "object" && value !== null ? value.kind : null;
/** Whether a value is a dict or an OrderedDict; objects of other subclasses are none. */
export const isDict = (value: Value | undefined): value is Dict => kindOf(value) === "dict";
/** Whether a value is a tensor; its numbers lie in a storage. */
export const isTensor = (value: Value | undefined): value is TensorRef =>
  kindOf(value) === "tensor";
/** Whether a value is an object of a class without a meaning of its own here: a module, say. */
export const isThing = (value: Value | undefined): value is Thing => kindOf(value) === "object";
/** Whether a value is the name of a class or function. */
export const isGlobal = (value: Value | undefined): value is Global => kindOf(value) === "global";
/** Whether a value refers to a storage. */
export const isStorage = (value: Value | undefined): value is StorageRef =>
  kindOf(value) === "storage";
/** Whether a value is a list, a tuple or a set. */
export const isSequence = (value: Value | undefined): value is Sequence =>
  ["list", "tuple", "set"].includes(kindOf(value) ?? "");

/** A key as text: of dicts they may be anything. */
export const keyText = (key: Value | undefined): string =>
  typeof key === "string" || typeof key === "number" ? String(key) : "?";

/** What makes a pickle unreadable, in words. */
export class PickleError extends Error {}
