/** What TorchScript's code computes with while it is followed: tensors are names of the program that is written down, the rest is known. */
import { Unsupported } from "../lower/unsupported.ts";
import { isRef, type Arg, type Ref } from "../pt2/schema.ts";
import {
  isDict,
  isSequence,
  isTensor,
  isThing,
  type TensorRef,
  type Thing,
  type Value,
} from "../pytorch/pickle/values.ts";

export type Known = null | boolean | number | string | Ref | Known[] | Dict | Instance | Global;
export type Dict = Map<Known, Known>;
/** An object of a class of the archive: a module, or what has attributes only. */
export interface Instance {
  readonly kind: "instance";
  readonly className: string;
  /** Its dotted place in the network; '' for the network. */
  readonly path: string;
  readonly attributes: Map<string, Known>;
}
/** A function or class, by its dotted name: `torch.conv2d`, `__torch__.torch.nn.functional.relu`. */
export interface Global {
  readonly kind: "global";
  readonly name: string;
}

export const isInstance = (value: Known | undefined): value is Instance =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "instance";
export const isGlobal = (value: Known | undefined): value is Global =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "global";
export const isTensorName = (value: Known | undefined): value is Ref =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map) &&
  "ref" in value;
/** A number, a truth value counting as one; null for everything else. */
export const numberOf = (value: Known | undefined): number | null =>
  typeof value === "number" ? value : typeof value === "boolean" ? +value : null;

/** Throws `Unsupported` for what no operator takes. */
export function asArg(value: Known): Arg {
  if (Array.isArray(value)) return value.map(asArg);
  if (isTensorName(value)) return value;
  if (value === null || typeof value !== "object") return value;
  throw new Unsupported("an operator takes what is no tensor and no number");
}
export const asKnown = (arg: Arg | Ref[]): Known =>
  Array.isArray(arg) ? arg.map(asKnown) : isRef(arg) ? arg : (arg as Known);

/** What pickles of TorchScript wrap around lists: `restore_type_tag(value, "List[int]")`, `build_intlist(value)`. */
const WRAPPERS = /^torch\.jit\._pickle\.(restore_type_tag|build_\w+list)$/;
const MAX_DEPTH = 100;

/** What a pickle holds; tensors become parameters by their place, through `parameter`. */
export function unpickled(
  root: Value,
  parameter: (name: string, tensor: TensorRef, owner: Thing | null) => Ref,
): Known {
  const made = new Map<Thing, Instance>();
  let depth = 0;
  const attributesOf = (thing: Thing, path: string): Instance => {
    const known = made.get(thing);
    if (known) return known;
    const attributes = new Map<string, Known>();
    const found = { kind: "instance", className: thing.className, path, attributes } as const;
    made.set(thing, found);
    if (isDict(thing.state))
      for (const [key, value] of thing.state.entries)
        if (typeof key === "string")
          attributes.set(key, read(value, path === "" ? key : `${path}.${key}`, thing));
    return found;
  };
  const read = (value: Value, path: string, owner: Thing | null): Known => {
    if (++depth > MAX_DEPTH) throw new Unsupported("its objects nest without end");
    const result = ((): Known => {
      if (typeof value === "bigint") return Number(value);
      if (value === null || typeof value !== "object") return value;
      if (isTensor(value)) return parameter(path, value, owner);
      if (isSequence(value)) return value.items.map((item, i) => read(item, `${path}.${i}`, owner));
      if (isDict(value))
        return new Map(
          [...value.entries].map(([key, item]) => [
            read(key, path, owner),
            read(item, `${path}.${typeof key === "string" ? key : "?"}`, owner),
          ]),
        );
      if (isThing(value) && WRAPPERS.test(value.className))
        return read((isSequence(value.args) ? value.args.items[0] : null) ?? null, path, owner);
      if (isThing(value)) return attributesOf(value, path);
      return null;
    })();
    depth--;
    return result;
  };
  return read(root, "", null);
}
